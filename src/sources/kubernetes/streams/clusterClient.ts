import { KubeConfig } from "@kubernetes/client-node";
import type { Agent } from "node:http";
import type { RequestOptions } from "node:https";
import type { Tls } from "../credentials/authority.ts";
import type { Connection } from "../kubeconfig/connection.ts";

// Everything that needs the cluster client is behind this file and podStreams.ts, both imported on first use.

/** Foreyard's reading of the kubeconfig, handed to the client; credentials are never its business. */
export function clientConfig(connection: Connection, tls: Tls, proxyUrl: string | undefined): KubeConfig {
  const base64 = (pem: string | undefined) => (pem === undefined ? undefined : Buffer.from(pem).toString("base64"));
  const caData = base64(tls.ca);
  const certData = base64(tls.cert);
  const keyData = base64(tls.key);
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    {
      name: "cluster",
      server: connection.server.href.replace(/\/+$/, ""),
      // The client refuses plain http otherwise; the scheme was the user's choice.
      skipTLSVerify: connection.skipVerify || connection.server.protocol === "http:",
      ...(caData === undefined ? {} : { caData }),
      ...(connection.serverName === undefined ? {} : { tlsServerName: connection.serverName }),
      ...(proxyUrl === undefined ? {} : { proxyUrl }),
    },
    { name: "user", ...(certData === undefined ? {} : { certData }), ...(keyData === undefined ? {} : { keyData }) },
  );
  return config;
}

/** A socket pool that goes through an HTTP, HTTPS or SOCKS proxy. */
export async function proxiedAgent(way: {
  readonly connection: Connection;
  readonly tls: Tls;
  readonly proxyUrl: string;
  readonly connectMs: number;
}): Promise<Agent> {
  const options: RequestOptions = { timeout: way.connectMs };
  await clientConfig(way.connection, way.tls, way.proxyUrl).applyToHTTPSOptions(options);
  if (!options.agent || typeof options.agent === "boolean") throw new TypeError("the cluster client made no agent");
  return options.agent;
}
