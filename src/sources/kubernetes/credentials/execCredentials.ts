import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import type { Clock, Log } from "../../../mesh/ports.ts";
import { redact } from "../../../mesh/redact.ts";
import type { Connection, ExecPlugin } from "../kubeconfig/connection.ts";
import { SharedLoad } from "./sharedLoad.ts";
import { signInAdvice } from "./signInAdvice.ts";

/** What a plugin gave. Exactly as secret as a password. */
export interface Credential {
  readonly token: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** Milliseconds since 1970; undefined for "as long as it works". */
  readonly expiresAt: number | undefined;
}

export interface ExecOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long a plugin may take, sign-in in a browser included. */
  readonly limitMs: number;
}

const renewBeforeMs = 10_000;
const largestOutput = 1024 * 1024;

/** The credentials of one user of one kubeconfig file: one process, however many ask at the same time. */
export class ExecCredentials {
  readonly #plugin: ExecPlugin;
  readonly #connection: Connection;
  readonly #options: ExecOptions;
  readonly #load = new SharedLoad<Credential>();
  #current: Credential | undefined;

  constructor(plugin: ExecPlugin, connection: Connection, options: ExecOptions) {
    this.#plugin = plugin;
    this.#connection = connection;
    this.#options = options;
  }

  /** The credential at hand, or a new one where there is none or it is about to expire. */
  async get(signal: AbortSignal): Promise<Credential> {
    const { expiresAt } = this.#current ?? {};
    const isFresh = expiresAt === undefined || expiresAt - renewBeforeMs > this.#options.clock.now();
    if (this.#current && isFresh) return this.#current;
    this.#current = undefined;
    return await this.#load.join(async (stop) => (this.#current = await this.#run(stop)), signal);
  }

  /** The server did not take this one; the next `get` asks the plugin again, unless somebody already did. */
  refuse(credential: Credential): void {
    if (this.#current === credential) this.#current = undefined;
  }

  async #run(signal: AbortSignal): Promise<Credential> {
    const { command, args = [], user, interactiveMode } = this.#plugin;
    if (interactiveMode === "Always") {
      throw new MeshError(
        "unsupported",
        say("The credential plugin {0} of user {1} asks questions in a terminal.", command, user),
        {
          hint: signInAdvice(command, args),
        },
      );
    }
    const env: Record<string, string | undefined> = { ...this.#options.env };
    for (const { name = "", value = "" } of this.#plugin.env ?? []) if (name !== "") env[name] = value;
    env["KUBERNETES_EXEC_INFO"] = await this.#info();
    const started = this.#options.clock.now();
    const output = await this.#output(env, signal);
    this.#options.log.debug("credential plugin", { command, user, ms: this.#options.clock.now() - started });
    return this.#parse(output);
  }

  // ExecCredential of client.authentication.k8s.io: what the plugin may know of the request.
  async #info(): Promise<string> {
    const { apiVersion, provideClusterInfo } = this.#plugin;
    const spec = {
      interactive: false,
      ...(provideClusterInfo ? { cluster: await clusterInfo(this.#connection) } : {}),
    };
    return JSON.stringify({ kind: "ExecCredential", apiVersion, spec });
  }

  async #output(env: Record<string, string | undefined>, signal: AbortSignal): Promise<string> {
    const { clock, limitMs } = this.#options;
    const { command, args = [], user, installHint } = this.#plugin;
    const limit = new AbortController();
    const timer = clock.after(limitMs, () => limit.abort());
    try {
      const { code, output, errorOutput } = await runToEnd(
        { command, args, env },
        AbortSignal.any([signal, limit.signal]),
      );
      if (code === 0) return output;
      const said = redact(errorOutput.trim()).slice(-400);
      throw new MeshError(
        "unauthorized",
        say("The credential plugin {0} of user {1} failed with code {2}: {3}", command, user, code, said),
        { hint: signInAdvice(command, args) },
      );
    } catch (e) {
      if (signal.aborted || MeshError.is(e)) throw e;
      if (limit.signal.aborted && isAbort(e)) {
        throw new MeshError(
          "timeout",
          say("The credential plugin {0} of user {1} did not finish within {2} s.", command, user, limitMs / 1000),
          { hint: signInAdvice(command, args) },
        );
      }
      throw notStarted(e, command, user, installHint);
    } finally {
      timer.dispose();
    }
  }

  #parse(output: string): Credential {
    const { command, user, apiVersion } = this.#plugin;
    const bad = (what: Message) =>
      new MeshError("bad-data", say("The credential plugin {0} of user {1} gave no credential.", command, user), {
        hint: what,
      });
    let answer: unknown;
    try {
      answer = JSON.parse(output);
    } catch {
      throw bad(say("What it printed is not JSON. Run it in a terminal to see."));
    }
    const { kind, apiVersion: spoken, status } = record(answer);
    if (kind !== "ExecCredential" || spoken !== apiVersion) {
      throw bad(say("It should answer with an ExecCredential of {0}, as the kubeconfig says.", apiVersion));
    }
    const { token, clientCertificateData, clientKeyData, expirationTimestamp } = record(status);
    const found = { token: text(token), cert: text(clientCertificateData), key: text(clientKeyData) };
    if (found.token === undefined && (found.cert === undefined || found.key === undefined)) {
      throw bad(say("It gave neither a token nor a certificate with its key."));
    }
    const expiry = Date.parse(text(expirationTimestamp) ?? "");
    return { ...found, expiresAt: Number.isNaN(expiry) ? undefined : expiry };
  }
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

async function clusterInfo({ server, authority, clusterFields }: Connection): Promise<unknown> {
  const ca =
    authority && ("data" in authority ? authority.data : await readFile(authority.file).catch(() => undefined));
  const config = clusterFields.extensions?.find(({ name }) => name === "client.authentication.k8s.io/exec")?.extension;
  return {
    server: clusterFields.server ?? server.href,
    "tls-server-name": clusterFields["tls-server-name"],
    "insecure-skip-tls-verify": clusterFields["insecure-skip-tls-verify"],
    "certificate-authority-data": ca?.toString("base64"),
    "proxy-url": clusterFields["proxy-url"],
    "disable-compression": clusterFields["disable-compression"],
    config,
  };
}

function notStarted(e: unknown, command: string, user: string, installHint: string | undefined): MeshError {
  const code = e instanceof Error && "code" in e ? String(e.code) : "";
  const isBare = !/[/\\]/.test(command);
  const hint =
    installHint !== undefined
      ? say("{0}", redact(installHint).slice(0, 1000))
      : code === "ENOENT" && isBare
        ? say(
            "Install {0}, or make it visible: it was looked for in PATH, which may differ from your terminal's.",
            command,
          )
        : say("Check that {0} exists and may be run.", command);
  return new MeshError(
    "misconfigured",
    code === "ENOENT"
      ? say("The credential plugin {0} of user {1} was not found.", command, user)
      : say("The credential plugin {0} of user {1} could not be started ({2}).", command, user, code || "?"),
    { hint },
  );
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string | undefined>;
}

// Its own process group, so that what the plugin started goes with it.
function runToEnd({ command, args, env }: Command, signal: AbortSignal) {
  return new Promise<{ code: number; output: string; errorOutput: string }>((resolve, reject) => {
    const hasGroups = process.platform !== "win32";
    signal.throwIfAborted();
    const child = spawn(command, [...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: hasGroups,
      windowsHide: true,
    });
    const chunks = { output: "", errorOutput: "" };
    const kill = () => {
      try {
        if (hasGroups && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
        else child.kill("SIGKILL");
      } catch {
        // Already gone, which is what was wanted.
      }
    };
    const stop = () => {
      kill();
      child.stdout.destroy();
      child.stderr.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", stop, { once: true });
    for (const [stream, name] of [
      [child.stdout, "output"],
      [child.stderr, "errorOutput"],
    ] as const) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        chunks[name] += chunk;
        if (chunks[name].length > largestOutput) kill();
      });
    }
    child.once("error", (e) => {
      signal.removeEventListener("abort", stop);
      reject(e);
    });
    child.once("close", (code) => {
      signal.removeEventListener("abort", stop);
      resolve({ code: code ?? -1, ...chunks });
    });
  });
}
