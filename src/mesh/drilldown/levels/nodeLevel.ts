import { MeshError } from "../../meshError.ts";
import { fill, say, type Message } from "../../message.ts";
import type { NodeView } from "../../inventory/views.ts";
import type { NodeUse, Unit } from "../../telemetry/levels/levelTelemetry.ts";
import { numberCell, numberColumn, stateCell, textCell, textColumn } from "../cells.ts";
import { nodeOffers, resourceOffers } from "../chartOffers.ts";
import type { Figure, LevelTable, Origin, TableRow } from "../level.ts";
import type { LevelParts, LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "../levelStore.ts";
import { containersOf, noBounds, podBounds } from "../resources/podSpec.ts";
import { isNow, readResources, useOf, type ResourceReading } from "../resources/readResources.ts";
import { conditionTable, eventTable } from "./podTables.ts";
import { goneParts } from "./goneLevel.ts";
import type { NodePods } from "../drilldownInput.ts";

/** A node: its conditions, how much of it is used, and by which pods. */
export async function nodeLevel(question: LevelQuestion): Promise<LevelParts> {
  const { input, index, at, signal } = question;
  const { ref } = at;
  const view = index.node(ref);
  const mayRead = { verb: "get", group: "", resource: "nodes", name: ref.name };
  const [object, events, pods, use, resources, allowed] = await Promise.all([
    answerOrWhy(input.reads.object(ref, signal), signal),
    answerOrWhy(input.reads.events(ref, signal), signal),
    answerOrWhy(input.reads.podsOfNode(ref.cluster, ref.name, signal), signal),
    readNodeUse(question, view),
    readResources(question, ref.cluster, { what: "podsOfNode", node: ref.name }),
    answerOrWhy(input.reads.mayI(ref.cluster, mayRead, signal), signal),
  ]);
  if (MeshError.is(object) && object.kind === "not-found") return goneParts(question);
  const manifest = MeshError.is(object) ? undefined : object;
  const forbidden = allowed === false || (MeshError.is(object) && object.kind === "forbidden");
  const verdict = view && input.nodeVerdict(view);
  const reasons = forbidden ? [say("not permitted: {0}", "get nodes")] : (verdict?.reasons ?? []);
  return {
    presence: forbidden || MeshError.is(object) ? "unreadable" : "there",
    title: ref.name,
    subtitle: [say("Node"), index.contextOf(ref.cluster), ...(view?.zone === undefined ? [] : [view.zone])],
    state: verdict?.state ?? "unknown",
    reasons: reasons.map((words) => ({ words, to: undefined })),
    figures: nodeFigures(use),
    suspects: [],
    charts: [...(use.origin && use.hasCharts ? nodeOffers() : []), ...resourceOffers(resources, noBounds)],
    tables: [podsTable(question, pods, resources), conditionTable(manifest), eventTable(events)],
    facts: [
      {
        title: say("Node"),
        facts: [
          { name: say("Cluster"), values: [index.contextOf(ref.cluster)] },
          ...(view?.zone === undefined ? [] : [{ name: say("Zone"), values: [view.zone] }]),
          ...(view ? [{ name: say("Addresses"), values: view.addresses }] : []),
          ...(view?.allocatableCores === undefined
            ? []
            : [{ name: say("Allocatable CPU"), values: [input.format.cores(view.allocatableCores)] }]),
          ...(view?.allocatableBytes === undefined
            ? []
            : [{ name: say("Allocatable memory"), values: [input.format.bytes(view.allocatableBytes)] }]),
          ...(view?.isUnschedulable ? [{ name: say("Scheduling"), values: [say("no new pods (cordoned)")] }] : []),
        ],
      },
    ],
    configuration: [],
    findings: [],
    actions: ["openYaml", "describe", "validate", "copyName", "copyCommand"],
    problems: [
      ...(forbidden ? [say("not permitted: {0}", "get nodes")] : MeshError.is(object) ? [object.words] : []),
      ...(use.why ? [use.why] : []),
      ...(!MeshError.is(pods) && pods.unread ? [pods.unread.words] : []),
    ],
    staleSince: undefined,
  };
}

interface NodeReading {
  readonly use: Partial<NodeUse>;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly coresLimit: number;
  readonly bytesLimit: number;
  readonly origin: Origin | undefined;
  readonly why: Message | undefined;
  readonly hasCharts: boolean;
}

async function readNodeUse(question: LevelQuestion, view: NodeView | undefined): Promise<NodeReading> {
  const { input, index, at, windowSeconds, atMillis, signal } = question;
  const { ref } = at;
  const none = { use: {}, cores: NaN, memoryBytes: NaN, coresLimit: NaN, bytesLimit: NaN, hasCharts: false };
  const store = levelStoreOf(input, ref.cluster);
  if (isStore(store) && store.capabilities?.nodeExporter.present !== false) {
    const nodes = [{ name: ref.name, addresses: view?.addresses ?? [] }];
    const asked = store.telemetry.nodes({ nodes, cluster: store.exporterRows, windowSeconds, atMillis }, signal);
    const answer = await answerOrWhy(asked, signal);
    const row = MeshError.is(answer) ? undefined : answer.rows.find(({ node }) => node === ref.name);
    if (row && !MeshError.is(answer)) {
      const origin = { source: store.label, provenance: answer.provenance };
      const [first] = answer.missing;
      const why = first && say("{0}: {1}", fill(first.what), fill(first.why));
      return { ...none, use: row, origin, why, hasCharts: true };
    }
  }
  const context = index.contextOf(ref.cluster);
  if (!isNow(question)) {
    const why = say("No numbers of the node of that time: node-exporter in Prometheus would give them");
    return { ...none, origin: undefined, why };
  }
  const measured = await answerOrWhy(input.reads.nodeMetrics(ref.cluster, ref.name, signal), signal);
  const row = MeshError.is(measured) ? undefined : measured.rows[0];
  if (!row) {
    const why = say(
      "No numbers of the node: node-exporter in Prometheus would give CPU, memory, file systems, network and charts; metrics.k8s.io of {0} CPU and memory of now",
      context,
    );
    return { ...none, origin: undefined, why };
  }
  return {
    ...none,
    cores: row.cores,
    memoryBytes: row.memoryBytes,
    coresLimit: view?.allocatableCores ?? NaN,
    bytesLimit: view?.allocatableBytes ?? NaN,
    origin: { source: fill(say("metrics.k8s.io of {0}", context)), provenance: [] },
    why: say(
      "CPU and memory are from metrics.k8s.io of {0}. node-exporter in Prometheus would add file systems, network and charts",
      context,
    ),
  };
}

function nodeFigures({ use, cores, memoryBytes, coresLimit, bytesLimit, origin, why }: NodeReading): readonly Figure[] {
  const figure = (id: string, title: Message, value: number | undefined, unit: Unit): Figure => ({
    id,
    title,
    value: value ?? NaN,
    unit,
    why: value === undefined || Number.isNaN(value) ? why : undefined,
    origin: value === undefined || Number.isNaN(value) ? undefined : origin,
  });
  const byServer = !Number.isNaN(cores) || !Number.isNaN(memoryBytes);
  return [
    ...(byServer
      ? [
          { ...figure("cpu", say("CPU"), cores, "cores"), ...limited(coresLimit) },
          { ...figure("memory", say("Memory"), memoryBytes, "bytes"), ...limited(bytesLimit) },
        ]
      : [
          figure("cpu", say("CPU used"), use.cpuShare, "share"),
          figure("memory", say("Memory used"), use.memoryShare, "share"),
        ]),
    figure("filesystem", say("Fullest file system"), use.filesystemShare, "share"),
    figure("received", say("Network received"), use.receivedBytesPerSecond, "bytesPerSecond"),
    figure("sent", say("Network sent"), use.sentBytesPerSecond, "bytesPerSecond"),
    figure("load", say("Load per CPU"), use.loadPerCpu, "count"),
  ];
}

function limited(limit: number): Pick<Figure, "limit"> {
  return Number.isNaN(limit) ? {} : { limit };
}

/** "Was it the neighbour?": the pods of the node, most memory first. */
function podsTable(question: LevelQuestion, read: NodePods | MeshError, resources: ResourceReading): LevelTable {
  const { index, at } = question;
  const { cluster, name: node } = at.ref;
  const listed = MeshError.is(read) ? [] : read.pods;
  const bounds = new Map(
    listed.map(({ metadata, spec }) => [`${metadata.namespace ?? ""}/${metadata.name}`, podBounds(containersOf(spec))]),
  );
  const known = index.podsOn(cluster, node);
  const names = new Map([
    ...known.map(
      ({ pod: { ref } }) => [`${ref.namespace}/${ref.name}`, { namespace: ref.namespace, name: ref.name }] as const,
    ),
    ...listed.map(({ metadata: { namespace = "", name } }) => [`${namespace}/${name}`, { namespace, name }] as const),
  ]);
  const rows = [...names].map(([key, { namespace, name }]) => {
    const ref = { cluster, group: "", kind: "Pod", namespace, name };
    const use = useOf(resources, ref);
    const { cpuLimit, memoryLimit } = bounds.get(key) ?? noBounds;
    const owned = index.pod(ref);
    const row: TableRow = {
      to: { level: "pod", ref },
      ref,
      share: 0,
      cells: [
        textCell(namespace),
        textCell(name),
        owned
          ? stateCell(index.podState(owned.pod), say("{0}", owned.pod.reason ?? owned.pod.phase))
          : stateCell("unknown"),
        numberCell(use.cores, "cores", cpuLimit),
        numberCell(use.memoryBytes, "bytes", memoryLimit),
        numberCell(use.throttledShare, "share"),
      ],
    };
    return { row, key, memory: Number.isNaN(use.memoryBytes) ? -1 : use.memoryBytes };
  });
  rows.sort((a, b) => b.memory - a.memory || (a.key < b.key ? -1 : 1));
  return {
    id: "pods",
    title: say("Pods on it"),
    columns: [
      textColumn("namespace", say("Namespace")),
      textColumn("name", say("Name")),
      textColumn("state", say("State")),
      numberColumn("cpu", say("CPU")),
      numberColumn("memory", say("Memory")),
      numberColumn("throttled", say("CPU held back")),
    ],
    rows: rows.map(({ row }) => row),
    why: MeshError.is(read) ? read.words : resources.why,
  };
}
