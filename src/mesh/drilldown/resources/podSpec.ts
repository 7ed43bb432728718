import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import { parseQuantity } from "../../model/quantity.ts";

/** What a container may take and what it asked for; NaN where it does not say. */
export interface Bounds {
  /** Cores. */
  readonly cpuLimit: number;
  readonly cpuRequest: number;
  /** Bytes. */
  readonly memoryLimit: number;
  readonly memoryRequest: number;
}

export interface ContainerSpec extends Bounds {
  readonly name: string;
  readonly image: string;
  /** Ends before the others start; such a one takes nothing of what runs. */
  readonly isInit: boolean;
}

export const noBounds: Bounds = { cpuLimit: NaN, cpuRequest: NaN, memoryLimit: NaN, memoryRequest: NaN };

/** The containers of a PodSpec; init containers that restart always are sidecars and run with the others. */
export function containersOf(podSpec: unknown): readonly ContainerSpec[] {
  return [
    ...listAt(podSpec, "initContainers").map((c) => containerOf(c, textAt(c, "restartPolicy") !== "Always")),
    ...listAt(podSpec, "containers").map((c) => containerOf(c, false)),
  ];
}

/**
 * Of a whole pod. It has a limit only where each of its running containers has one; what it asked for is the sum of what
 * they asked for.
 */
export function podBounds(containers: readonly ContainerSpec[]): Bounds {
  const running = containers.filter(({ isInit }) => !isInit);
  const sum = (values: readonly number[]) => (values.length > 0 ? values.reduce((a, b) => a + b) : NaN);
  const told = (values: readonly number[]) => sum(values.filter((value) => !Number.isNaN(value)));
  return {
    cpuLimit: sum(running.map(({ cpuLimit }) => cpuLimit)),
    cpuRequest: told(running.map(({ cpuRequest }) => cpuRequest)),
    memoryLimit: sum(running.map(({ memoryLimit }) => memoryLimit)),
    memoryRequest: told(running.map(({ memoryRequest }) => memoryRequest)),
  };
}

/** The bounds of so many pods alike. */
export function timesPods(bounds: Bounds, pods: number): Bounds {
  return {
    cpuLimit: bounds.cpuLimit * pods,
    cpuRequest: bounds.cpuRequest * pods,
    memoryLimit: bounds.memoryLimit * pods,
    memoryRequest: bounds.memoryRequest * pods,
  };
}

function containerOf(container: unknown, isInit: boolean): ContainerSpec {
  const limits = fieldsAt(fieldsAt(container, "resources"), "limits");
  const requests = fieldsAt(fieldsAt(container, "resources"), "requests");
  // Kubernetes takes a limit for the request where none is set.
  const read = (name: "cpu" | "memory") => ({
    limit: parseQuantity(limits[name]) ?? NaN,
    request: parseQuantity(requests[name] ?? limits[name]) ?? NaN,
  });
  const [cpu, memory] = [read("cpu"), read("memory")];
  return {
    name: textAt(container, "name") ?? "",
    image: textAt(container, "image") ?? "",
    isInit,
    cpuLimit: cpu.limit,
    cpuRequest: cpu.request,
    memoryLimit: memory.limit,
    memoryRequest: memory.request,
  };
}
