import { say } from "../../message.ts";
import type { ControllerFacts } from "../facts/controllerFacts.ts";
import { wantsAmbient, wantsInjection, type InjectionCandidate, type InjectorFacts } from "../facts/injection.ts";
import { podView } from "./podView.ts";
import type { PodFacts } from "../facts/podFacts.ts";
import type { DataPlane, Problem, Replicas, WorkloadView } from "../views.ts";
import type { EntryRecord, PodRecord, WorkloadRecord } from "./workloadRecord.ts";

type Texts = Readonly<Record<string, string>>;

/** Which labels name an app and its version, most telling first. */
export interface InventorySettings {
  readonly appLabels: readonly string[];
  readonly versionLabels: readonly string[];
}

/** What a workload's view depends on besides the workload. */
export interface WorkloadSurroundings {
  readonly settings: InventorySettings;
  readonly namespaceLabels: Texts;
  /** undefined where webhooks could not be read. */
  readonly injectors: readonly InjectorFacts[] | undefined;
  readonly services: readonly string[];
  readonly children: Iterable<ControllerFacts>;
  /** Its pods are still being listed. */
  readonly arePodsAwaited: boolean;
}

export function workloadView(workload: WorkloadRecord, around: WorkloadSurroundings): WorkloadView {
  const pods = [...workload.pods].sort(byName);
  const entries = [...workload.entries].sort(byName);
  const live = pods.filter(({ facts }) => facts.isLive);
  const labels = workload.template?.labels ?? pods[0]?.facts.labels ?? entries[0]?.facts.labels;
  const planes = [...(live.length > 0 ? live : pods), ...entries].map(({ facts }) => facts.dataPlane);
  const dataPlane = strongest(planes.length > 0 ? planes : [workload.controller?.templateProxy?.dataPlane ?? "none"]);
  const names = telemetryNames(workload, pods);
  const [telemetryName = workload.ref.name, ...otherTelemetryNames] = names;
  const isRead = pods.every(({ facts }) => facts.isWatched);
  return {
    id: workload.id,
    ref: workload.ref,
    app: firstLabel(labels?.labels, around.settings.appLabels),
    version: firstLabel(labels?.labels, around.settings.versionLabels),
    ...(labels && { labels: labels.labels }),
    telemetryName,
    ...(otherTelemetryNames.length > 0 && { otherTelemetryNames }),
    replicas: replicasOf(workload, live, around),
    ownerRead: isOwnerRead(workload),
    ...(!isRead && { podsRead: false }),
    pods: pods.filter(({ facts }) => facts.isWatched).map(podView),
    dataPlane,
    inMesh: dataPlane === "none" && around.arePodsAwaited ? undefined : dataPlane !== "none",
    revision: mostCommon(live.map(({ facts }) => facts.revision)),
    services: around.services,
    ...rateOf(workload),
    problems: [...enrolmentProblems(workload, live, around), ...memoryProblems(pods)],
  };
}

function rateOf({ controller, answer }: WorkloadRecord): Pick<WorkloadView, "healthRate"> {
  const healthRate = controller?.healthRate ?? answer?.healthRate;
  return healthRate === undefined ? {} : { healthRate };
}

function byName(a: PodRecord | EntryRecord, b: PodRecord | EntryRecord): number {
  return a.facts.name < b.facts.name ? -1 : 1;
}

const ranks: Readonly<Record<DataPlane, number>> = { gateway: 3, sidecar: 2, ambient: 1, none: 0 };

function strongest(planes: readonly DataPlane[]): DataPlane {
  return planes.reduce((best, plane) => (ranks[plane] > ranks[best] ? plane : best), "none");
}

/** Most pods first; Istio names some custom controllers' pods one by one. */
function telemetryNames(workload: WorkloadRecord, pods: readonly PodRecord[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { facts } of pods) counts.set(facts.telemetryName, (counts.get(facts.telemetryName) ?? 0) + 1);
  if (counts.size > 0) return [...counts].sort(byCountThenText).map(([name]) => name);
  const chosen = workload.template?.labels.labels["service.istio.io/workload-name"];
  return [chosen === undefined || chosen === "" ? workload.ref.name : chosen];
}

function mostCommon(texts: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) if (text !== undefined) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(byCountThenText)[0]?.[0];
}

function byCountThenText([a, m]: [string, number], [b, n]: [string, number]): number {
  return n - m || (a < b ? -1 : 1);
}

function firstLabel(labels: Texts | undefined, names: readonly string[]): string | undefined {
  if (labels === undefined) return undefined;
  const name = names.find((candidate) => Object.hasOwn(labels, candidate) && labels[candidate] !== "");
  return name === undefined ? undefined : labels[name];
}

function isOwnerRead(workload: WorkloadRecord): boolean {
  const { kind, group } = workload.ref;
  if (workload.controller !== undefined || workload.answer) return true;
  return (kind === "Pod" && group === "") || kind === "WorkloadEntry";
}

/**
 * A watched object's own numbers; for one that was read once, its wish and the readiness of the pods, which are current;
 * else the sum over its ReplicaSets or Jobs; else the pods or entries.
 */
function replicasOf(
  workload: WorkloadRecord,
  live: readonly PodRecord[],
  { children, arePodsAwaited }: WorkloadSurroundings,
): Replicas {
  const own = workload.controller?.replicas;
  if (own !== undefined) return own;
  const entries = [...workload.entries];
  const counted: Replicas = {
    desired: live.length + entries.length,
    ready: live.filter(({ facts }) => facts.isReady).length + entries.filter(({ facts }) => facts.isReady).length,
  };
  const told = workload.answer?.replicas ?? sumOf(children);
  if (told === undefined) return counted;
  const areCounted = !arePodsAwaited && live.every(({ facts }) => facts.isWatched);
  return { desired: told.desired, ready: areCounted ? counted.ready : told.ready };
}

function sumOf(children: Iterable<ControllerFacts>): Replicas | undefined {
  let sum: Replicas | undefined;
  for (const { replicas } of children) {
    if (replicas === undefined) return undefined;
    sum = { desired: replicas.desired + (sum?.desired ?? 0), ready: replicas.ready + (sum?.ready ?? 0) };
  }
  return sum;
}

function enrolmentProblems(
  workload: WorkloadRecord,
  live: readonly PodRecord[],
  around: WorkloadSurroundings,
): readonly Problem[] {
  if (workload.controller?.system !== undefined) return [];
  const outside = live.filter(({ facts }) => facts.dataPlane === "none").map(({ facts }) => facts);
  const uninjected = outside.filter((facts) => wantsInjection(candidate(facts, around), around.injectors));
  if (uninjected.length > 0) {
    const words = say(
      "Not injected: {0} of {1} pods have no proxy although injection is on for them. Restart the workload.",
      uninjected.length,
      live.length,
    );
    return [{ severity: "warning", words }];
  }
  const uncaptured = outside.filter((facts) => facts.isReady && wantsAmbient(candidate(facts, around)));
  if (uncaptured.length === 0) return [];
  const words = say(
    "Not captured: {0} of {1} pods are enrolled in ambient but istio-cni has not redirected them. See whether istio-cni and ztunnel run on their nodes.",
    uncaptured.length,
    live.length,
  );
  return [{ severity: "warning", words }];
}

function candidate(facts: PodFacts, around: WorkloadSurroundings): InjectionCandidate {
  return { ...facts, labels: facts.labels.labels, namespaceLabels: around.namespaceLabels };
}

/**
 * One problem for each container that ran out of memory, however many pods it happened in: an error while such a pod is
 * not ready, a warning with its time once it runs again or has made way.
 */
export function memoryProblems(pods: readonly PodRecord[]): readonly Problem[] {
  const problems = new Map<string, Problem>();
  for (const { facts } of pods) {
    const { trouble } = facts;
    if (trouble?.reason !== "OOMKilled") continue;
    const container = trouble.container ?? "";
    const key = `${container}/${trouble.memoryLimit ?? ""}`;
    const known = problems.get(key);
    const words =
      trouble.memoryLimit === undefined
        ? say("OOMKilled: container {0} of pod {1} ran out of memory; it has no memory limit.", container, facts.name)
        : say(
            "OOMKilled: container {0} of pod {1} ran out of memory; its limit is {2}.",
            container,
            facts.name,
            trouble.memoryLimit,
          );
    const isOver = facts.isReady || !facts.isLive;
    const problem: Problem = isOver
      ? { severity: "warning", words, ...(trouble.at !== undefined && { happenedAt: trouble.at }) }
      : { severity: "error", words };
    problems.set(key, known ? graver(known, problem) : problem);
  }
  return [...problems.values()];
}

// Kubernetes writes its times in UTC, so that they sort as text.
function graver(a: Problem, b: Problem): Problem {
  if (a.severity !== b.severity) return a.severity === "error" ? a : b;
  if (a.happenedAt === undefined || b.happenedAt === undefined) return a.happenedAt === undefined ? a : b;
  return b.happenedAt > a.happenedAt ? b : a;
}
