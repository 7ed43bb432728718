import type { ServicePlan, Sickness, World, WorkloadPlan } from "./blueprint.ts";
import type { Draft } from "./draft.ts";
import { hash32 } from "./seed.ts";

/** Troubles that can be planted into a world that is well otherwise; "none" leaves it so. */
export const faultNames = [
  "badVersion",
  "oomKilled",
  "nodePressure",
  "misroutedRule",
  "mtlsMismatch",
  "trippedBreaker",
  "none",
] as const;
export type FaultName = (typeof faultNames)[number];

/** What was planted, and where; all of it is in the cluster "eu". */
export interface PlantedFault {
  readonly name: Exclude<FaultName, "none">;
  readonly namespace: string;
  readonly service: string;
  /** The workload that fails, for faults of workloads, pods and nodes. */
  readonly workload: string | undefined;
  /** For "nodePressure": the node's place among the cluster's. */
  readonly node: number;
  /** For "misroutedRule": true where no rule declares the subset, else it has no pods. */
  readonly isUndeclared: boolean;
}

const cluster = "eu";

/** Makes everything well that is ill by itself. */
export function heal(draft: Draft): void {
  for (const [i, plan] of draft.workloads.entries()) {
    if (!plan.sickness) continue;
    draft.workloads[i] = { ...plan, sickness: undefined };
  }
}

/** Chooses where by the seed, and changes the workloads that are to fail. Configuration that is at fault comes later. */
export function plant(draft: Draft, name: FaultName, seed: number): PlantedFault | undefined {
  if (name === "none") return undefined;
  const candidates = candidatesFor(draft, name);
  const chosen = candidates[hash32(`fault/${name}`, seed) % candidates.length];
  if (!chosen) throw new RangeError(`The demo world has no place for the fault ${name}.`);
  const { service, plan } = chosen;
  const node = 1 + (hash32("fault/node", seed) % 4);
  const worst: Sickness["failingShare"] = [0.62, 0.78];
  if (name === "badVersion" && plan) replace(draft, plan, { failingShare: 0.55 });
  if (name === "oomKilled" && plan) replace(draft, plan, { sickness: { pod: 1, failingShare: worst } });
  if (name === "nodePressure" && plan) {
    replace(draft, plan, { sickness: { pod: 1, failingShare: worst, isByNode: true } });
  }
  const isOfWorkload = name === "badVersion" || name === "oomKilled" || name === "nodePressure";
  return {
    name,
    namespace: service.namespace,
    service: service.name,
    workload: isOfWorkload ? plan?.name : undefined,
    node,
    isUndeclared: hash32("fault/subset", seed) % 2 === 0,
  };
}

interface Candidate {
  readonly service: ServicePlan;
  readonly plan: WorkloadPlan | undefined;
}

function candidatesFor(draft: Draft, name: PlantedFault["name"]): readonly Candidate[] {
  const called = new Set(
    draft.calls.filter((call) => call.cluster === cluster).map(({ to }) => `${to.namespace}/${to.service}`),
  );
  return draft.services.flatMap((service): Candidate[] => {
    const { namespace } = service;
    const isTold = service.ports.every(({ protocol }) => protocol !== "tcp");
    if (service.cluster !== cluster || !isTold || !called.has(`${namespace}/${service.name}`)) return [];
    const all = draft.workloads.filter((plan) => plan.namespace === namespace && plan.app === service.app);
    const behind = all.filter((plan) => plan.cluster === cluster);
    if (behind.length === 0 || behind.some((plan) => plan.plane !== "sidecar")) return [];
    // The front calls everything: its trouble would starve the rest. Copies of requests have no caller to suffer.
    if (service.name === "front" || service.name === "ratings") return [];
    if (name === "badVersion") {
      // A newer version, which gets the smaller part.
      return behind.length < 2 ? [] : behind.slice(1).map((plan) => ({ service, plan }));
    }
    if (name === "oomKilled" || name === "nodePressure") {
      const isAlone = behind.length === 1 && all.length === 1;
      return behind
        .filter(({ kind, replicas }) => isAlone && kind === "Deployment" && (replicas === 2 || replicas === 3))
        .map((plan) => ({ service, plan }));
    }
    // Rules are planted where there are none yet, and where no other cluster answers in the meantime.
    return behind.length === 1 && all.length === 1 && service.name !== "search" ? [{ service, plan: undefined }] : [];
  });
}

function replace(draft: Draft, plan: WorkloadPlan, change: Partial<WorkloadPlan>): void {
  draft.workloads[draft.workloads.indexOf(plan)] = { ...plan, ...change };
}

/** Where the cluster's pods feel the pressure, as the node's place; undefined where none does. */
export function pressedNode(id: string, fault: FaultName | undefined, planted: World["fault"]): number | undefined {
  if (id !== cluster) return undefined;
  if (fault === undefined) return 1;
  return planted?.name === "nodePressure" ? planted.node : undefined;
}
