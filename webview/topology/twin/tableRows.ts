import type { Format } from "../../../src/mesh/format/format.ts";
import { say, type Message } from "../../../src/mesh/message.ts";
import { flag, none, states } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { Target } from "../../../src/protocol/topology/topologyContract.ts";
import type { NodeState } from "../../../src/mesh/explorer/node.ts";
import { stateWords } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import type { Picture } from "../picture.ts";
import { badgeWords, kindWords, protocolName } from "../spoken.ts";

/** One cell: what is shown, and what it is sorted by. NaN sorts last either way. */
export interface Cell {
  readonly text: string;
  readonly by: number | string;
  /** Bytes per second, which do not compare with requests per second: they come after those either way. */
  readonly isBytes?: boolean;
}

export interface Row {
  readonly target: Target;
  readonly state: NodeState;
  readonly isDim: boolean;
  readonly isFound: boolean;
  readonly cells: readonly Cell[];
}

export interface Column {
  readonly title: Message;
  readonly isNumber: boolean;
}

const severity: Readonly<Record<NodeState, number>> = { failing: 0, degraded: 1, unknown: 2, idle: 3, healthy: 4 };

export const nodeColumns: readonly Column[] = [
  { title: say("Name"), isNumber: false },
  { title: say("Kind"), isNumber: false },
  { title: say("Namespace"), isNumber: false },
  { title: say("Cluster"), isNumber: false },
  { title: say("State"), isNumber: false },
  { title: say("In"), isNumber: true },
  { title: say("Out"), isNumber: true },
  { title: say("Errors"), isNumber: true },
  { title: say("Marks"), isNumber: false },
];

export const edgeColumns: readonly Column[] = [
  { title: say("From"), isNumber: false },
  { title: say("To"), isNumber: false },
  { title: say("Protocol"), isNumber: false },
  { title: say("State"), isNumber: false },
  { title: say("Rate"), isNumber: true },
  { title: say("Errors"), isNumber: true },
  { title: say("Label"), isNumber: true },
];

/** Drawn nodes and boxes' contents alike: the table does not fold anything. */
export function nodeRows(picture: Picture, format: Format): Row[] {
  const { nodes } = picture.snapshot;
  const rows: Row[] = [];
  for (let node = 0; node < nodes.count; node++) {
    const flags = nodes.flags[node] ?? 0;
    if ((flags & flag.hidden) !== 0) continue;
    const state = picture.nodeState(node);
    const version = picture.nodeVersion(node);
    const name = picture.nodeName(node);
    const traffic = (rps: number | undefined, bytes: number | undefined): Cell =>
      isRequests(rps)
        ? { text: format.rate(rps), by: rps }
        : { text: format.throughput(bytes), by: bytes ?? NaN, isBytes: true };
    rows.push({
      target: { what: "node", id: picture.ids.nodes[node] ?? "" },
      state,
      isDim: (flags & (flag.dim | flag.ghost)) !== 0,
      isFound: (flags & flag.found) !== 0,
      cells: [
        textCell(version === "" || name.endsWith(version) ? name : `${name} ${version}`),
        textCell(words(kindWords[picture.nodeKind(node)])),
        textCell(picture.around(node, "namespace")),
        textCell(picture.around(node, "cluster")),
        { text: words(stateWords[state]), by: severity[state] },
        traffic(nodes.rpsIn[node], nodes.bytesIn[node]),
        traffic(nodes.rpsOut[node], nodes.bytesOut[node]),
        numberCell(nodes.errorRate[node], format.share),
        textCell(
          picture
            .nodeBadges(node)
            .map((badge) => words(badgeWords[badge]))
            .join(", "),
        ),
      ],
    });
  }
  return rows;
}

export function edgeRows(picture: Picture, format: Format, label: (value: number | undefined) => string): Row[] {
  const { edges, nodes, protocols } = picture.snapshot;
  const rows: Row[] = [];
  for (let edge = 0; edge < edges.count; edge++) {
    const source = edges.source[edge] ?? none;
    const target = edges.target[edge] ?? none;
    const flags = edges.flags[edge] ?? 0;
    if (((flags | (nodes.flags[source] ?? 0) | (nodes.flags[target] ?? 0)) & flag.hidden) !== 0) continue;
    const state = states[edges.state[edge] ?? none] ?? "unknown";
    const back = edges.back[edge] ?? NaN;
    const rate = edges.rate[edge] ?? NaN;
    rows.push({
      target: { what: "edge", id: picture.ids.edges[edge] ?? "" },
      state,
      isDim: (flags & (flag.dim | flag.ghost)) !== 0,
      isFound: (flags & flag.found) !== 0,
      cells: [
        textCell(picture.nodeName(source)),
        textCell(picture.nodeName(target)),
        textCell(protocolName(protocols[edges.protocol[edge] ?? 0] ?? "")),
        { text: words(stateWords[state]), by: severity[state] },
        Number.isNaN(back)
          ? numberCell(rate, format.rate)
          : { text: format.flow(back, rate), by: back + rate, isBytes: true },
        numberCell(edges.errorRate[edge], format.share),
        numberCell(edges.label[edge], label),
      ],
    });
  }
  return rows;
}

export interface Order {
  readonly column: number;
  readonly isDescending: boolean;
}

/** Rows in an order that two equal pictures share: ties by id, so that nothing jumps. */
export function sorted(rows: readonly Row[], { column, isDescending }: Order, locale: string): Row[] {
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [a.cells[column], b.cells[column]];
    const [x, y] = [left?.by ?? NaN, right?.by ?? NaN];
    if (typeof x === "string" || typeof y === "string") {
      return sign * collator.compare(String(x), String(y)) || compareIds(a, b);
    }
    if (Number.isNaN(x) || Number.isNaN(y))
      return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || compareIds(a, b);
    return Number(left?.isBytes ?? false) - Number(right?.isBytes ?? false) || sign * (x - y) || compareIds(a, b);
  });
}

function compareIds(a: Row, b: Row): number {
  return a.target.id < b.target.id ? -1 : a.target.id > b.target.id ? 1 : 0;
}

function textCell(text: string): Cell {
  return { text, by: text };
}

function numberCell(value: number | undefined, text: (value: number | undefined) => string): Cell {
  return { text: text(value), by: value ?? NaN };
}

function isRequests(rps: number | undefined): rps is number {
  return rps !== undefined && !Number.isNaN(rps);
}
