import { readFile } from "node:fs/promises";
import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Clock } from "../../../mesh/ports.ts";
import type { Connection, Material } from "../kubeconfig/connection.ts";
import type { Credential, ExecCredentials } from "./execCredentials.ts";

/** What one request signs itself with. Secret. */
export interface Signature {
  /** Names and values in order; a name may come twice. */
  readonly headers: readonly (readonly [string, string])[];
  readonly tls: Tls;
  /** The token among the headers, if they hold one. */
  readonly bearer: string | undefined;
  readonly credential: Credential | undefined;
}

export interface Tls {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

const readAgainAfterMs = 10_000;

/** Signs requests of one connection: tokens and certificates from text, files (read again) or a plugin. */
export class Authority {
  readonly #connection: Connection;
  readonly #exec: ExecCredentials | undefined;
  readonly #clock: Clock;
  readonly #files = new Map<string, { readonly text: string; readonly at: number }>();

  constructor(connection: Connection, exec: ExecCredentials | undefined, clock: Clock) {
    this.#connection = connection;
    this.#exec = exec;
    this.#clock = clock;
  }

  async sign(signal: AbortSignal): Promise<Signature> {
    const { identity, authority } = this.#connection;
    const { token, tokenFile, basic, impersonation } = identity;
    // As in client-go: the file wins over the token, both over a plugin; a plugin's certificate over none.
    const own = tokenFile === undefined ? token : (await this.#read(tokenFile, token)).trim();
    const needsPlugin = own === undefined && basic === undefined;
    const credential = needsPlugin ? await this.#exec?.get(signal) : undefined;
    const bearer = own ?? credential?.token;
    const authorization =
      bearer !== undefined
        ? `Bearer ${bearer}`
        : basic && `Basic ${Buffer.from(`${basic.username}:${basic.password}`).toString("base64")}`;
    return {
      bearer,
      headers: [...(authorization === undefined ? [] : [["Authorization", authorization] as const]), ...impersonation],
      tls: {
        ca: await this.#material(authority),
        cert: credential?.cert ?? (await this.#material(identity.cert)),
        key: credential?.key ?? (await this.#material(identity.key)),
      },
      credential,
    };
  }

  /** The server answered 401. True if signing again may give something else. */
  refused({ credential }: Signature): boolean {
    const hadFiles = this.#files.size > 0;
    this.#files.clear();
    if (credential) this.#exec?.refuse(credential);
    return credential !== undefined || (hadFiles && this.#connection.identity.tokenFile !== undefined);
  }

  async #material(material: Material | undefined): Promise<string | undefined> {
    if (!material) return undefined;
    return "data" in material ? material.data.toString("utf8") : await this.#read(material.file, undefined);
  }

  async #read(file: string, otherwise: string | undefined): Promise<string> {
    const known = this.#files.get(file);
    if (known && this.#clock.now() - known.at < readAgainAfterMs) return known.text;
    try {
      const text = await readFile(file, "utf8");
      this.#files.set(file, { text, at: this.#clock.now() });
      return text;
    } catch (e) {
      if (otherwise !== undefined) return otherwise;
      const code = e instanceof Error && "code" in e ? String(e.code) : "?";
      throw new MeshError(
        "misconfigured",
        say(
          "The file {0} that context {1} signs in with could not be read: {2}.",
          file,
          this.#connection.context,
          code,
        ),
      );
    }
  }
}
