import path from "node:path";
import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Defined, Kubeconfig } from "./kubeconfig.ts";
import type { ClusterFields, ExecFields, UserFields } from "./kubeconfigFile.ts";

/** PEM bytes in place, or a file to read them from, absolute. */
export type Material = { readonly data: Buffer } | { readonly file: string };

export interface ExecPlugin extends ExecFields {
  /** The kubeconfig that defined the user, and the user's name: what credentials are cached by. */
  readonly file: string;
  readonly user: string;
  readonly command: string;
  readonly apiVersion: string;
}

export interface Identity {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly cert?: Material;
  readonly key?: Material;
  readonly exec?: ExecPlugin;
  /** Header names and values, in order. */
  readonly impersonation: readonly (readonly [string, string])[];
}

/** A context made ready to connect: one server and who asks. Holds secrets; never log it. */
export interface Connection {
  readonly context: string;
  /** Without a trailing slash; its path is part of every request. */
  readonly server: URL;
  readonly serverName: string | undefined;
  readonly skipVerify: boolean;
  readonly authority: Material | undefined;
  readonly proxyUrl: string | undefined;
  /** What an exec plugin is told of the cluster. */
  readonly clusterFields: ClusterFields;
  readonly identity: Identity;
}

/** Throws MeshErrors (misconfigured, unsupported) that name the context, the entry and the field. */
export function connectionOf(kubeconfig: Kubeconfig, context: string, mayRun: (file: string) => boolean): Connection {
  const entry = kubeconfig.contexts.find(({ name }) => name === context);
  if (!entry) {
    throw new MeshError("misconfigured", say("There is no context {0} in the kubeconfig.", context), {
      hint: say("Choose another context, or check the files: {0}.", kubeconfig.files.join(", ")),
    });
  }
  const cluster = kubeconfig.clusters.get(entry.cluster);
  if (!cluster) {
    throw new MeshError(
      "misconfigured",
      say("The context {0} names the cluster {1}, which the kubeconfig does not have.", context, entry.cluster),
    );
  }
  const user = kubeconfig.users.get(entry.user);
  if (!user && entry.user !== "") {
    throw new MeshError(
      "misconfigured",
      say("The context {0} names the user {1}, which the kubeconfig does not have.", context, entry.user),
    );
  }
  const authority = material(cluster, "certificate-authority");
  const skipVerify = cluster.fields["insecure-skip-tls-verify"] === true;
  if (skipVerify && authority) {
    throw new MeshError(
      "misconfigured",
      say("The cluster {0} has a certificate authority and insecure-skip-tls-verify; only one can be.", entry.cluster),
      { hint: say("Remove one of them from {0}.", cluster.file) },
    );
  }
  return {
    context,
    server: serverOf(cluster, entry.cluster, authority !== undefined || skipVerify),
    serverName: cluster.fields["tls-server-name"],
    skipVerify,
    authority,
    proxyUrl: cluster.fields["proxy-url"],
    clusterFields: cluster.fields,
    identity: user ? identityOf(user, entry.user, mayRun) : { impersonation: [] },
  };
}

// As client-go's DefaultServerURL: a server without a scheme is https where TLS is configured, else http.
function serverOf({ file, fields }: Defined<ClusterFields>, name: string, hasTls: boolean): URL {
  const { server } = fields;
  if (server === undefined) {
    throw new MeshError("misconfigured", say("The cluster {0} in {1} has no server address.", name, file));
  }
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(server) ? server : `${hasTls ? "https" : "http"}://${server}`);
    if (url.protocol !== "https:" && url.protocol !== "http:") throw new Error(url.protocol);
    url.pathname = url.pathname.replace(/\/+$/, "");
    url.search = url.hash = url.username = url.password = "";
    return url;
  } catch {
    // The address itself is left out: it may hold a password.
    throw new MeshError("misconfigured", say("The server address of the cluster {0} in {1} is not a URL.", name, file));
  }
}

function identityOf(user: Defined<UserFields>, name: string, mayRun: (file: string) => boolean): Identity {
  const { fields, file } = user;
  if (fields["auth-provider"]) {
    throw new MeshError(
      "unsupported",
      say(
        "The user {0} signs in with auth-provider {1}, which Kubernetes has removed.",
        name,
        fields["auth-provider"].name ?? "",
      ),
      { hint: say("Replace it in {0} by an exec credential plugin, as kubectl needs it too.", file) },
    );
  }
  const cert = material(user, "client-certificate");
  const key = material(user, "client-key");
  if ((cert === undefined) !== (key === undefined)) {
    throw new MeshError(
      "misconfigured",
      say("The user {0} in {1} has only one of client certificate and key.", name, file),
    );
  }
  const { token, tokenFile, username, password } = fields;
  const isBasic = username !== undefined || password !== undefined;
  if (isBasic && (token !== undefined || tokenFile !== undefined)) {
    throw new MeshError("misconfigured", say("The user {0} in {1} has both a token and a password.", name, file));
  }
  return {
    ...(token === undefined ? {} : { token }),
    ...(tokenFile === undefined ? {} : { tokenFile: tokenFileOf(user, tokenFile, mayRun) }),
    ...(isBasic ? { basic: { username: username ?? "", password: password ?? "" } } : {}),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(fields.exec ? { exec: execOf(user, name, mayRun) } : {}),
    impersonation: impersonationOf(fields, name, file),
  };
}

// A file's content goes to the server as a token, so a kubeconfig that is not trusted may only name its neighbours.
function tokenFileOf({ file }: Defined<UserFields>, tokenFile: string, mayRun: (file: string) => boolean): string {
  const resolved = path.resolve(path.dirname(file), tokenFile);
  const isOutside = !resolved.startsWith(path.dirname(file) + path.sep);
  if (isOutside && !mayRun(file)) throw notTrusted(file, resolved);
  return resolved;
}

function execOf({ file, fields }: Defined<UserFields>, user: string, mayRun: (file: string) => boolean): ExecPlugin {
  const exec = fields.exec ?? {};
  const { command, apiVersion } = exec;
  if (command === undefined || apiVersion === undefined) {
    throw new MeshError(
      "misconfigured",
      say("The exec plugin of the user {0} in {1} lacks its command or apiVersion.", user, file),
    );
  }
  if (!/^client\.authentication\.k8s\.io\/v1(beta1)?$/.test(apiVersion)) {
    throw new MeshError(
      "unsupported",
      say("The exec plugin of the user {0} speaks {1}; v1 and v1beta1 are understood.", user, apiVersion),
      { hint: say("Update the plugin and the user's entry in {0}.", file) },
    );
  }
  if (!mayRun(file)) throw notTrusted(file, command);
  // client-go resolves commands with a separator against the file and looks others up in PATH.
  const isPath = command.includes(path.sep) || command.includes("/");
  return { ...exec, file, user, apiVersion, command: isPath ? path.resolve(path.dirname(file), command) : command };
}

function notTrusted(file: string, what: string): MeshError {
  return new MeshError(
    "misconfigured",
    say("The kubeconfig {0} wants to use {1}, but it is not trusted.", file, what),
    {
      hint: say("Trust the workspace that the kubeconfig belongs to, or choose another kubeconfig."),
    },
  );
}

// Headers of k8s.io/api/authentication/v1, encoded like client-go's headerKeyEscape.
function impersonationOf(fields: UserFields, user: string, file: string): readonly (readonly [string, string])[] {
  const { as, "as-uid": uid, "as-groups": groups = [], "as-user-extra": extra = {} } = fields;
  const rest = [
    ...(uid === undefined ? [] : [["Impersonate-Uid", uid] as const]),
    ...groups.map((group) => ["Impersonate-Group", group] as const),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map((value) => [`Impersonate-Extra-${escapeHeaderKey(key)}`, value] as const),
    ),
  ];
  if (as !== undefined) return [["Impersonate-User", as], ...rest];
  if (rest.length === 0) return [];
  throw new MeshError("misconfigured", say("The user {0} in {1} impersonates groups without a user (as).", user, file));
}

function escapeHeaderKey(key: string): string {
  return Buffer.from(key, "utf8").reduce((text, byte) => {
    const c = String.fromCharCode(byte);
    return text + (/[!#$&'*+\-.^_`|~0-9A-Za-z]/.test(c) ? c : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`);
  }, "");
}

function material(
  { file, fields }: Defined<ClusterFields & UserFields>,
  name: "certificate-authority" | "client-certificate" | "client-key",
): Material | undefined {
  const data = fields[`${name}-data`];
  if (data !== undefined) return { data: Buffer.from(data, "base64") };
  const named = fields[name];
  return named === undefined ? undefined : { file: path.resolve(path.dirname(file), named) };
}
