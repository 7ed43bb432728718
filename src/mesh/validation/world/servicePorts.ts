import { fieldsOf, textAt } from "../../model/fields.ts";

// pkg/config/analysis/analyzers/service and pkg/config/kube: how Istio finds a Service port's protocol.

const known = new Set([
  "tcp",
  "udp",
  "grpc",
  "grpc-web",
  "http",
  "http_proxy",
  "http2",
  "https",
  "tls",
  "mongo",
  "redis",
  "mysql",
]);
const knownAppProtocols = new Set(["kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss"]);
const wellKnownPorts = new Set([25, 53, 3306, 27017]);

/** True if Istio knows the protocol of a Service's port by its `appProtocol`, its name or its number. */
export function hasKnownProtocol(port: unknown): boolean {
  if (textAt(port, "protocol") === "UDP") return true;
  const appProtocol = textAt(port, "appProtocol");
  if (appProtocol !== undefined && knownAppProtocols.has(appProtocol)) return true;
  const name = (appProtocol ?? textAt(port, "name") ?? "").toLowerCase();
  if (name.startsWith("grpc-web")) return true;
  const [first = ""] = name.split("-");
  if (known.has(first)) return true;
  const number = fieldsOf(port)["port"];
  return typeof number === "number" && wellKnownPorts.has(number);
}
