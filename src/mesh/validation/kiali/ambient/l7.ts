import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../../model/fields.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";
import { kinds, type KindName } from "../../kinds.ts";

// What needs a waypoint in ambient, since ztunnel knows of connections only.

const l7KeyPrefixes = [
  "request.headers",
  "request.auth.claims",
  "request.auth.principal",
  "request.auth.audiences",
  "request.auth.presenter",
];
const l7Operation = ["methods", "notMethods", "paths", "notPaths", "hosts", "notHosts"];
const l7Source = ["requestPrincipals", "notRequestPrincipals"];

/** True if a policy of the kind looks into requests. */
export function isL7Policy(kind: KindName, object: KubeObject): boolean {
  const spec = fieldsAt(object, "spec");
  switch (kind) {
    case kinds.AuthorizationPolicy:
      return listAt(spec, "rules").some(isL7Rule);
    case kinds.Telemetry:
      return isL7Telemetry(spec);
    default:
      return true;
  }
}

function isL7Rule(rule: unknown): boolean {
  return (
    listAt(rule, "when").some((when) =>
      l7KeyPrefixes.some((prefix) => (textAt(when, "key") ?? "").startsWith(prefix)),
    ) ||
    listAt(rule, "to").some((to) => hasAny(fieldsAt(to, "operation"), l7Operation)) ||
    listAt(rule, "from").some((from) => hasAny(fieldsAt(from, "source"), l7Source))
  );
}

function hasAny(value: unknown, lists: readonly string[]): boolean {
  return lists.some((name) => textsAt(value, name).length > 0);
}

function isL7Telemetry(spec: unknown): boolean {
  if (listAt(spec, "tracing").length > 0 || listAt(spec, "accessLogging").length > 0) return true;
  return listAt(spec, "metrics").some((metrics) => listAt(metrics, "overrides").length > 0);
}

/** True if a VirtualService routes requests or TLS connections inside the mesh, rather than at gateways only. */
export function isL7VirtualService(object: KubeObject): boolean {
  const spec = fieldsAt(object, "spec");
  if (listAt(spec, "http").length === 0 && listAt(spec, "tls").length === 0) return false;
  const gateways = textsAt(spec, "gateways");
  return gateways.length === 0 || gateways.includes("mesh");
}

/** True if a DestinationRule balances, limits or ejects by requests, for all or for a subset. */
export function isL7DestinationRule(object: KubeObject): boolean {
  const spec = fieldsAt(object, "spec");
  const policies = [spec, ...listAt(spec, "subsets")].map((holder) => fieldsAt(holder, "trafficPolicy"));
  return policies.some((policy) => {
    if (Object.keys(fieldsAt(fieldsAt(policy, "connectionPool"), "http")).length > 0) return true;
    if (fieldsOf(policy)["outlierDetection"] != null) return true;
    const hash = fieldsAt(fieldsAt(policy, "loadBalancer"), "consistentHash");
    return textAt(hash, "httpHeaderName") !== undefined || fieldsOf(hash)["httpCookie"] != null;
  });
}
