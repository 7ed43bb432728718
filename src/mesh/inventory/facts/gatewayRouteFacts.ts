import { countAt, fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { distinct, gatewayName, serviceHost } from "./hostNames.ts";
import { isLimit, type VirtualServiceFacts } from "./virtualServiceFacts.ts";

/**
 * Reads an HTTPRoute, GRPCRoute, TCPRoute or TLSRoute of gateway.networking.k8s.io. A route is about the services that
 * are its parents; on a gateway it is about its host names.
 */
export function readGatewayRoute(object: KubeObject): VirtualServiceFacts {
  const metadata = fieldsAt(object, "metadata");
  const namespace = textAt(metadata, "namespace") ?? "";
  const spec = fieldsAt(object, "spec");
  const parents = listAt(spec, "parentRefs").map((parent) => parentOf(parent, namespace));
  const rules = listAt(spec, "rules");
  const services = parents.flatMap(({ host }) => (host === undefined ? [] : [host]));
  const gateways = parents.flatMap(({ gateway }) => (gateway === undefined ? [] : [gateway]));
  return {
    namespace,
    name: textAt(metadata, "name") ?? "",
    // Host names are of no effect where a service is the parent.
    hosts: distinct([...services, ...(gateways.length > 0 ? textsAt(spec, "hostnames") : [])]),
    destinations: distinct(rules.flatMap((rule) => backendsOf(rule, namespace).map(({ host }) => host))),
    // A route in the service's own namespace is for all callers, one elsewhere for those of its own (GAMMA).
    exportTo: consumers(parents, namespace),
    gateways: distinct([...(services.length > 0 ? ["mesh"] : []), ...gateways]),
    shiftsTraffic: rules.some((rule) => {
      const weighed = backendsOf(rule, namespace).filter(({ weight }) => weight > 0);
      return new Set(weighed.map(({ key }) => key)).size > 1;
    }),
    routesRequests: rules.some((rule) => listAt(rule, "matches").some(isPicky)),
    injectsFaults: false,
    mirrors: rules.some((rule) => [rule, ...listAt(rule, "backendRefs")].some(isMirrored)),
    setsTimeouts: rules.some((rule) => {
      const timeouts = fieldsAt(rule, "timeouts");
      return isLimit(textAt(timeouts, "request")) || isLimit(textAt(timeouts, "backendRequest"));
    }),
    breaksCircuits: false,
    delegates: [],
  };
}

interface Parent {
  readonly namespace: string;
  /** A service's. */
  readonly host: string | undefined;
  readonly gateway: string | undefined;
}

function parentOf(parent: unknown, own: string): Parent {
  const namespace = textAt(parent, "namespace") ?? own;
  const kind = textAt(parent, "kind") ?? "Gateway";
  const name = textAt(parent, "name") ?? "";
  const host = kind === "Service" ? serviceHost(name, namespace) : kind === "ServiceEntry" ? name : undefined;
  return { namespace, host, gateway: kind === "Gateway" ? gatewayName(name, namespace) : undefined };
}

function consumers(parents: readonly Parent[], namespace: string): readonly string[] | undefined {
  const isConsumers = parents.length > 0 && parents.every((p) => p.host !== undefined && p.namespace !== namespace);
  return isConsumers ? [namespace] : undefined;
}

interface Backend {
  readonly host: string;
  /** Tells it from the rule's others. */
  readonly key: string;
  readonly weight: number;
}

function backendsOf(rule: unknown, own: string): readonly Backend[] {
  return listAt(rule, "backendRefs").flatMap((backend) => {
    const name = textAt(backend, "name");
    if (name === undefined) return [];
    const kind = textAt(backend, "kind") ?? "Service";
    const host = kind === "Service" ? serviceHost(name, textAt(backend, "namespace") ?? own) : name;
    const { weight } = fieldsOf(backend);
    return [
      { host, key: `${host}:${countAt(backend, "port") ?? ""}`, weight: typeof weight === "number" ? weight : 1 },
    ];
  });
}

/** The default is a match on the path prefix "/". */
function isPicky(match: unknown): boolean {
  const path = fieldsAt(match, "path");
  const isAnyPath = (textAt(path, "type") ?? "PathPrefix") === "PathPrefix" && (textAt(path, "value") ?? "/") === "/";
  const isAnyMethod = textAt(match, "method") === undefined && Object.keys(fieldsAt(match, "method")).length === 0;
  return !isAnyPath || !isAnyMethod || ["headers", "queryParams"].some((name) => listAt(match, name).length > 0);
}

function isMirrored(part: unknown): boolean {
  return listAt(part, "filters").some((filter) => {
    if (textAt(filter, "type") !== "RequestMirror") return false;
    const { percent, fraction } = fieldsAt(filter, "requestMirror");
    return percent !== 0 && fieldsOf(fraction)["numerator"] !== 0;
  });
}
