import { numberCell, numberColumn, rateCell, stateCell, textCell, textColumn, wordsCell } from "../drilldown/cells.ts";
import { meshServiceRef } from "../drilldown/crumbs.ts";
import type { Cell, Column, LevelTable, TableRow } from "../drilldown/level.ts";
import type { LevelQuestion } from "../drilldown/levelQuestion.ts";
import { onlyAsListed } from "../drilldown/rowNumbers.ts";
import { meshServiceOf } from "../explorer/meshService.ts";
import { errorShareOf } from "../explorer/rows/rowFacts.ts";
import { istioVersions } from "../explorer/clusterFacts.ts";
import { compareHealth, type Health } from "../health/verdict.ts";
import type { Counted, ServiceView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import type { Unit } from "../telemetry/levels/levelTelemetry.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { MeshNumbers } from "./meshNumbers.ts";
import type { MeshPart, Overview, TrafficSum, Worst } from "./overview.ts";

const trafficColumns: readonly Column[] = [
  textColumn("state", say("State")),
  numberColumn("rps", say("Requests")),
  numberColumn("errors", say("Errors")),
  numberColumn("p95", say("p95")),
];

export function namespaceTable({ namespaces }: Overview, numbers: MeshNumbers): LevelTable {
  const then = numbers.trafficThen;
  const rows = namespaces.map(({ name, traffic, verdict, services, workloads, pods }) => {
    const ref = { cluster: "", group: "", kind: "Namespace", namespace: "", name };
    const measured = then ? thenSum(then.get(name)) : traffic;
    return {
      state: verdict.state,
      name,
      row: row({ level: "namespace", ref }, [
        textCell(name),
        stateCell(verdict.state),
        ...trafficCells(measured, verdict.state, numbers.p95ByNamespace.get(name)),
        countCell(services),
        countCell(workloads),
        countCell(pods),
      ]),
    };
  });
  return {
    id: "namespaces",
    title: say("Namespaces"),
    columns: [
      textColumn("name", say("Namespace")),
      ...trafficColumns,
      numberColumn("services", say("Services in mesh")),
      numberColumn("workloads", say("Workloads in mesh")),
      numberColumn("pods", say("Pods in mesh")),
    ],
    rows: worstFirst(rows),
    why: rows.length === 0 ? say("No namespace has services or workloads that may be read") : undefined,
  };
}

/** Services of one namespace by name, whatever clusters they are in. */
export function meshServiceTable({ input, isAsListed }: LevelQuestion, { services }: Overview): LevelTable {
  const byName = new Map<string, ServiceView[]>();
  for (const view of services) {
    const key = `${view.ref.kind}/${view.ref.name}`;
    byName.set(key, [...(byName.get(key) ?? []), view]);
  }
  const rows = [...byName.values()].flatMap((members) => {
    const [first] = members;
    if (!first) return [];
    const { reading, verdict, p95 } = meshServiceOf(members, { assessment: (id) => input.assessment(id) });
    const state = verdict.state;
    const numbers: readonly Cell[] = isAsListed
      ? [
          rateCell(reading.requests?.rps ?? NaN, reading.kind === "idle"),
          numberCell(errorShareOf(reading) ?? NaN, "share"),
          numberCell(members.length === 1 ? (p95 ?? NaN) : NaN, "seconds"),
        ]
      : [rateCell(NaN, false), numberCell(NaN, "share"), numberCell(NaN, "seconds")];
    const cells = [textCell(first.ref.name), stateCell(state), ...numbers, numberCell(members.length, "count")];
    return [{ state, name: first.ref.name, row: row(meshServiceRef(first), cells) }];
  });
  return {
    id: "services",
    title: say("Services"),
    columns: [textColumn("name", say("Service")), ...trafficColumns, numberColumn("members", say("Clusters"))],
    rows: worstFirst(rows),
    why: rows.length === 0 ? say("It has no services that may be read") : isAsListed ? undefined : onlyAsListed,
  };
}

export function workloadTable({ input, index, isAsListed }: LevelQuestion, { workloads }: Overview): LevelTable {
  const rows = workloads.map(({ id, ref, replicas }) => {
    const { reading, verdict } = input.assessment(id);
    const cells = [
      textCell(ref.name),
      stateCell(verdict.state),
      rateCell(isAsListed ? (reading.requests?.rps ?? NaN) : NaN, isAsListed && reading.kind === "idle"),
      numberCell(isAsListed ? (errorShareOf(reading) ?? NaN) : NaN, "share"),
      numberCell(isAsListed ? (reading.latency?.p95 ?? NaN) : NaN, "seconds"),
      textCell(ref.kind),
      numberCell(replicas.ready, "count", replicas.desired),
      textCell(index.contextOf(ref.cluster)),
    ];
    return { state: verdict.state, name: ref.name, row: row({ level: "workload", ref }, cells, ref) };
  });
  return {
    id: "workloads",
    title: say("Workloads"),
    columns: [
      textColumn("name", say("Workload")),
      ...trafficColumns,
      textColumn("kind", say("Kind")),
      numberColumn("ready", say("Pods ready")),
      textColumn("cluster", say("Cluster")),
    ],
    rows: worstFirst(rows),
    why: rows.length === 0 ? say("It has no workloads that may be read") : isAsListed ? undefined : onlyAsListed,
  };
}

/** Three lists of at most six services; those that are empty are left out. */
export function worstTables(question: LevelQuestion, overview: Overview): readonly LevelTable[] {
  const { worstErrors, worstLatency, mostThroughput } = overview;
  return [
    worstTable(
      question,
      { id: "worstErrors", title: say("Most errors"), value: say("Errors"), unit: "share" },
      worstErrors,
    ),
    worstTable(
      question,
      { id: "worstLatency", title: say("Slowest"), value: say("p95"), unit: "seconds" },
      worstLatency,
    ),
    worstTable(
      question,
      {
        ...{ id: "mostThroughput", title: say("Most TCP throughput"), value: say("Both ways") },
        unit: "bytesPerSecond",
      },
      mostThroughput,
    ),
  ].filter(({ rows }) => rows.length > 0);
}

export function clusterTable({ isAsListed }: LevelQuestion, { clusters }: Overview): LevelTable {
  return {
    id: "clusters",
    title: say("Clusters"),
    columns: [
      textColumn("name", say("Cluster")),
      textColumn("state", say("State")),
      numberColumn("rps", say("Requests")),
      numberColumn("errors", say("Errors")),
      textColumn("istio", say("Istio")),
      textColumn("kubernetes", say("Kubernetes")),
      numberColumn("pods", say("Pods in mesh")),
    ],
    rows: clusters.map(({ cluster, traffic, verdict, pods }) =>
      row(undefined, [
        textCell(cluster.context),
        stateCell(verdict.state, verdict.reasons[0]),
        rateCell(isAsListed ? traffic.rps : NaN, false),
        numberCell(isAsListed ? traffic.errorRate : NaN, "share"),
        textCell(istioVersions(cluster).join(", ")),
        textCell(cluster.kubernetesVersion),
        countCell(pods),
      ]),
    ),
    why: isAsListed ? undefined : onlyAsListed,
  };
}

const roleWords: Readonly<Record<MeshPart["role"], Message>> = {
  istiod: say("Control plane"),
  cni: say("CNI"),
  ztunnel: say("ztunnel"),
  ingress: say("Ingress gateway"),
  egress: say("Egress gateway"),
  "east-west": say("East-west gateway"),
  waypoint: say("Waypoint"),
  gateway: say("Gateway"),
};

/** What runs the mesh. Each drills down as the workload that it is. */
export function partTable({ index }: LevelQuestion, { parts }: Overview): LevelTable {
  const rows = parts.map(({ role, ref, context, version, replicas, verdict }) => {
    const isWorkload = index.workload(ref) !== undefined;
    const cells = [
      textCell(ref.name),
      stateCell(verdict.state, verdict.reasons[0]),
      wordsCell(roleWords[role]),
      textCell(context),
      textCell(version ?? ""),
      numberCell(replicas?.ready ?? NaN, "count", replicas?.desired),
    ];
    return {
      state: verdict.state,
      name: `${context}/${ref.name}`,
      row: row(isWorkload ? { level: "workload", ref } : undefined, cells, ref),
    };
  });
  return {
    id: "parts",
    title: say("Control plane, gateways and node agents"),
    columns: [
      textColumn("name", say("Name")),
      textColumn("state", say("State")),
      textColumn("role", say("Role")),
      textColumn("cluster", say("Cluster")),
      textColumn("version", say("Version")),
      numberColumn("ready", say("Pods ready")),
    ],
    rows: worstFirst(rows),
    why: rows.length === 0 ? say("No control plane was found in these clusters") : undefined,
  };
}

interface WorstWords {
  readonly id: string;
  readonly title: Message;
  readonly value: Message;
  readonly unit: Unit;
}

function worstTable(
  { index, input }: LevelQuestion,
  { id, title, value, unit }: WorstWords,
  worst: readonly Worst[],
): LevelTable {
  return {
    id,
    title,
    columns: [
      textColumn("name", say("Service")),
      textColumn("state", say("State")),
      numberColumn("value", value),
      textColumn("namespace", say("Namespace")),
      textColumn("cluster", say("Cluster")),
    ],
    rows: worst.map(({ ref, id: service, value: amount }) =>
      row(
        { level: "service", ref },
        [
          textCell(ref.name),
          stateCell(input.assessment(service).verdict.state),
          numberCell(amount, unit),
          textCell(ref.namespace),
          textCell(index.contextOf(ref.cluster)),
        ],
        ref,
      ),
    ),
    why: undefined,
  };
}

function row(to: TableRow["to"], cells: readonly Cell[], ref?: ObjectRef): TableRow {
  return { to, ref, cells, share: 0 };
}

function trafficCells(
  { rps, errorRate }: Pick<TrafficSum, "rps" | "errorRate">,
  state: Health,
  p95 = NaN,
): readonly Cell[] {
  return [rateCell(rps, rps === 0 && state === "idle"), numberCell(errorRate, "share"), numberCell(p95, "seconds")];
}

function thenSum(sum: { readonly rps: number; readonly errorsPerSecond: number } | undefined) {
  if (!sum) return { rps: NaN, errorRate: NaN };
  return { rps: sum.rps, errorRate: sum.rps > 0 ? sum.errorsPerSecond / sum.rps : NaN };
}

function countCell({ inMesh, all }: Counted): Cell {
  return numberCell(inMesh ?? NaN, "count", all);
}

interface Ranked {
  readonly state: Health;
  readonly name: string;
  readonly row: TableRow;
}

function worstFirst(rows: readonly Ranked[]): readonly TableRow[] {
  return rows
    .toSorted((a, b) => compareHealth(a.state, b.state) || (a.name < b.name ? -1 : 1))
    .map(({ row: each }) => each);
}
