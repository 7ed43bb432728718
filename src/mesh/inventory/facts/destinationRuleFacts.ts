import { fieldsAt, listAt, textAt, textsAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { exportedTo, hostOf } from "./hostNames.ts";
import type { VirtualServiceFacts } from "./virtualServiceFacts.ts";

/** Reads a networking.istio.io DestinationRule, v1alpha3 to v1. */
export function readDestinationRule(object: KubeObject): VirtualServiceFacts {
  const metadata = fieldsAt(object, "metadata");
  const namespace = textAt(metadata, "namespace") ?? "";
  const spec = fieldsAt(object, "spec");
  const host = textAt(spec, "host");
  return {
    namespace,
    name: textAt(metadata, "name") ?? "",
    hosts: host === undefined ? [] : [hostOf(host, namespace)],
    destinations: [],
    exportTo: exportedTo(textsAt(spec, "exportTo"), namespace),
    gateways: [],
    shiftsTraffic: false,
    routesRequests: false,
    injectsFaults: false,
    mirrors: false,
    setsTimeouts: false,
    breaksCircuits: [spec, ...listAt(spec, "subsets")].some((part) => isBreaking(fieldsAt(part, "trafficPolicy"))),
    delegates: [],
  };
}

function isBreaking(policy: unknown): boolean {
  return [policy, ...listAt(policy, "portLevelSettings")].some((part) =>
    ["connectionPool", "outlierDetection"].some((name) => Object.keys(fieldsAt(part, name)).length > 0),
  );
}
