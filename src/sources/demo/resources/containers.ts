import type { Making } from "../objects/making.ts";
import { podSpec } from "../objects/pods.ts";
import type { WorkloadPlan } from "../world/blueprint.ts";
import { quantityOf } from "./quantity.ts";

/** A container that runs as long as its pod, with what its template asks for. Cores and bytes; NaN: not said. */
export interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  /** An init container that goes on, as native sidecars do. */
  readonly isInit: boolean;
  readonly cpuRequest: number;
  readonly cpuLimit: number;
  readonly memoryRequest: number;
  readonly memoryLimit: number;
}

interface Written {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: Written["amounts"]; readonly limits?: Written["amounts"] };
  readonly amounts?: Readonly<Record<string, string>>;
}

const known = new WeakMap<WorkloadPlan, readonly ContainerPlan[]>();

/** The lasting containers of a workload's pods, read off the spec that the API server shows. */
export function containersOf(making: Making, plan: WorkloadPlan): readonly ContainerPlan[] {
  let containers = known.get(plan);
  if (!containers) {
    const { initContainers = [], containers: apps } = podSpec(making, plan) as {
      initContainers?: readonly Written[];
      containers: readonly Written[];
    };
    const lasting = initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
    containers = [...apps.map((one) => containerPlan(one, false)), ...lasting.map((one) => containerPlan(one, true))];
    known.set(plan, containers);
  }
  return containers;
}

function containerPlan({ name, image, resources = {} }: Written, isInit: boolean): ContainerPlan {
  const { requests = {}, limits = {} } = resources;
  return {
    name,
    image,
    isInit,
    cpuRequest: quantityOf(requests["cpu"]),
    cpuLimit: quantityOf(limits["cpu"]),
    memoryRequest: quantityOf(requests["memory"]),
    memoryLimit: quantityOf(limits["memory"]),
  };
}
