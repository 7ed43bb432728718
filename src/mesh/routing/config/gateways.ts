import { countAt, fieldsAt, fieldsOf, flagAt, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { compareByAgeAndName, type ConfigObject } from "./configObject.ts";
import { protocolNamed, type PortProtocol } from "../../model/portProtocol.ts";

/** A server of a gateway: a port and the hosts that it answers for. */
export interface GatewayServer {
  /** "namespace/name" of the gateway as routes are bound to it. */
  readonly gateway: string;
  readonly port: { readonly number: number; readonly name: string; readonly protocol: PortProtocol };
  /** "host" or "namespace/host" for routes of that namespace only. */
  readonly hosts: readonly string[];
  readonly tls: { readonly mode: string; readonly isRedirect: boolean } | undefined;
  /** The address it listens on; "" for any. */
  readonly bind: string;
}

/** An Istio Gateway, or one listener of a Gateway API Gateway. */
export interface GatewayConfig {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: number;
  readonly source: ConfigObject;
  /** The pods it is for: by their labels, or by the services that lead to them. */
  readonly pods:
    | { readonly by: "labels"; readonly labels: Readonly<Record<string, string>> }
    | { readonly by: "services"; readonly hostnames: readonly string[] };
  readonly servers: readonly GatewayServer[];
}

/** Reads an Istio Gateway. */
export function readGateway(source: ConfigObject): GatewayConfig {
  const { namespace, name, spec } = source;
  return {
    namespace,
    name,
    createdAt: source.createdAt,
    source,
    pods: { by: "labels", labels: textMapAt(spec, "selector") },
    servers: listAt(spec, "servers").flatMap((server) => readServer(server, `${namespace}/${name}`, namespace)),
  };
}

function readServer(server: unknown, gateway: string, namespace: string): readonly GatewayServer[] {
  const port = fieldsAt(server, "port");
  const number = countAt(port, "number");
  if (number === undefined) return [];
  const { tls } = fieldsOf(server);
  const hosts = textsAt(server, "hosts").map((host) => withoutDots(host, namespace));
  return [
    {
      gateway,
      port: { number, name: textAt(port, "name") ?? "", protocol: protocolNamed(textAt(port, "protocol") ?? "") },
      hosts: hosts.includes("*/*") ? ["*"] : hosts.map((host) => (host.startsWith("*/") ? host.slice(2) : host)),
      tls: tls === undefined ? undefined : { mode: textAt(tls, "mode") ?? "PASSTHROUGH", isRedirect: isRedirect(tls) },
      bind: textAt(server, "bind") ?? "",
    },
  ];
}

function isRedirect(tls: unknown): boolean {
  return flagAt(tls, "httpsRedirect") === true;
}

function withoutDots(host: string, namespace: string): string {
  return host.startsWith("./") ? `${namespace}${host.slice(1)}` : host;
}

export function inGatewayOrder(gateways: readonly GatewayConfig[]): readonly GatewayConfig[] {
  return [...gateways].sort(compareByAgeAndName);
}

/** True if the proxy ends TLS there and reads HTTP. */
export function endsHttps(server: GatewayServer): boolean {
  return server.tls !== undefined && server.port.protocol === "HTTPS" && !isPassthrough(server);
}

export function isPassthrough(server: GatewayServer): boolean {
  return server.tls?.mode === "PASSTHROUGH" || server.tls?.mode === "AUTO_PASSTHROUGH";
}
