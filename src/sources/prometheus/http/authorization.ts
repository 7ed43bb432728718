import { spawn } from "node:child_process";
import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Clock } from "../../../mesh/ports.ts";
import { leavable } from "./leavable.ts";
import type { Credentials } from "../settings.ts";
import { withTimeLimit } from "../../../mesh/timeLimit.ts";

/** Gives the Authorization header, if there is one to give. */
export interface Authorization {
  header(signal: AbortSignal): Promise<string | undefined>;
  /** After a 401: forgets what was given. True if asking again may give something else. */
  renew(): boolean;
}

const maxTokenBytes = 1 << 20;
const commandMillis = 60_000;
/** A token is not used during its last moments, so that it does not expire on the way. */
const earlyMillis = 10_000;

export function fixedAuthorization(credentials: Credentials | undefined): Authorization {
  const value = credentials && headerOf(credentials);
  return { header: () => Promise.resolve(value), renew: () => false };
}

function headerOf(credentials: Credentials): string {
  if ("bearer" in credentials) return `Bearer ${credentials.bearer.trim()}`;
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, "utf8").toString("base64")}`;
}

/** A bearer token that somebody else knows (the cluster's own); asked for each time, so that its renewal is seen. */
export function borrowedAuthorization(token: (signal: AbortSignal) => Promise<string | undefined>): Authorization {
  return {
    async header(signal) {
      const value = await token(signal);
      return value === undefined ? undefined : `Bearer ${value}`;
    },
    renew: () => false,
  };
}

/**
 * A token printed by a command: the token alone, or JSON with it (client.authentication.k8s.io's ExecCredential, or the
 * fields of an OAuth answer). One process for any number of callers; the token is kept until it expires or is refused.
 */
export function commandAuthorization(command: readonly string[], clock: Clock): Authorization {
  let token: Token | undefined;
  let running: Promise<Token> | undefined;

  async function current(): Promise<Token> {
    if (token && clock.now() < token.expiresAt - earlyMillis) return token;
    running ??= runCommand(command, clock).finally(() => (running = undefined));
    token = await running;
    return token;
  }

  return {
    async header(signal) {
      return `Bearer ${(await leavable(current(), signal)).value}`;
    },
    renew() {
      token = undefined;
      return true;
    },
  };
}

interface Token {
  readonly value: string;
  /** Milliseconds since 1970; infinite where nothing tells. */
  readonly expiresAt: number;
}

async function runCommand(command: readonly string[], clock: Clock): Promise<Token> {
  const [program = ""] = command;
  const late = (): MeshError =>
    new MeshError(
      "timeout",
      say("The token command {0} did not end within {1} seconds.", program, commandMillis / 1000),
    );
  const output = await withTimeLimit(
    { clock, milliseconds: commandMillis, late },
    new AbortController().signal,
    (signal) => outputOf(command, signal),
  );
  const token = parseToken(output);
  if (!token) {
    throw new MeshError("misconfigured", say("The token command {0} printed no token.", program), {
      hint: say("Run it in a terminal: it should print the token alone, or an ExecCredential."),
    });
  }
  return token;
}

function outputOf(command: readonly string[], signal: AbortSignal): Promise<string> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    // What it prints as an error is not shown: it may hold what it was given.
    const failed = (why: string): void =>
      reject(
        new MeshError("misconfigured", say("The token command {0} failed: {1}.", program, why), {
          hint: say("Run it in a terminal to see what it says."),
        }),
      );
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], windowsHide: true, signal });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxTokenBytes) child.kill();
      else chunks.push(chunk);
    });
    child.once("error", (e) => failed("code" in e ? String(e.code) : e.name));
    child.once("close", (code, killedBy) => {
      if (size > maxTokenBytes) failed("too much output");
      else if (code !== 0) failed(code === null ? String(killedBy) : `exit code ${code}`);
      else resolve(Buffer.concat(chunks).toString("utf8"));
    });
  });
}

/** Exported for its own tests: untrusted text in, a token or nothing out. */
export function parseToken(output: string): Token | undefined {
  const text = output.trim();
  if (text.startsWith("{")) return tokenFromJson(text);
  return /^[\x21-\x7e]+$/.test(text) ? { value: text, expiresAt: expiryOfJwt(text) } : undefined;
}

function tokenFromJson(text: string): Token | undefined {
  const whole = parseObject(text);
  const part = asObject(whole?.["status"]) ?? whole;
  const value = part?.["token"] ?? part?.["access_token"] ?? part?.["accessToken"];
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value)) return undefined;
  const stated = part?.["expirationTimestamp"];
  const expiresAt = typeof stated === "string" ? Date.parse(stated) : Number.NaN;
  return { value, expiresAt: Number.isNaN(expiresAt) ? expiryOfJwt(value) : expiresAt };
}

function expiryOfJwt(token: string): number {
  const [, payload, signature] = token.split(".");
  if (!payload || signature === undefined) return Infinity;
  const exp = parseObject(Buffer.from(payload, "base64url").toString("utf8"))?.["exp"];
  return typeof exp === "number" ? exp * 1000 : Infinity;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
}
