import type { Proxy } from "../proxy/proxy.ts";

export interface HttpRequest {
  readonly method: string;
  readonly scheme: "http" | "https";
  /** As in the Host header, with its port if it has one. */
  readonly authority: string;
  /** The request target: the path with its query; also a whole URL. */
  readonly path: string;
  /** Several header lines of a name are a list. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

/** A connection that is not HTTP for the proxy: a TLS ClientHello, or any other bytes. */
export interface StreamConnection {
  readonly protocol: "tls" | "tcp";
  readonly sni: string | undefined;
  /** The name that the client looked up. */
  readonly host: string | undefined;
}

interface From {
  readonly from: Proxy;
  /** Sidecar: the port the client connects to. Gateway: the port its pod listens at. */
  readonly port: number;
  /** The address the client connects to; what DNS gives for the name where it is not said. */
  readonly destinationIP: string | undefined;
}

export interface RoutedRequest extends From {
  /** TLS server name at gateways; the authority without its port where it is not said. */
  readonly sni: string | undefined;
  readonly request: HttpRequest;
}

export interface RoutedConnection extends From {
  readonly connection: StreamConnection;
}

/** The lines of a header, by its name in any case. */
export function headerLines(request: HttpRequest): ReadonlyMap<string, readonly string[]> {
  const lines = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(request.headers)) {
    const key = name.toLowerCase();
    lines.set(key, [...(lines.get(key) ?? []), ...(typeof value === "string" ? [value] : value)]);
  }
  return lines;
}

/** A name without ":port", in lower case. */
export function nameOf(authority: string): string {
  return authority.replace(/:\d+$/u, "").toLowerCase();
}
