import { MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import { redact } from "../../../mesh/redact.ts";

/** What was tried. `resource` as `kubectl auth can-i` takes it: "pods", "virtualservices.networking.istio.io". */
export interface Attempt {
  readonly verb: string;
  readonly resource: string;
  /** Absent where the whole cluster was asked. */
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** Where it was tried, and how its user signs in again. */
export interface Place {
  readonly context: string;
  /** Host and port of the API server. */
  readonly host: string;
  readonly signIn: Message;
}

/** metav1.Status as far as it explains a failure. */
interface Status {
  readonly message: string;
  readonly reason: string;
  readonly causes: readonly { readonly reason: string; readonly message: string; readonly field: string }[];
}

/** The failure behind a status of 400 or more. `body` is what came with it, a Status or anything else. */
export function statusFailure(status: number, body: string, attempt: Attempt, place: Place): MeshError {
  const told = statusOf(body);
  const what = nameOf(attempt);
  const { context } = place;
  // Webhooks choose their own code, often 403, so the message decides.
  if (/admission webhook .* denied/.test(told.message)) return refused(told, what, context);
  switch (status) {
    case 401:
      return new MeshError(
        "unauthorized",
        say("The cluster of context {0} does not accept the sign-in; it may have expired.", context),
        { hint: place.signIn },
      );
    case 403:
      return forbidden(attempt, place);
    case 404:
      return notFound(attempt, context);
    case 409:
      return conflict(told, what, context);
    case 410:
      return new MeshError(
        "expired",
        say("The cluster of context {0} no longer knows that state of {1}.", context, what),
        {
          hint: say("It is listed again."),
        },
      );
    case 400:
    case 422:
      return refused(told, what, context);
    case 429:
      return new MeshError(
        "throttled",
        say("The cluster of context {0} gets too many requests to {1} {2}.", context, attempt.verb, what),
        {
          hint: say("Try again in a while, or show fewer namespaces."),
        },
      );
    case 405:
    case 406:
    case 415:
      return new MeshError(
        "unsupported",
        say("The cluster of context {0} cannot {1} {2}.", context, attempt.verb, what),
      );
    default: {
      const words = say(
        "The API server of context {0} answered {1} to {2} {3}: {4}",
        context,
        status,
        attempt.verb,
        what,
        short(told.message),
      );
      const hint = say("The server or something in front of it is in trouble; try again, or ask who runs it.");
      return new MeshError("unreachable", words, { hint });
    }
  }
}

function notFound(attempt: Attempt, context: string): MeshError {
  return attempt.name === undefined
    ? new MeshError("not-found", say("The cluster of context {0} has no {1}.", context, attempt.resource), {
        hint: say("Its kind may have been removed, or is served in another version."),
      })
    : new MeshError("not-found", say("There is no {0} in the cluster of context {1}.", nameOf(attempt), context));
}

function forbidden(attempt: Attempt, { context }: Place): MeshError {
  const { verb, resource, namespace } = attempt;
  const words =
    namespace === undefined
      ? say("You may not {0} {1} in the whole cluster of context {2}.", verb, resource, context)
      : say("You may not {0} {1} in namespace {2} of context {3}.", verb, resource, namespace, context);
  return new MeshError("forbidden", words, {
    hint: say("Ask for the right, and check it with: {0}", canI(attempt, context)),
  });
}

/** The line that tells a user in a terminal whether they may do it. */
export function canI({ verb, resource, namespace }: Attempt, context: string): string {
  const [plain = "", sub] = resource.split("/");
  const scope = namespace === undefined ? "--all-namespaces" : `--namespace ${quoted(namespace)}`;
  const part = sub === undefined ? "" : ` --subresource=${quoted(sub)}`;
  return `kubectl auth can-i ${verb} ${quoted(plain)}${part} ${scope} --context ${quoted(context)}`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

// Server-side apply names an owner a cause: 'conflict with "kubectl" using v1' and the field.
function conflict(told: Status, what: string, context: string): MeshError {
  const owners = told.causes.filter(({ reason }) => reason === "FieldManagerConflict");
  if (owners.length === 0) {
    return new MeshError(
      "conflict",
      say("{0} in context {1} was changed by someone else meanwhile, or is there already.", what, context),
      {
        hint: say("Read it again and repeat the change."),
      },
    );
  }
  const list = owners.map(({ message, field }) => `${field} (${message.replace(/^conflicts? with /, "")})`).join(", ");
  return new MeshError(
    "conflict",
    say("Others own fields of {0} in context {1}: {2}", what, context, short(list, 2000)),
    {
      hint: say("Change them where their owner keeps them, or take them over on purpose."),
    },
  );
}

function refused(told: Status, what: string, context: string): MeshError {
  const causes = told.causes.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  return new MeshError(
    "invalid",
    say("The cluster of context {0} refuses {1}: {2}", context, what, short(causes || told.message, 1000)),
  );
}

/** The failure behind an error of a socket, of TLS or of a name lookup. */
export function networkFailure(e: unknown, attempt: Attempt, { context, host }: Place): MeshError {
  const code = e instanceof Error && "code" in e ? String(e.code) : "";
  const options = (hint: Message) => ({ cause: e, hint });
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return new MeshError("unreachable", say("The address {0} of context {1} was not found.", host, context), {
      ...options(say("Check the network or VPN, and the server in the kubeconfig.")),
    });
  }
  if (code === "ECONNREFUSED") {
    return new MeshError("unreachable", say("Nothing listens at {0}, the server of context {1}.", host, context), {
      ...options(say("Is the cluster running? Check the server in the kubeconfig.")),
    });
  }
  const proxy = e instanceof Error ? /^Bad response: (\d+)$/.exec(e.message)?.[1] : undefined;
  if (proxy !== undefined) {
    return new MeshError(
      "unreachable",
      say("The proxy on the way to {0} (context {1}) answered {2}.", host, context, proxy),
      {
        ...options(say("Check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY.")),
      },
    );
  }
  if (/CERT|ALTNAME|ISSUER|SELF_SIGNED|VERIFY/.test(code)) {
    return new MeshError(
      "unreachable",
      say("The certificate of {0} (context {1}) is not trusted: {2}.", host, context, code),
      {
        ...options(say("Check certificate-authority and tls-server-name in the kubeconfig (x509).")),
      },
    );
  }
  if (/^ERR_(SSL|TLS|OSSL|CRYPTO)|^EPROTO/.test(code)) {
    return new MeshError("unreachable", say("No secure connection to {0} (context {1}): {2}.", host, context, code), {
      ...options(say("The server may ask for another certificate, or speak no TLS at that port.")),
    });
  }
  if (code === "ERR_INVALID_CHAR") {
    return new MeshError(
      "misconfigured",
      say("The token or impersonation of context {0} holds characters that cannot be sent.", context),
      {
        hint: say("Check the user in the kubeconfig, and its token file."),
      },
    );
  }
  return new MeshError(
    "unreachable",
    say(
      "The connection to {0} (context {1}) broke while trying to {2} {3}: {4}.",
      host,
      context,
      attempt.verb,
      nameOf(attempt),
      code || "?",
    ),
    options(say("Check the network or VPN and try again.")),
  );
}

export function timeoutFailure(seconds: number, attempt: Attempt, { context, host }: Place): MeshError {
  return new MeshError(
    "timeout",
    say(
      "{0} (context {1}) did not answer within {2} s to {3} {4}.",
      host,
      context,
      seconds,
      attempt.verb,
      nameOf(attempt),
    ),
    { hint: say("Check the network or VPN and try again.") },
  );
}

export function badAnswer(why: Message, attempt: Attempt, { context, host }: Place): MeshError {
  return new MeshError(
    "bad-data",
    say("{0} (context {1}) gave no usable answer to {2} {3}.", host, context, attempt.verb, nameOf(attempt)),
    {
      hint: why,
    },
  );
}

/** "shop/pods/web" for people: namespace, resource and name, as far as there are. */
export function nameOf({ namespace, resource, name }: Attempt): string {
  return [namespace, resource, name].filter((part) => part !== undefined && part !== "").join("/");
}

function statusOf(body: string): Status {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return { message: /^\s*</.test(body) ? "HTML" : body.trim(), reason: "", causes: [] };
  }
  const { message, reason, details } = record(parsed);
  const { causes } = record(details);
  return {
    message: text(message),
    reason: text(reason),
    causes: (Array.isArray(causes) ? causes : []).map((cause: unknown) => {
      const found = record(cause);
      return { reason: text(found["reason"]), message: text(found["message"]), field: text(found["field"]) };
    }),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function short(message: string, most = 300): string {
  const clean = redact(message).replace(/\s+/g, " ").trim();
  return clean.length > most ? `${clean.slice(0, most)}…` : clean;
}
