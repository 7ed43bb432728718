import { graphViews, badges, nodeKinds } from "../../mesh/topology/graph/graph.ts";
import { fieldsOf } from "../../mesh/model/fields.ts";
import {
  flag,
  none,
  states,
  type BoxColumns,
  type EdgeColumns,
  type GraphSnapshot,
  type NodeColumns,
} from "./graphSnapshot.ts";
import { readLines } from "./snapshotLines.ts";
import { unreadable } from "./unreadable.ts";

// What arrives is checked once, here: behind this, every index points to something.

const mostNodes = 200_000;
const mostEdges = 1_000_000;
const mostProtocols = 0x100;

/** Reads a picture that came over the wire. Throws a MeshError (`bad-data`) that says what is wrong with it. */
export function readSnapshot(value: unknown): GraphSnapshot {
  const fields = fieldsOf(value);
  const strings = textsOf(fields["strings"], "strings");
  const protocols = textsOf(fields["protocols"], "protocols");
  check(protocols.length <= mostProtocols, "protocols");
  const boxes = readBoxes(fields["boxes"], strings.length);
  const nodes = readNodes(fields["nodes"], { strings: strings.length, boxes: boxes.count });
  const edges = readEdges(fields["edges"], { nodes: nodes.count, protocols: protocols.length });
  const view = graphViews.find((name) => name === fields["view"]);
  if (view === undefined) throw unreadable("view");
  return { view, strings, protocols, nodes, boxes, edges, ...readLines(fields) };
}

function check(isRight: boolean, part: string): asserts isRight {
  if (!isRight) throw unreadable(part);
}

function readNodes(value: unknown, { strings, boxes }: { strings: number; boxes: number }): NodeColumns {
  const read = columnsOf(value, "nodes", mostNodes);
  return {
    count: read.count,
    kind: read.bytes("kind", nodeKinds.length),
    name: read.words("name", strings),
    version: read.words("version", strings),
    box: read.links("box", () => boxes),
    state: read.bytes("state", states.length),
    badges: read.shorts("badges", 1 << badges.length),
    flags: read.shorts("flags", 2 * flag.old),
    ready: read.shorts("ready", 0x10000),
    desired: read.shorts("desired", 0x10000),
    rpsIn: read.numbers("rpsIn"),
    rpsOut: read.numbers("rpsOut"),
    errorRate: read.numbers("errorRate"),
    bytesIn: read.numbers("bytesIn"),
    bytesOut: read.numbers("bytesOut"),
  };
}

function readBoxes(value: unknown, strings: number): BoxColumns {
  const read = columnsOf(value, "boxes", mostNodes);
  const kind = read.bytes("kind", 3);
  // Parents stand before their children and are of an outer kind, so that walking up always ends.
  const parent = read.links("parent", (box) => box);
  parent.forEach((outer, box) => {
    check(outer === none || (kind[outer] ?? 3) < (kind[box] ?? 0), "boxes.parent");
  });
  return {
    count: read.count,
    kind,
    name: read.words("name", strings),
    title: read.words("title", strings),
    parent,
    state: read.bytes("state", states.length),
  };
}

function readEdges(value: unknown, { nodes, protocols }: { nodes: number; protocols: number }): EdgeColumns {
  const read = columnsOf(value, "edges", mostEdges);
  return {
    count: read.count,
    source: read.words("source", nodes),
    target: read.words("target", nodes),
    protocol: read.bytes("protocol", protocols),
    state: read.bytes("state", states.length),
    flags: read.shorts("flags", 2 * flag.old),
    rate: read.numbers("rate"),
    back: read.numbers("back"),
    errorRate: read.numbers("errorRate"),
    label: read.numbers("label"),
  };
}

interface Columns {
  readonly count: number;
  bytes(name: string, below: number): Uint8Array;
  shorts(name: string, below: number): Uint16Array;
  words(name: string, below: number): Uint32Array;
  /** Indexes below a limit by row, or `none`. */
  links(name: string, below: (row: number) => number): Uint32Array;
  /** Not negative and finite, or NaN. */
  numbers(name: string): Float32Array;
}

interface ColumnTypes {
  readonly Uint8Array: Uint8Array;
  readonly Uint16Array: Uint16Array;
  readonly Uint32Array: Uint32Array;
  readonly Float32Array: Float32Array;
}

function columnsOf(value: unknown, table: string, most: number): Columns {
  const fields = fieldsOf(value);
  const count = fields["count"];
  check(typeof count === "number" && Number.isSafeInteger(count) && count >= 0 && count <= most, `${table}.count`);
  const column = <T extends keyof ColumnTypes>(name: string, tag: T): ColumnTypes[T] => {
    const found = Object.hasOwn(fields, name) ? fields[name] : undefined;
    // By tag, not instanceof: what comes from another realm has another constructor.
    check(Object.prototype.toString.call(found) === `[object ${tag}]`, `${table}.${name}`);
    const columnFound = found as ColumnTypes[T];
    check(columnFound.length === count, `${table}.${name}`);
    return columnFound;
  };
  const below = <T extends keyof ColumnTypes>(name: string, tag: T, limit: number): ColumnTypes[T] => {
    const found = column(name, tag);
    for (let i = 0; i < count; i++) check((found[i] ?? limit) < limit, `${table}.${name}`);
    return found;
  };
  return {
    count,
    bytes: (name, limit) => below(name, "Uint8Array", limit),
    shorts: (name, limit) => below(name, "Uint16Array", limit),
    words: (name, limit) => below(name, "Uint32Array", limit),
    links: (name, limitAt) => {
      const found = column(name, "Uint32Array");
      for (let i = 0; i < count; i++) {
        const link = found[i] ?? 0;
        check(link === none || link < limitAt(i), `${table}.${name}`);
      }
      return found;
    },
    numbers: (name) => {
      const found = column(name, "Float32Array");
      for (let i = 0; i < count; i++) {
        const number = found[i] ?? 0;
        check(Number.isNaN(number) || (number >= 0 && number !== Infinity), `${table}.${name}`);
      }
      return found;
    },
  };
}

function textsOf(value: unknown, name: string): readonly string[] {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [null];
  return texts.map((text) => {
    if (typeof text !== "string") throw unreadable(name);
    return text;
  });
}
