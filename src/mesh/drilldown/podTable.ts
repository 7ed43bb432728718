import { say } from "../message.ts";
import { MeshError } from "../meshError.ts";
import type { ClusterKey } from "../model/refs.ts";
import { refId } from "../model/refs.ts";
import type { PodTrafficRow, RowsAnswer } from "../telemetry/levels/levelTelemetry.ts";
import { compareHealth } from "../health/verdict.ts";
import type { PodView } from "../inventory/views.ts";
import { numberCell, numberColumn, rateCell, stateCell, textCell, textColumn } from "./cells.ts";
import type { LevelTable, Suspect, TableRow } from "./level.ts";
import { compare } from "./levelIndex.ts";
import type { LevelQuestion } from "./levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "./levelStore.ts";
import { noBounds, type Bounds } from "./resources/podSpec.ts";
import { useOf, type ResourceReading } from "./resources/readResources.ts";

/** What pods' own proxies report. */
export interface PodTraffic {
  /** By the pod's name. */
  readonly rows: ReadonlyMap<string, PodTrafficRow>;
  readonly answer: RowsAnswer<PodTrafficRow> | undefined;
  readonly why: ReturnType<typeof say> | undefined;
  readonly source: string;
}

export async function readPodTraffic(
  question: LevelQuestion,
  cluster: ClusterKey,
  pods: readonly PodView[],
): Promise<PodTraffic> {
  const { input, windowSeconds, atMillis, signal } = question;
  const store = levelStoreOf(input, cluster);
  const none = { rows: new Map<string, PodTrafficRow>(), answer: undefined, source: "" };
  if (!isStore(store)) return { ...none, why: store };
  const namespace = pods[0]?.ref.namespace;
  if (namespace === undefined) return { ...none, why: say("It has no pods") };
  const names = pods.map(({ ref }) => ref.name);
  // The lists' numbers are a little old; both shall be of the same time.
  const areGateways = pods.every(({ dataPlane }) => dataPlane === "gateway");
  const query = {
    ...{ namespace, pods: names, windowSeconds, atMillis, cluster: store.rows },
    ...(areGateways ? { areGateways } : {}),
  };
  const answer = await answerOrWhy(store.telemetry.podTraffic(query, signal), signal);
  if (MeshError.is(answer)) return { ...none, why: answer.words };
  const missing = answer.missing.find(({ isAbsent }) => !isAbsent);
  const silent = say(
    "Its proxy reports no requests of its own. Pods in ambient mode and pods outside of the mesh have none",
  );
  return {
    rows: new Map(answer.rows.map((row) => [row.pod, row])),
    answer,
    why: missing?.why ?? (answer.rows.length === 0 ? silent : undefined),
    source: store.label,
  };
}

/** Failed of a pod's requests; NaN where there were none. */
export function podErrorShare(row: PodTrafficRow | undefined): number {
  return row && row.rps > 0 ? row.errorsPerSecond / row.rps : NaN;
}

export interface PodTableParts {
  readonly traffic: PodTraffic;
  readonly resources: ResourceReading;
  /** Of each pod; undefined where nothing tells. */
  readonly bounds: Bounds | undefined;
  readonly suspects: readonly Suspect[];
}

/** Pods with their state, what they report and what they take; the most suspicious first. */
export function podTable(question: LevelQuestion, pods: readonly PodView[], parts: PodTableParts): LevelTable {
  const { traffic, resources, bounds = noBounds, suspects } = parts;
  const { index } = question;
  const shares = new Map(suspects.map(({ ref, share }) => [refId(ref), share]));
  const rows = pods.map((pod): TableRow & { readonly state: ReturnType<typeof index.podState> } => {
    const row = traffic.rows.get(pod.ref.name);
    const use = useOf(resources, pod.ref);
    const state = index.podState(pod);
    return {
      state,
      to: { level: "pod", ref: pod.ref },
      ref: pod.ref,
      share: shares.get(pod.id) ?? 0,
      cells: [
        textCell(pod.ref.name),
        stateCell(state, say("{0}", pod.reason ?? pod.phase)),
        rateCell(row?.rps ?? NaN, row?.rps === 0),
        numberCell(podErrorShare(row), "share"),
        numberCell(row?.p95 ?? NaN, "seconds"),
        numberCell(use.cores, "cores", bounds.cpuLimit),
        numberCell(use.memoryBytes, "bytes", bounds.memoryLimit),
        numberCell(use.throttledShare, "share"),
        numberCell(pod.restarts, "count"),
        textCell(pod.node ?? ""),
      ],
    };
  });
  rows.sort(
    (a, b) => b.share - a.share || compareHealth(a.state, b.state) || compare(a.ref?.name ?? "", b.ref?.name ?? ""),
  );
  return {
    id: "pods",
    title: say("Pods"),
    columns: [
      textColumn("name", say("Name")),
      textColumn("state", say("State")),
      numberColumn("rps", say("Requests")),
      numberColumn("errors", say("Errors")),
      numberColumn("p95", say("p95")),
      numberColumn("cpu", say("CPU")),
      numberColumn("memory", say("Memory")),
      numberColumn("throttled", say("CPU held back")),
      numberColumn("restarts", say("Restarts")),
      textColumn("node", say("Node")),
    ],
    rows: rows.map(({ to, ref, cells, share }) => ({ to, ref, cells, share })),
    why: rows.length === 0 ? say("No pods are known") : (traffic.why ?? resources.why),
  };
}
