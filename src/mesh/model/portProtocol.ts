/** A port's protocol as istiod tells it; "auto" is told from the bytes of each connection. Source: pkg/config/protocol. */
export type PortProtocol =
  | "HTTP"
  | "HTTP2"
  | "HTTP_PROXY"
  | "GRPC"
  | "GRPC-Web"
  | "HTTPS"
  | "TLS"
  | "TCP"
  | "Mongo"
  | "Redis"
  | "MySQL"
  | "UDP"
  | "auto";

const known: readonly PortProtocol[] = [
  "HTTP",
  "HTTP2",
  "HTTP_PROXY",
  "GRPC",
  "GRPC-Web",
  "HTTPS",
  "TLS",
  "TCP",
  "Mongo",
  "Redis",
  "MySQL",
  "UDP",
];
const byName = new Map(known.map((protocol) => [protocol.toLowerCase(), protocol]));
const http: ReadonlySet<PortProtocol> = new Set(["HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-Web"]);
const tcp: ReadonlySet<PortProtocol> = new Set(["TCP", "HTTPS", "TLS", "Mongo", "Redis", "MySQL"]);

/** A protocol by its name in any case; what is no such name is told from the bytes. */
export function protocolNamed(name: string): PortProtocol {
  return byName.get(name.toLowerCase()) ?? "auto";
}

/** True if Istio knows the protocol by its name. */
export function isKnown(protocol: PortProtocol): boolean {
  return protocol !== "auto";
}

export function isHttp(protocol: PortProtocol): boolean {
  return http.has(protocol);
}

/** True if a listener of the port may route HTTP. */
export function mayBeHttp(protocol: PortProtocol): boolean {
  return http.has(protocol) || protocol === "auto";
}

export function isTcp(protocol: PortProtocol): boolean {
  return tcp.has(protocol);
}

export function isTls(protocol: PortProtocol): boolean {
  return protocol === "HTTPS" || protocol === "TLS";
}

const kubernetesNames = new Map<string, PortProtocol>([
  ["kubernetes.io/h2c", "HTTP2"],
  ["kubernetes.io/ws", "HTTP"],
  ["kubernetes.io/wss", "HTTPS"],
]);
// SMTP, DNS, MySQL, MongoDB: their servers speak first, so that no protocol could be told from the client's bytes.
const serverFirst: ReadonlySet<number> = new Set([25, 53, 3306, 27017]);

/** The protocol of a Service's port (`ConvertProtocol`): appProtocol, else the name up to its first "-". */
export function servicePortProtocol(port: {
  readonly number: number;
  readonly name: string;
  readonly transport: string | undefined;
  readonly appProtocol: string | undefined;
}): PortProtocol {
  if (port.transport === "UDP") return "UDP";
  const known = port.appProtocol === undefined ? undefined : kubernetesNames.get(port.appProtocol);
  if (known !== undefined) return known;
  const name = port.appProtocol ?? port.name;
  if (name.slice(0, "grpc-web".length).toLowerCase() === "grpc-web") return "GRPC-Web";
  const protocol = protocolNamed(name.split("-", 1)[0] ?? "");
  return protocol === "auto" && serverFirst.has(port.number) ? "TCP" : protocol;
}
