import type { World, WorkloadPlan } from "../world/blueprint.ts";
import { uidOf, unit } from "../world/seed.ts";
import type { Family, Sampled } from "./family.ts";
import { istioBuild, type PodPlace } from "./podPlaces.ts";
import type { Labels } from "./textFormat.ts";

const mib = 1024 ** 2;

/** Pods as istio_build, kube-state-metrics and the kubelet's cAdvisor tell of them; `seconds` is the age of the world. */
export function podFamilies(world: World, places: readonly PodPlace[], seconds: number): readonly Family[] {
  const { seed } = world;
  return [
    family(places, "istio_build", "Istio component build info", (place) => {
      const build = istioBuild(world, place.plan);
      return build ? [[[["component", build.component], ["tag", build.tag], ...labelsOf(place)], 1]] : [];
    }),
    family(places, "kube_pod_info", "Information about pod.", (place) => {
      const uid = uidOf(`${place.plan.cluster}/Pod/${place.plan.namespace}/${place.pod}`, seed);
      const [kind, name] = createdBy(place);
      const created: Labels = [
        ["created_by_kind", kind],
        ["created_by_name", name],
      ];
      return [[[...labelsOf(place), ["node", place.node], ["uid", uid], ...created], 1]];
    }),
    family(places, "kube_pod_owner", "Information about the pod's owner.", (place) => {
      const [kind, name] = createdBy(place);
      const owner: Labels = [
        ["owner_kind", kind],
        ["owner_name", name],
        ["owner_is_controller", "true"],
      ];
      return [[[...labelsOf(place), ...owner], 1]];
    }),
    family(places, "kube_pod_status_phase", "The pod's current phase.", (place) =>
      oneHot(place, "phase", ["Pending", "Running", "Succeeded", "Failed"], "Running"),
    ),
    family(places, "kube_pod_status_ready", "Whether the pod is ready to serve requests.", (place) =>
      oneHot(place, "condition", ["true", "false"], "true"),
    ),
    ...containerFamilies(places, seed, seconds),
  ];
}

function containerFamilies(places: readonly PodPlace[], seed: number, seconds: number): readonly Family[] {
  const app = (place: PodPlace): Labels => [...labelsOf(place), ["container", "app"]];
  const used = (place: PodPlace): Labels => [...app(place), ["image", place.plan.image]];
  const limit: Labels = [
    ["resource", "memory"],
    ["unit", "byte"],
  ];
  return [
    family(places, "kube_pod_container_status_restarts_total", "Restarts of the container.", (place) => [
      [app(place), place.restarts],
    ]),
    family(places, "kube_pod_container_status_last_terminated_reason", "Why the container ended last.", (place) =>
      place.isSick ? [[[...app(place), ["reason", "OOMKilled"]], 1]] : [],
    ),
    family(places, "kube_pod_container_resource_limits", "The limits of the container.", (place) => [
      [[...app(place), ...limit], 512 * mib],
    ]),
    family(places, "container_memory_working_set_bytes", "Current working set of the container in bytes.", (place) => [
      [used(place), workingSet(place, seed)],
    ]),
    family(places, "container_cpu_usage_seconds_total", "Cumulative CPU time consumed in seconds.", (place) => [
      [used(place), seconds * cores(place, seed)],
    ]),
  ];
}

function family(
  places: readonly PodPlace[],
  name: string,
  help: string,
  make: (place: PodPlace) => readonly Sampled[],
): Family {
  const samples = function* (): Generator<Sampled, void, undefined> {
    for (const place of places) yield* make(place);
  };
  return { name, help, type: name.endsWith("_total") ? "counter" : "gauge", samples };
}

function labelsOf({ plan, pod }: PodPlace): Labels {
  return [
    ["cluster", plan.cluster],
    ["namespace", plan.namespace],
    ["pod", pod],
  ];
}

function oneHot(place: PodPlace, label: string, values: readonly string[], is: string): readonly Sampled[] {
  return values.map((value) => [[...labelsOf(place), [label, value]], value === is ? 1 : 0]);
}

function createdBy({ plan, pod }: { readonly plan: WorkloadPlan; readonly pod: string }): readonly [string, string] {
  if (plan.kind !== "Deployment" && plan.kind !== "Rollout") return [plan.kind, plan.name];
  return ["ReplicaSet", pod.slice(0, pod.lastIndexOf("-"))];
}

function workingSet(place: PodPlace, seed: number): number {
  const share = place.isSick ? 0.985 : 0.2 + 0.45 * unit(`memory/${place.pod}`, seed);
  return Math.round(share * 512 * mib);
}

function cores(place: PodPlace, seed: number): number {
  return place.isSick ? 0.93 : 0.02 + 0.2 * unit(`cpu/${place.pod}`, seed);
}
