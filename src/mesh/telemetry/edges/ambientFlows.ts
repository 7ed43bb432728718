import type { AmbientTraffic } from "./calls.ts";
import { edgeMetrics } from "./edgeTable.ts";
import { nobody, reporters, type PlacedRows } from "./placedRows.ts";
import type { Slices } from "./slices.ts";
import { TupleIndex } from "./tupleIndex.ts";

const requests = edgeMetrics.indexOf("requests");

/**
 * Marks the rows that tell of the kind of traffic asked for (1) and leaves out what would draw a flow a second time. The
 * L4 proxies of ambient workloads report every flow as TCP, whatever a waypoint, sidecar or gateway tells of it as requests:
 *
 * - A waypoint's flow has two such legs, client to waypoint and waypoint to server. Mostly the first is seen by the source
 *   only and the second by the destination only.
 * - What a sidecar or gateway sends over mTLS has one, seen by the destination only. All of it is told by the sender.
 *
 * So legs that end or begin at a waypoint are left out, and what the same caller tells as requests; where the waypoints'
 * names are not known, what only one end reports of something that waypoints report of. Plain text came from others.
 */
export async function ofAmbient(rows: PlacedRows, ambient: AmbientTraffic, slices: Slices): Promise<Uint8Array> {
  const wanted = new Uint8Array(rows.length);
  if (ambient !== "total") {
    const carrier = ambient === "ztunnel" ? 1 : 0;
    for (let i = 0; i < rows.length; i++) wanted[i] = rows.isZtunnel[i] === carrier ? 1 : 0;
    return wanted;
  }
  if (!rows.isZtunnel.subarray(0, rows.length).includes(1)) return wanted.fill(1);
  const told = new ToldFlows(rows);
  await slices.over(rows.length, (from, to) => {
    for (let i = from; i < to; i++) told.add(i);
  });
  await slices.over(rows.length, (from, to) => {
    for (let i = from; i < to; i++) wanted[i] = rows.isZtunnel[i] === 1 && told.isToldElsewhere(i) ? 0 : 1;
  });
  return wanted;
}

/** What is a caller with its place, a service and so on: the first number tells the kinds of pairs apart. */
const kinds = {
  toService: 0,
  toWorkload: 1,
  behindService: 2,
  behindWorkload: 3,
  bySource: 4,
  byDestination: 5,
} as const;

class ToldFlows {
  readonly #rows: PlacedRows;
  readonly #told = new TupleIndex(6, 4096);

  constructor(rows: PlacedRows) {
    this.#rows = rows;
  }

  add(i: number): void {
    const { reporter, isZtunnel, metric, source, service, destination } = this.#rows;
    const isRequest = metric[i] === requests;
    if (!isRequest)
      this.#put(reporter[i] === reporters.source ? kinds.bySource : kinds.byDestination, ...this.#flow(i));
    if (isZtunnel[i] === 1) return;
    const [from, to] = [this.#rows.sourcePlace[i] ?? 0, this.#destinationPlace(i)];
    if (reporter[i] === reporters.waypoint) {
      if (service[i] !== nobody) this.#put(kinds.behindService, service[i] ?? 0, to);
      if (destination[i] !== nobody) this.#put(kinds.behindWorkload, destination[i] ?? 0, to);
    } else if (reporter[i] === reporters.source && isRequest && source[i] !== nobody) {
      if (service[i] !== nobody) this.#put(kinds.toService, source[i] ?? 0, from, service[i] ?? 0);
      if (destination[i] !== nobody) this.#put(kinds.toWorkload, source[i] ?? 0, from, destination[i] ?? 0);
    }
  }

  isToldElsewhere(i: number): boolean {
    const { isWaypoint, source, destination, service, sourcePlace, reporter, security, strings } = this.#rows;
    const [caller, callee, name] = [source[i] ?? nobody, destination[i] ?? nobody, service[i] ?? nobody];
    if (isWaypoint[caller] === 1 || isWaypoint[callee] === 1) return true;
    const [from, to] = [sourcePlace[i] ?? 0, this.#destinationPlace(i)];
    if (caller !== nobody) {
      if (name !== nobody && this.#has(kinds.toService, caller, from, name)) return true;
      if (callee !== nobody && this.#has(kinds.toWorkload, caller, from, callee)) return true;
    }
    const isBehind =
      (name !== nobody && this.#has(kinds.behindService, name, to)) ||
      (callee !== nobody && this.#has(kinds.behindWorkload, callee, to));
    if (!isBehind) return false;
    if (reporter[i] === reporters.source) return !this.#has(kinds.byDestination, ...this.#flow(i));
    return strings.text(security[i] ?? 0) === "mutual_tls" && !this.#has(kinds.bySource, ...this.#flow(i));
  }

  #flow(i: number): readonly [number, number, number, number] {
    const { source, destination, metric, flags } = this.#rows;
    return [source[i] ?? nobody, destination[i] ?? nobody, metric[i] ?? 0, flags[i] ?? 0];
  }

  #destinationPlace(i: number): number {
    const told = this.#rows.destinationPlace[i] ?? nobody;
    return told >= 0 ? told : (this.#rows.own[i] ?? nobody);
  }

  #put(kind: number, ...parts: readonly number[]): void {
    this.#fill(kind, parts);
    this.#told.intern();
  }

  #has(kind: number, ...parts: readonly number[]): boolean {
    this.#fill(kind, parts);
    return this.#told.find() >= 0;
  }

  #fill(kind: number, parts: readonly number[]): void {
    const { tuple } = this.#told;
    tuple[0] = kind;
    for (let k = 1; k < tuple.length; k++) tuple[k] = parts[k - 1] ?? -1;
  }
}
