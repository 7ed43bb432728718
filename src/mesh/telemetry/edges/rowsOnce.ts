import { noPlace } from "./clusterPlaces.ts";
import { edgeMetrics } from "./edgeTable.ts";
import { nobody, reporters, type PlacedRows } from "./placedRows.ts";
import { isServiceName } from "../specialValues.ts";
import { callerLeft, meaningOf, type FlagMeaning } from "./responseFlags.ts";
import type { Slices } from "./slices.ts";
import { RowGroups } from "./tupleIndex.ts";

const requests = edgeMetrics.indexOf("requests");

/**
 * Of the rows marked with 1, leaves out (0) those that tell what another one tells: a series' identity (who, whom, how it
 * ended) counts once; the waypoint's or destination's report beats the source's; what only one side reports is added.
 *
 * Names of services are no part of it: two services may share a workload, and each side names another one of them. A
 * cluster that a side does not know fits any; so does a gRPC status, which V1 lacks. A row of zero stands for nothing.
 */
export async function leaveOutRepeated(rows: PlacedRows, wanted: Uint8Array, slices: Slices): Promise<void> {
  const near = new NearSide(rows);
  const names = new CalledNames(rows);
  await slices.over(rows.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (wanted[i] === 1 && rows.reporter[i] === reporters.waypoint) near.add(i);
    }
  });
  await slices.over(rows.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (wanted[i] !== 1 || rows.reporter[i] !== reporters.destination) continue;
      if (near.isBehindWaypoint(i) || near.hasSame(i)) wanted[i] = 0;
      else near.add(i);
    }
  });
  await slices.over(rows.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (wanted[i] !== 1 || rows.reporter[i] !== reporters.source) continue;
      const teller = near.tellerOf(i);
      if (teller < 0) continue;
      wanted[i] = 0;
      names.hear(i, teller);
    }
  });
  names.settle(wanted);
}

/**
 * Two services may share a workload. Its own proxy names one of them, whichever was called; who called knows. So where no
 * caller's report names the service that the near side names, the near side's amount goes to those that were called.
 */
class CalledNames {
  readonly #rows: PlacedRows;
  /** By row of the near side: rows of callers that name another service. */
  readonly #others = new Map<number, number[]>();
  readonly #confirmed = new Set<number>();

  constructor(rows: PlacedRows) {
    this.#rows = rows;
  }

  hear(far: number, near: number): void {
    const { service, reporter, values } = this.#rows;
    if (reporter[near] === reporters.waypoint || (values[far] ?? 0) <= 0) return;
    if (service[far] === service[near]) this.#confirmed.add(near);
    else if (this.#isService(service[far] ?? nobody)) {
      const others = this.#others.get(near);
      if (others) others.push(far);
      else this.#others.set(near, [far]);
    }
  }

  settle(wanted: Uint8Array): void {
    const { values, reporter, security, code, grpcStatus, flags, sourcePlace, destinationPlace } = this.#rows;
    const told = [reporter, security, code, grpcStatus, flags, sourcePlace, destinationPlace];
    for (const [near, others] of this.#others) {
      if (this.#confirmed.has(near)) continue;
      const sum = others.reduce((total, far) => total + (values[far] ?? 0), 0);
      wanted[near] = 0;
      for (const far of others) {
        wanted[far] = 1;
        values[far] = (values[near] ?? 0) * ((values[far] ?? 0) / sum);
        for (const column of told) column[far] = column[near] ?? 0;
      }
    }
  }

  #isService(service: number): boolean {
    return service !== nobody && isServiceName(this.#rows.strings.text(this.#rows.services.at(service, 1)));
  }
}

/** Which rows of a group can tell what another row tells. A word, since a function for each row costs its making. */
type Fitting = "all" | "withSameFlags" | "waypointsWithSameFlags";

/** What waypoints and destinations report, by what a report of the other side would have in common with it. */
class NearSide {
  readonly #rows: PlacedRows;
  /** By caller, workload, protocol, metric and code. */
  readonly #ended: RowGroups;
  /** Callers that left, by caller, workload and protocol. */
  readonly #left: RowGroups;
  /** Waypoints' reports by caller, service, protocol, metric and code: their callers name another workload. */
  readonly #passed: RowGroups;
  readonly #leftWaypoint: RowGroups;
  readonly #meanings: FlagMeaning[] = [];
  readonly #departures: boolean[] = [];

  constructor(rows: PlacedRows) {
    this.#rows = rows;
    this.#ended = new RowGroups(5, rows.length);
    this.#left = new RowGroups(3, rows.length);
    this.#passed = new RowGroups(5, rows.length);
    this.#leftWaypoint = new RowGroups(3, rows.length);
  }

  add(i: number): void {
    const { destination, service, reporter, metric, values } = this.#rows;
    this.#byEnding(this.#ended, destination[i] ?? nobody, i).add(i);
    const isOfWaypoint = reporter[i] === reporters.waypoint && service[i] !== nobody;
    if (isOfWaypoint) this.#byEnding(this.#passed, service[i] ?? nobody, i).add(i);
    if (metric[i] !== requests || (values[i] ?? 0) <= 0 || !this.#isDeparture(i)) return;
    this.#byPair(this.#left, destination[i] ?? nobody, i).add(i);
    if (isOfWaypoint) this.#byPair(this.#leftWaypoint, service[i] ?? nobody, i).add(i);
  }

  /** A sidecar behind a waypoint reports the waypoint as its caller: the same request once more. */
  isBehindWaypoint(i: number): boolean {
    const { isZtunnel, isWaypoint, source } = this.#rows;
    return isZtunnel[i] === 0 && isWaypoint[source[i] ?? nobody] === 1;
  }

  /** Another near report of the same caller, workload and ending. */
  hasSame(i: number): boolean {
    const group = this.#byEnding(this.#ended, this.#rows.destination[i] ?? nobody, i);
    return this.#find(group, i, "waypointsWithSameFlags") >= 0;
  }

  /** The near report that tells what a source's report tells; -1: there is none. */
  tellerOf(i: number): number {
    const { destination, service, metric } = this.#rows;
    const name = service[i] ?? nobody;
    const passed = name === nobody ? -1 : this.#find(this.#byEnding(this.#passed, name, i), i, "all");
    if (passed >= 0) return passed;
    const group = this.#byEnding(this.#ended, destination[i] ?? nobody, i);
    const meaning = this.#meaningOf(i);
    if (meaning === "answered") return this.#find(group, i, "all");
    if (meaning === "gaveUp" && metric[i] === requests) {
      const leftThere = name === nobody ? -1 : this.#find(this.#byPair(this.#leftWaypoint, name, i), i, "all");
      if (leftThere >= 0) return leftThere;
      const left = this.#find(this.#byPair(this.#left, destination[i] ?? nobody, i), i, "all");
      if (left >= 0) return left;
    }
    return this.#find(group, i, "withSameFlags");
  }

  /** One of the same service if there is one. */
  #find(group: RowGroups, far: number, which: Fitting): number {
    const { values, strings, grpcStatus, service } = this.#rows;
    const isGone = (values[far] ?? 0) === 0;
    const isAnyStatus = group === this.#left || group === this.#leftWaypoint;
    let found = -1;
    for (let near = group.first(); near >= 0; near = group.next(near)) {
      if (!isGone && (values[near] ?? 0) <= 0) continue;
      const isSameStatus = isAnyStatus || agree(grpcStatus[near], grpcStatus[far], strings.none);
      if (!isSameStatus || !this.#isInSamePlaces(near, far) || !this.#fits(near, far, which)) continue;
      if (service[near] === service[far]) return near;
      found = near;
    }
    return found;
  }

  #isInSamePlaces(near: number, far: number): boolean {
    const { sourcePlace, destinationPlace } = this.#rows;
    return (
      agree(sourcePlace[near], sourcePlace[far], noPlace) &&
      agree(destinationPlace[near], destinationPlace[far], noPlace)
    );
  }

  #fits(near: number, far: number, which: Fitting): boolean {
    if (which === "all") return true;
    const { flags, reporter } = this.#rows;
    return flags[near] === flags[far] && (which === "withSameFlags" || reporter[near] === reporters.waypoint);
  }

  #byEnding(group: RowGroups, target: number, i: number): RowGroups {
    const { source, protocol, metric, code } = this.#rows;
    const { tuple } = group;
    tuple[0] = source[i] ?? nobody;
    tuple[1] = target;
    tuple[2] = protocol[i] ?? 0;
    tuple[3] = metric[i] ?? 0;
    tuple[4] = code[i] ?? 0;
    return group;
  }

  #byPair(group: RowGroups, target: number, i: number): RowGroups {
    const { tuple } = group;
    tuple[0] = this.#rows.source[i] ?? nobody;
    tuple[1] = target;
    tuple[2] = this.#rows.protocol[i] ?? 0;
    return group;
  }

  #meaningOf(i: number): FlagMeaning {
    const flags = this.#rows.flags[i] ?? 0;
    return (this.#meanings[flags] ??= meaningOf(this.#rows.strings.text(flags)));
  }

  #isDeparture(i: number): boolean {
    const { code, flags, strings } = this.#rows;
    if (strings.text(code[i] ?? 0) !== "0") return false;
    return (this.#departures[flags[i] ?? 0] ??= callerLeft(strings.text(flags[i] ?? 0)));
  }
}

function agree(a: number | undefined, b: number | undefined, any: number): boolean {
  return a === b || a === any || b === any;
}
