import { containersOf, type ContainerPlan } from "../resources/containers.ts";
import { cpuSeconds, memoryOf, periodsPerSecond, startOf, throttledShare } from "../resources/podLoad.ts";
import { lastKill, type PodRun } from "../resources/podRun.ts";
import { familyOf, type Family, type Sampled } from "./family.ts";
import { podLabelsOf, podUid } from "./podSeries.ts";
import type { Labels } from "./textFormat.ts";

interface Contained {
  readonly run: PodRun;
  readonly container: ContainerPlan;
}

function containedIn(runs: readonly PodRun[]): readonly Contained[] {
  return runs.flatMap((run) => containersOf(run.making, run.plan).map((container) => ({ run, container })));
}

/** Containers as kube-state-metrics tells of them: native sidecars are init containers to it, under names of their own. */
export function containerFamilies(runs: readonly PodRun[]): readonly Family[] {
  const all = containedIn(runs);
  return [false, true].flatMap((isInit) => {
    const contained = all.filter(({ container }) => container.isInit === isInit);
    const prefix = isInit ? "kube_pod_init_container" : "kube_pod_container";
    const family = (name: string, help: string, make: (one: Contained) => readonly Sampled[]) =>
      familyOf(contained, `${prefix}_${name}`, help, make);
    return [
      family("info", "Information about a container in a pod.", ({ run, container }) => [
        [[...labelsOf({ run, container }), ["image", container.image]], 1],
      ]),
      family("resource_requests", "What a container asks for.", (one) =>
        resources(one, one.container.cpuRequest, one.container.memoryRequest),
      ),
      family("resource_limits", "What a container may use at most.", (one) =>
        resources(one, one.container.cpuLimit, one.container.memoryLimit),
      ),
      family("status_restarts_total", "Restarts of the container.", (one) => [
        [labelsOf(one), killOf(one)?.restarts ?? 0],
      ]),
      family("status_ready", "Whether the container passes its readiness check.", (one) => [[labelsOf(one), 1]]),
      family("status_last_terminated_reason", "Why the container ended last.", (one) =>
        killOf(one) ? [[[...labelsOf(one), ["reason", "OOMKilled"]], 1]] : [],
      ),
      ...(isInit
        ? []
        : [
            family("status_last_terminated_exitcode", "The exit code of the container's last end.", (one) =>
              killOf(one) ? [[labelsOf(one), 137]] : [],
            ),
          ]),
    ];
  });
}

function killOf({ run, container }: Contained): ReturnType<typeof lastKill> {
  const main = containersOf(run.making, run.plan)[0];
  return container === main ? lastKill(run) : undefined;
}

/** The kubelet's cAdvisor. What it calls a container with the name "" is the pod's own cgroup: the sum of its containers. */
export function cadvisorFamilies(runs: readonly PodRun[], atMillis: number): readonly Family[] {
  const all = containedIn(runs);
  const limited = all.filter(({ container }) => !Number.isNaN(container.cpuLimit));
  const age = ({ run, container }: Contained) => Math.max(0, atMillis - startOf(run, container)) / 1000;
  const cpu = ({ run, container }: Contained) => cpuSeconds(run, container, atMillis);
  const memory = ({ run, container }: Contained) => memoryOf(run, container, atMillis);
  return [
    usage(runs, "container_cpu_usage_seconds_total", "Cumulative CPU time consumed in seconds.", cpu),
    usage(runs, "container_memory_working_set_bytes", "Current working set of the container in bytes.", memory),
    familyOf(limited, "container_cpu_cfs_periods_total", "Elapsed enforcement periods.", (one) => [
      [cgroupLabels(one.run, one.container), age(one) * periodsPerSecond],
    ]),
    familyOf(limited, "container_cpu_cfs_throttled_periods_total", "Throttled periods.", (one) => [
      [cgroupLabels(one.run, one.container), age(one) * periodsPerSecond * throttledShare(one.run, one.container)],
    ]),
  ];
}

function usage(runs: readonly PodRun[], name: string, help: string, valueOf: (one: Contained) => number): Family {
  return familyOf(runs, name, help, (run) => {
    const own = containersOf(run.making, run.plan).map((container): Sampled => {
      return [cgroupLabels(run, container), valueOf({ run, container })];
    });
    return [...own, [cgroupLabels(run, undefined), own.reduce((sum, [, value]) => sum + value, 0)]];
  });
}

function cgroupLabels(run: PodRun, container: ContainerPlan | undefined): Labels {
  return [
    ...podLabelsOf(run),
    ["container", container?.name ?? ""],
    ["image", container?.image ?? ""],
    ["id", `/kubepods.slice/pod${podUid(run)}${container ? `/${container.name}` : ""}`],
    // The kubelet is scraped through the API server's proxy, which makes the node's name the instance.
    ["instance", run.node],
  ];
}

function labelsOf({ run, container }: Contained): Labels {
  return [...podLabelsOf(run), ["uid", podUid(run)], ["container", container.name]];
}

function resources(one: Contained, cpu: number, memory: number): readonly Sampled[] {
  const of = (resource: string, unit: string, value: number): readonly Sampled[] =>
    Number.isNaN(value)
      ? []
      : [[[...labelsOf(one), ["node", one.run.node], ["resource", resource], ["unit", unit]], value]];
  return [...of("cpu", "core", cpu), ...of("memory", "byte", memory)];
}
