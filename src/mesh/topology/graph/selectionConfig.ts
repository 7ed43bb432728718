import { hasLabels } from "../../model/labelSelector.ts";
import type { OtherConfigFacts } from "../../inventory/trafficConfig.ts";
import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import { refId, type ObjectRef } from "../../model/refs.ts";
import type { MeshFacts } from "../reading/topologyReading.ts";
import { configIndexOf, located, type ConfigIndex } from "./configIndex.ts";

/** The objects whose configuration is looked for. */
export interface Configured {
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  /** Namespaces that call them: some routes are only seen from these. */
  readonly callers: ReadonlySet<string>;
}

/**
 * Configuration that acts on services (routes, destination rules) and on workloads (what selects them, their namespace
 * or the mesh), the nearest first, each once.
 */
export function selectionConfig(facts: MeshFacts | undefined, of: Configured): readonly ObjectRef[] {
  if (!facts) return [];
  const config = configIndexOf(facts);
  const found = new Map<string, ObjectRef>();
  const note = ({ ref }: { readonly ref: ObjectRef }): void => {
    found.set(refId(ref), ref);
  };
  for (const { ref, hosts } of of.services) {
    config.routesOf(ref.cluster, hosts, () => [ref.namespace, ...of.callers]).forEach(note);
  }
  for (const view of of.workloads) config.mtlsPolicies(located(view)).flat().forEach(note);
  const others = facts.config.others.filter((policy) => {
    return (
      of.workloads.some((view) => selects(policy, view, config)) || of.services.some((view) => isFor(policy, view))
    );
  });
  others.sort((a, b) => rankOf(a) - rankOf(b)).forEach(note);
  return [...found.values()];
}

// By name, then by labels, then what is for all.
function rankOf({ selector, targets }: OtherConfigFacts): number {
  return targets.length > 0 ? 0 : selector ? 1 : 2;
}

function selects({ ref, selector, targets }: OtherConfigFacts, view: WorkloadView, config: ConfigIndex): boolean {
  const { clusters, rootNamespace } = config.governance(view.ref.cluster);
  if (!clusters.has(ref.cluster)) return false;
  if (targets.length > 0) {
    // Istio labels a gateway's pods with the Gateway that they are of.
    const gateway = view.labels?.["gateway.networking.k8s.io/gateway-name"];
    const here = targets.filter(({ kind, namespace }) => kind === "Gateway" && namespace === view.ref.namespace);
    return gateway !== undefined && here.some(({ name }) => name === gateway);
  }
  if (ref.namespace !== view.ref.namespace && ref.namespace !== rootNamespace) return false;
  return selector === undefined || (view.labels !== undefined && hasLabels(view.labels, selector));
}

function isFor({ ref, targets }: OtherConfigFacts, service: ServiceView): boolean {
  if (ref.cluster !== service.ref.cluster) return false;
  return targets.some(
    ({ kind, namespace, name }) =>
      kind === service.ref.kind && namespace === service.ref.namespace && name === service.ref.name,
  );
}
