import http from "node:http";
import https from "node:https";
import type { Connection } from "../kubeconfig/connection.ts";
import type { Tls } from "../credentials/authority.ts";

/** The socket pool of one connection. Made anew when certificates change; open requests keep the old one. */
export class Agents {
  readonly #connection: Connection;
  readonly #proxy: string | undefined;
  readonly #connectMs: number;
  readonly #all = new Set<http.Agent>();
  #held: { readonly tls: Tls; readonly agent: Promise<http.Agent> } | undefined;

  constructor(connection: Connection, proxy: string | undefined, connectMs: number) {
    this.#connection = connection;
    this.#proxy = proxy;
    this.#connectMs = connectMs;
  }

  async agentFor(tls: Tls): Promise<http.Agent> {
    const held = this.#held;
    if (held && held.tls.ca === tls.ca && held.tls.cert === tls.cert && held.tls.key === tls.key)
      return await held.agent;
    // The old pool is left alone: destroying it would cut requests that are under way. Its idle sockets time out.
    const agent = this.#proxy === undefined ? Promise.resolve(this.#direct(tls)) : this.#proxied(tls, this.#proxy);
    this.#held = { tls, agent };
    try {
      const made = await agent;
      this.#all.add(made);
      return made;
    } catch (e) {
      this.#held = undefined;
      throw e;
    }
  }

  /** Closes every socket, those in use too. */
  dispose(): void {
    this.#held = undefined;
    for (const agent of this.#all) agent.destroy();
    this.#all.clear();
  }

  #direct(tls: Tls): http.Agent {
    const { server, serverName, skipVerify } = this.#connection;
    const pool = { keepAlive: true, maxFreeSockets: 8, timeout: 120_000 };
    if (server.protocol === "http:") return new http.Agent(pool);
    return new https.Agent({
      ...pool,
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert }),
      ...(tls.key === undefined ? {} : { key: tls.key }),
      ...(serverName === undefined ? {} : { servername: serverName }),
      ...(skipVerify ? { rejectUnauthorized: false } : {}),
    });
  }

  async #proxied(tls: Tls, proxyUrl: string): Promise<http.Agent> {
    const { proxiedAgent } = await import("../streams/clusterClient.ts");
    return await proxiedAgent({ connection: this.#connection, tls, proxyUrl, connectMs: this.#connectMs });
  }
}
