import { countAt, fieldsAt, listAt, textAt, textMapAt } from "../../../mesh/model/fields.ts";
import type { KubeObject } from "../../../mesh/model/kubeObject.ts";

/** A port of a Service that may serve Prometheus' API. */
export interface StorePort {
  readonly name: string | undefined;
  readonly number: number;
  /** The pod's port: a number, or the name of a container's port. */
  readonly target: string | number;
  readonly scheme: "http" | "https";
}

/** A Service inside the cluster behind which a store may be. */
export interface StoreService {
  readonly namespace: string;
  readonly name: string;
  readonly port: StorePort;
  readonly selector: Readonly<Record<string, string>>;
  /** "Prometheus monitoring/prometheus-k8s" */
  readonly label: string;
  /** Paths that the API may be below, the likely one first: "" or "/prometheus". */
  readonly prefixes: readonly string[];
}

export interface StoreKind {
  readonly engine: string;
  readonly prefixes: readonly string[];
  /** Names of ports that the kind is known by, besides the usual ones. */
  readonly portNames?: readonly string[];
}

// Names that charts, operators and Istio's own samples give to the port of the API; none is told by its number.
const usualPortNames = ["http-web", "web", "http", "http-prometheus", "prometheus", "query", "api", "http-query"];
const securePortNames = ["https", "https-web", "web-tls", "http-tls"];
const otherPurpose = /grpc|reloader|gossip|memberlist|cluster|opentsdb|graphite|influx|rbac|tenancy|rules/i;

/** The Service as a place to ask; undefined where none of its ports is likely to serve the API. */
export function storeService(object: KubeObject, kind: StoreKind): StoreService | undefined {
  const metadata = fieldsAt(object, "metadata");
  const [namespace, name] = [textAt(metadata, "namespace"), textAt(metadata, "name")];
  const spec = fieldsAt(object, "spec");
  const port = choosePort(listAt(spec, "ports"), kind.portNames ?? []);
  if (namespace === undefined || name === undefined || !port) return undefined;
  const selector = textMapAt(spec, "selector");
  return { namespace, name, port, selector, label: `${kind.engine} ${namespace}/${name}`, prefixes: kind.prefixes };
}

/** The port with this number, for addresses that say one. */
export function withPort(object: KubeObject, service: StoreService, number: number): StoreService | undefined {
  const found = listAt(fieldsAt(object, "spec"), "ports").find((port) => countAt(port, "port") === number);
  const port = found === undefined ? undefined : readPort(found);
  return port && { ...service, port };
}

function choosePort(list: readonly unknown[], known: readonly string[]): StorePort | undefined {
  const ports = list.flatMap((port) => readPort(port) ?? []);
  const named = (names: readonly string[]): StorePort | undefined =>
    names.flatMap((name) => ports.find((port) => port.name === name) ?? [])[0];
  const only = ports.filter(({ name }) => name === undefined || !otherPurpose.test(name));
  return named(known) ?? named(usualPortNames) ?? named(securePortNames) ?? only[0];
}

function readPort(value: unknown): StorePort | undefined {
  const number = countAt(value, "port");
  if (number === undefined || (textAt(value, "protocol") ?? "TCP") !== "TCP") return undefined;
  const name = textAt(value, "name");
  const isSecure = securePortNames.includes(name ?? "") || textAt(value, "appProtocol") === "https";
  return {
    name,
    number,
    target: textAt(value, "targetPort") ?? countAt(value, "targetPort") ?? number,
    scheme: isSecure ? "https" : "http",
  };
}
