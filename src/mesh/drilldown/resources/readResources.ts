import { MeshError } from "../../meshError.ts";
import { fill, say, type Message } from "../../message.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { ContainerUse, ResourcesOf, RowsAnswer } from "../../telemetry/levels/levelTelemetry.ts";
import type { ResourceMetrics } from "../drilldownInput.ts";
import type { Origin } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf, type LevelStore } from "../levelStore.ts";

/** What a pod takes, and each of its containers. NaN: not told. */
export interface PodUse {
  readonly namespace: string;
  readonly pod: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Of the container that is held back most. */
  readonly throttledShare: number;
  readonly containers: ReadonlyMap<string, Pick<ContainerUse, "cores" | "memoryBytes" | "throttledShare">>;
}

export interface ResourceReading {
  /** By "namespace/pod". */
  readonly pods: ReadonlyMap<string, PodUse>;
  readonly origin: Origin | undefined;
  /** Why there is nothing, or not all, and what would give it. */
  readonly why: Message | undefined;
  /** True where charts of CPU and memory can be asked for. */
  readonly hasCharts: boolean;
}

/** Namespaces on one node whose use is asked for at most, one question each. */
const mostNamespaces = 12;

/** CPU and memory of pods: from cAdvisor by the cluster's store, else from metrics.k8s.io, else nothing, and why. */
export async function readResources(
  question: LevelQuestion,
  cluster: ClusterKey,
  of: ResourcesOf,
): Promise<ResourceReading> {
  const { input, signal } = question;
  const store = levelStoreOf(input, cluster);
  const stored = isStore(store) ? await askStore(question, store, of) : store;
  if ("rows" in stored && stored.rows.length > 0 && isStore(store)) {
    const pods = byPod(stored.rows);
    const origin = { source: store.label, provenance: stored.provenance };
    const [first] = stored.missing;
    const why = first && say("{0}: {1}", fill(first.what), fill(first.why));
    return { pods, origin, why, hasCharts: true };
  }
  const context = question.index.contextOf(cluster);
  const source = isStore(store) ? store.label : undefined;
  if (!isNow(question)) return nothing(notThen(source));
  const measured = await answerOrWhy(askServer(question, cluster, of), signal);
  if (MeshError.is(measured)) return nothing(neither(context, source, measured));
  return {
    pods: byPod(measured.rows.map(({ name, ...row }) => ({ ...row, pod: name, throttledShare: NaN }))),
    origin: { source: fill(say("metrics.k8s.io of {0}", context)), provenance: [] },
    why: say(
      "CPU and memory are from metrics.k8s.io of {0}. cAdvisor in Prometheus would add charts and CPU throttling",
      context,
    ),
    hasCharts: false,
  };
}

export function useOf(reading: ResourceReading, pod: { readonly namespace: string; readonly name: string }): PodUse {
  const none = { cores: NaN, memoryBytes: NaN, throttledShare: NaN, containers: new Map<string, never>() };
  return reading.pods.get(`${pod.namespace}/${pod.name}`) ?? { namespace: pod.namespace, pod: pod.name, ...none };
}

/** Sum of what is told of all of them; NaN where one does not tell, since the sum would be too low. */
export function sumOf(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((a, b) => a + b) : NaN;
}

async function askStore(
  { windowSeconds, atMillis, signal }: LevelQuestion,
  { telemetry, exporterRows, capabilities }: LevelStore,
  of: ResourcesOf,
): Promise<RowsAnswer<ContainerUse> | MeshError> {
  if (capabilities && !capabilities.cadvisor.present) return { rows: [], provenance: [], missing: [] };
  return answerOrWhy(telemetry.containers({ of, cluster: exporterRows, windowSeconds, atMillis }, signal), signal);
}

async function askServer(
  { input: { reads }, index, signal }: LevelQuestion,
  cluster: ClusterKey,
  of: ResourcesOf,
): Promise<ResourceMetrics> {
  if (of.what === "podsOfNode") {
    // The API knows no nodes: pods of watched namespaces are asked for by namespace.
    const pods = index.podsOn(cluster, of.node).map(({ pod }) => `${pod.ref.namespace}/${pod.ref.name}`);
    const namespaces = [...new Set(index.podsOn(cluster, of.node).map(({ pod }) => pod.ref.namespace))];
    const answers = await Promise.all(
      namespaces.slice(0, mostNamespaces).map((namespace) => reads.podMetrics(cluster, namespace, signal)),
    );
    const there = new Set(pods);
    const rows = answers.flatMap((answer) => answer.rows);
    return {
      rows: rows.filter(({ namespace, name }) => there.has(`${namespace}/${name}`)),
      atMillis: answers[0]?.atMillis ?? NaN,
    };
  }
  const { rows, atMillis } = await reads.podMetrics(cluster, of.namespace, signal);
  const wanted = new Set(of.pods);
  return { rows: rows.filter(({ name }) => wanted.has(name)), atMillis };
}

/** What metrics.k8s.io says is of the last minute. */
export function isNow({ atMillis, input }: LevelQuestion): boolean {
  return input.now() - atMillis < 120_000;
}

function nothing(why: Message): ResourceReading {
  return { pods: new Map(), origin: undefined, why, hasCharts: false };
}

function notThen(store: string | undefined): Message {
  return store === undefined
    ? say("No CPU and memory of that time: metrics.k8s.io tells of now only. cAdvisor in Prometheus would give them")
    : say("{0} has no CPU and memory of that time. cAdvisor in it would give them", store);
}

function neither(context: string, store: string | undefined, error: MeshError): Message {
  const served = error.kind === "not-found" || error.kind === "unsupported" ? undefined : fill(error.words);
  const where = store ?? "Prometheus";
  return served === undefined
    ? say(
        "No CPU and memory: {0} serves no metrics.k8s.io, and {1} holds nothing of cAdvisor. cAdvisor (the kubelet's /metrics/cadvisor) would give them with charts and throttling, metrics-server the numbers of now",
        context,
        where,
      )
    : say(
        "No CPU and memory: {0} holds nothing of cAdvisor, and metrics.k8s.io of {1} answered: {2}",
        where,
        context,
        served,
      );
}

function byPod(rows: readonly ContainerUse[]): ReadonlyMap<string, PodUse> {
  const grouped = new Map<string, ContainerUse[]>();
  for (const row of rows) {
    const key = `${row.namespace}/${row.pod}`;
    const list = grouped.get(key);
    if (list) list.push(row);
    else grouped.set(key, [row]);
  }
  return new Map([...grouped].map(([key, uses]) => [key, podUse(uses)]));
}

function podUse(uses: readonly ContainerUse[]): PodUse {
  const throttled = uses.map(({ throttledShare }) => throttledShare).filter((share) => !Number.isNaN(share));
  return {
    namespace: uses[0]?.namespace ?? "",
    pod: uses[0]?.pod ?? "",
    cores: sumOf(uses.map(({ cores }) => cores)),
    memoryBytes: sumOf(uses.map(({ memoryBytes }) => memoryBytes)),
    throttledShare: throttled.length > 0 ? Math.max(...throttled) : NaN,
    containers: new Map(uses.map((use) => [use.container, use])),
  };
}
