import { createFormat, noData, type Format } from "../mesh/format/format.ts";
import type { Health } from "../mesh/health/verdict.ts";
import type { Counted } from "../mesh/inventory/views.ts";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import { fill, say } from "../mesh/message.ts";
import type { ClusterKey } from "../mesh/model/refs.ts";
import { meshNumbers, type MeshNumbers } from "../mesh/overview/meshNumbers.ts";
import { overviewOf, type Overview, type TrafficSum, type Worst } from "../mesh/overview/overview.ts";
import { overviewJson } from "../mesh/overview/overviewRows.ts";
import type { ListCommand } from "./commandLine.ts";
import { healthCell, left, right } from "./listCells.ts";
import { table, type Cell, type Column } from "./table.ts";
import type { Terminal } from "./terminal.ts";

interface MeshOverview {
  readonly overview: Overview;
  readonly numbers: MeshNumbers;
}

/** Prints each mesh with its namespaces, what runs it and its worst services. Gives how many meshes there are. */
export async function listOverview(
  { namespaces, windowSeconds, format: form }: ListCommand,
  live: LiveMesh,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const input = live.drilldown();
  const overviews = await Promise.all(
    live.meshes.map(async (mesh): Promise<MeshOverview> => {
      const about = { input, mesh, namespace: undefined, isAsListed: true };
      const question = { ...about, windowSeconds, atMillis: input.now(), signal };
      return { overview: overviewOf(mesh, input, namespaces), numbers: await meshNumbers(question) };
    }),
  );
  for (const { numbers } of overviews) for (const problem of numbers.problems) terminal.note(problem);
  if (form === "json") {
    const rows = overviews.map(({ overview, numbers }) => overviewJson(overview, numbers));
    await terminal.print(`${JSON.stringify(rows, undefined, 2)}\n`);
  } else {
    const format = createFormat(terminal.locale);
    for (const each of overviews) await terminal.print(pageOf(each, format, terminal.isColoured));
  }
  return overviews.length;
}

function pageOf({ overview, numbers }: MeshOverview, format: Format, isColoured: boolean): string {
  const { mesh, traffic, pods, namespaces, parts } = overview;
  const contexts = new Map(mesh.clusters.map(({ key, context }) => [key, context]));
  const words = { isColoured, contextOf: (cluster: ClusterKey) => contexts.get(cluster) ?? cluster };
  const facts = [
    [fill(say("clusters")), mesh.clusters.map(({ context }) => context).join(", ")],
    [fill(say("services")), inMesh(mesh.services, format)],
    [fill(say("workloads")), inMesh(mesh.workloads, format)],
    [fill(say("pods")), inMesh(pods, format)],
    [fill(say("requests")), `${format.rate(traffic.rps)} · ${format.share(traffic.errorRate)}`],
    [fill(say("p95")), format.latency(numbers.p95)],
    [fill(say("istiod")), useOf(numbers, format)],
  ];
  const head = facts.map((fact) => fact.map((text): Cell => ({ text })));
  const blocks = [
    table([left(mesh.name), left("")], [[{ text: "health" }, healthCell(overview.verdict.state)], ...head], isColoured),
    block(
      namespaceColumns,
      namespaces.map((each) => namespaceCells(each, numbers, format)),
      isColoured,
    ),
    block(
      partColumns,
      parts.map(({ role, ref, context, version, replicas, verdict }) => [
        { text: role },
        { text: context },
        { text: `${ref.namespace}/${ref.name}` },
        { text: version ?? "unknown" },
        {
          text: replicas
            ? fill(say("{0} of {1}", format.count(replicas.ready), format.count(replicas.desired)))
            : noData,
        },
        healthCell(verdict.state),
      ]),
      isColoured,
    ),
    worstBlock("WORST ERRORS", overview.worstErrors, { ...words, write: format.share }),
    worstBlock("WORST LATENCY", overview.worstLatency, { ...words, write: format.latency }),
    worstBlock("MOST THROUGHPUT", overview.mostThroughput, { ...words, write: format.throughput }),
  ];
  return `${blocks.filter((text) => text !== "").join("\n")}\n`;
}

const namespaceColumns: readonly Column[] = [
  ...[left("NAMESPACE"), left("HEALTH"), right("RATE"), right("ERRORS"), right("P95")],
  ...[right("SERVICES"), right("WORKLOADS"), right("PODS")],
];
const partColumns: readonly Column[] = [
  ...[left("ROLE"), left("CLUSTER"), left("NAME"), left("VERSION"), left("READY"), left("HEALTH")],
];

function namespaceCells(
  { name, verdict, traffic, services, workloads, pods }: Overview["namespaces"][number],
  numbers: MeshNumbers,
  format: Format,
): readonly Cell[] {
  return [
    { text: name },
    healthCell(verdict.state),
    rateCell(traffic, verdict.state, format),
    { text: format.share(traffic.errorRate) },
    { text: format.latency(numbers.p95ByNamespace.get(name)) },
    { text: inMesh(services, format) },
    { text: inMesh(workloads, format) },
    { text: inMesh(pods, format) },
  ];
}

function rateCell({ rps }: TrafficSum, state: Health, format: Format): Cell {
  return rps === 0 && state === "idle" ? { text: "idle", colour: "dim" } : { text: format.rate(rps) };
}

interface WorstWords {
  readonly isColoured: boolean;
  readonly contextOf: (cluster: ClusterKey) => string;
  readonly write: (value: number) => string;
}

function worstBlock(title: string, worst: readonly Worst[], { isColoured, write, contextOf }: WorstWords): string {
  const rows = worst.map(({ ref, value }) => [
    { text: `${ref.namespace}/${ref.name}` },
    { text: contextOf(ref.cluster) },
    { text: write(value) },
  ]);
  return block([left(title), left("CLUSTER"), right("")], rows, isColoured);
}

/** Titles alone are not printed. */
function block(columns: readonly Column[], rows: readonly (readonly Cell[])[], isColoured: boolean): string {
  return rows.length > 0 ? table(columns, rows, isColoured) : "";
}

function useOf({ controlPlane: { cores, memoryBytes, why } }: MeshNumbers, format: Format): string {
  if (why) return `${noData} (${fill(why)})`;
  return `${format.cores(cores)} · ${format.bytes(memoryBytes)}`;
}

function inMesh({ inMesh: inside, all }: Counted, format: Format): string {
  if (Number.isNaN(all)) return noData;
  return fill(say("{0} of {1}", format.count(inside), format.count(all)));
}
