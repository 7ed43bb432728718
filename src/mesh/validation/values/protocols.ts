const http: ReadonlySet<string> = new Set(["http", "http2", "http_proxy", "grpc", "grpc-web"]);
const tcp: ReadonlySet<string> = new Set(["tcp", "https", "tls", "mongo", "redis", "mysql"]);

/** A protocol that Istio knows, in any case (pkg/config/protocol). */
export function isKnownProtocol(text: string): boolean {
  return isHttpProtocol(text) || isTcpProtocol(text) || text.toLowerCase() === "udp";
}

/** HTTP, HTTP2, HTTP_PROXY, GRPC, GRPC-Web. */
export function isHttpProtocol(text: string): boolean {
  return http.has(text.toLowerCase());
}

/** TCP, HTTPS, TLS, Mongo, Redis, MySQL: what Istio treats as a stream of bytes. */
export function isTcpProtocol(text: string): boolean {
  return tcp.has(text.toLowerCase());
}

/** HTTPS, TLS. */
export function isTlsProtocol(text: string): boolean {
  return text.toLowerCase() === "https" || text.toLowerCase() === "tls";
}
