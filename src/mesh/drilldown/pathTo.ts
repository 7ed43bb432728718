import { refId, type ObjectRef } from "../model/refs.ts";
import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import { meshServiceRef } from "./crumbs.ts";
import type { DrilldownInput } from "./drilldownInput.ts";
import type { LevelPath } from "./level.ts";
import { levelIndexOf, type LevelIndex } from "./levelIndex.ts";

/**
 * The levels above an object and itself: of a pod its mesh service, service and workload. Of a route or destination rule
 * the service that it is for. Kinds "Mesh" and "Namespace" are levels themselves. undefined for what is nowhere in them.
 */
export function pathTo(input: DrilldownInput, ref: ObjectRef): LevelPath | undefined {
  const index = levelIndexOf(input);
  if (ref.group === "" && ref.kind === "Mesh") return [{ level: "mesh", ref }];
  if (ref.group === "" && ref.kind === "Namespace") return [{ level: "namespace", ref: { ...ref, cluster: "" } }];
  if (ref.group === "" && ref.kind === "Node") return [{ level: "node", ref }];
  if (ref.group === "" && ref.kind === "Pod") return pathToPod(index, ref);
  const service = index.service(ref);
  if (service) return pathToService(service);
  if (ref.cluster === "" && index.members(ref).length > 0) return [{ level: "meshService", ref }];
  const workload = index.workload(ref) ?? workloadNamed(input, ref);
  if (workload) return pathToWorkload(index, workload);
  return pathToConfigured(input, ref);
}

/** From a service on down to a workload, by way of the one in front of it that is in the most trouble. */
export function pathToWorkload(index: LevelIndex, view: WorkloadView): LevelPath {
  const [service] = index.servicesOf(view);
  return [...(service ? pathToService(service) : []), { level: "workload", ref: view.ref }];
}

function pathToService(view: ServiceView): LevelPath {
  return [meshServiceRef(view), { level: "service", ref: view.ref }];
}

function pathToPod(index: LevelIndex, ref: ObjectRef): LevelPath {
  const owned = index.pod(ref);
  // A bare pod is its own workload.
  const above = owned && owned.workload.ref.kind !== "Pod" ? pathToWorkload(index, owned.workload) : [];
  return [...above, { level: "pod", ref }];
}

/** A ReplicaSet of a Deployment is no row of its own; its pods' owner goes by a name that begins like it. */
function workloadNamed(input: DrilldownInput, ref: ObjectRef): WorkloadView | undefined {
  const same = (view: WorkloadView) => view.ref.cluster === ref.cluster && view.ref.namespace === ref.namespace;
  const own = input.workloads.find((view) => same(view) && view.ref.kind === ref.kind && view.ref.name === ref.name);
  if (own || ref.kind !== "ReplicaSet") return own;
  const name = ref.name.replace(/-[^-]+$/, "");
  return input.workloads.find((view) => same(view) && view.ref.name === name);
}

function pathToConfigured(input: DrilldownInput, ref: ObjectRef): LevelPath | undefined {
  const id = refId(ref);
  const route = input.config.routes.find((candidate) => refId(candidate.ref) === id);
  const names = new Set([...(route?.hosts ?? []), ...(route?.destinations ?? [])]);
  const service = input.services.find(
    ({ ref: { cluster }, hosts }) => cluster === ref.cluster && hosts.some((host) => names.has(host)),
  );
  return service && pathToService(service);
}
