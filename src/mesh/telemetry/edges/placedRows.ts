import { knownValue } from "../specialValues.ts";
import type { ClusterPlace } from "./calls.ts";
import { ClusterPlaces, noPlace, type ClusterSpeaker, type ReportCounts } from "./clusterPlaces.ts";
import { edgeLabels, edgeMetrics, detailLabels, type EdgeLabel, type EdgeTable } from "./edgeTable.ts";
import { inputProblems, noBadInput, type BadInput } from "./inputProblems.ts";
import { RowSet } from "./rowSet.ts";
import type { Slices } from "./slices.ts";
import type { CountingProblem, StoreAnswer } from "./storeAnswer.ts";
import { StringPool } from "./stringPool.ts";
import { TupleIndex } from "./tupleIndex.ts";

/** Who reports a row; numbers, because columns hold them. */
export const reporters = { source: 0, destination: 1, waypoint: 2 } as const;

/** No workload, or no service, is told. */
export const nobody = -1;

/** The labels of one selection; undefined columns where they are not asked for. */
export interface DetailColumns {
  readonly host: Int32Array;
  readonly sourcePrincipal: Int32Array;
  readonly destinationPrincipal: Int32Array;
}

/**
 * Rows of all stores that are to be counted, in one speech: the same number in a column means the same thing, whichever
 * store it comes from. Cluster labels are places; values are finite and not negative.
 */
export interface PlacedRows {
  readonly length: number;
  readonly strings: StringPool;
  readonly places: readonly ClusterPlace[];
  /** Pairs of namespace and name, as indexes of `strings`. */
  readonly workloads: TupleIndex;
  readonly services: TupleIndex;
  readonly reporter: Uint8Array;
  readonly isZtunnel: Uint8Array;
  readonly metric: Uint8Array;
  /** Indexes of `workloads`, or `nobody`. */
  readonly source: Int32Array;
  readonly destination: Int32Array;
  /** Indexes of `services`, or `nobody`. */
  readonly service: Int32Array;
  /** Indexes of `places`, or `noPlace` where the row does not tell; `own` is the store's. */
  readonly sourcePlace: Int32Array;
  readonly destinationPlace: Int32Array;
  readonly own: Int32Array;
  /** Indexes of `strings`. */
  readonly protocol: Int32Array;
  readonly code: Int32Array;
  readonly grpcStatus: Int32Array;
  readonly flags: Int32Array;
  readonly security: Int32Array;
  readonly details: DetailColumns | undefined;
  readonly values: Float64Array;
  /** Index of the store that a row comes from. */
  readonly store: Uint16Array;
  /** By index of `workloads`: 1 where its proxies report as waypoint. */
  readonly isWaypoint: Uint8Array;
}

export interface Placed {
  readonly rows: PlacedRows;
  /** By place (index): the store whose reports from there were taken. */
  readonly speakers: ReadonlyMap<number, number>;
  readonly of: (store: number, label: string) => number;
  readonly ownOf: (store: number) => number;
  readonly problems: readonly CountingProblem[];
}

export interface Placing {
  readonly withDetails: boolean;
  readonly decided: readonly ClusterSpeaker[];
}

/** Reads the answers of several stores into one table. Each cluster's reports are taken from one store only. */
export async function placeRows(
  stores: readonly StoreAnswer[],
  { withDetails, decided }: Placing,
  slices: Slices,
): Promise<Placed> {
  const checked = await checkAll(stores, slices);
  const places = new ClusterPlaces(
    stores,
    checked.map(({ counts }) => counts),
    decided,
  );
  const draft = new RowsDraft(
    checked.reduce((sum, { rows }) => sum + rows.length, 0),
    withDetails,
  );
  for (const [i, store] of stores.entries()) {
    const rows = checked[i]?.rows ?? new Int32Array(0);
    const reader = new StoreReader({ edges: store.edges, index: i, places, draft });
    await slices.over(rows.length, (from, to) => {
      for (let at = from; at < to; at++) reader.read(rows[at] ?? 0);
    });
  }
  return {
    rows: draft.finished(places, stores),
    speakers: places.speakers(),
    of: (store, label) => places.of(store, label),
    ownOf: (store) => places.ownOf(store),
    problems: [
      ...places.problems,
      ...stores.flatMap((store, i) => inputProblems(store, checked[i]?.bad ?? noBadInput)),
    ],
  };
}

interface Checked {
  /** Rows that can be counted. */
  readonly rows: Int32Array;
  readonly counts: ReportCounts;
  readonly bad: BadInput;
}

async function checkAll(stores: readonly StoreAnswer[], slices: Slices): Promise<readonly Checked[]> {
  const checked: Checked[] = [];
  for (const { edges } of stores) checked.push(await check(edges, slices));
  return checked;
}

const everyLabel: readonly EdgeLabel[] = [...edgeLabels, ...detailLabels];

/**
 * Leaves out what is no rate, what does not say who reports it, and what is there twice. A store that sums by labels gives
 * each set of labels once; one that was asked in parts may give a row in each of them, and it is the same row then.
 */
async function check(edges: EdgeTable, slices: Slices): Promise<Checked> {
  const columns = everyLabel.flatMap((label) => edges.labels[label] ?? []);
  const seen = new RowSet([...columns, edges.metric, edges.ztunnel], edges.length);
  const rows = new Int32Array(edges.length);
  const counts = new Map<number, number>();
  const bad = { values: 0, reporters: 0, repeated: 0 };
  const reporterCodes = Int8Array.from(edges.strings, reporterOf);
  let kept = 0;
  const isGood = (row: number): boolean => {
    const value = edges.values[row] ?? NaN;
    if (!Number.isFinite(value) || value < 0) bad.values++;
    else if ((reporterCodes[at(edges.labels.reporter, row)] ?? -1) < 0) bad.reporters++;
    else if (!seen.add(row)) bad.repeated++;
    else return true;
    return false;
  };
  await slices.over(edges.length, (from, to) => {
    for (let row = from; row < to; row++) {
      if (!isGood(row)) continue;
      rows[kept++] = row;
      const reporter = reporterCodes[at(edges.labels.reporter, row)] ?? 0;
      // A waypoint names the cluster of the endpoint it chose, which need not be its own.
      if (reporter === reporters.waypoint) continue;
      const side = reporter === reporters.source ? edges.labels.source_cluster : edges.labels.destination_cluster;
      counts.set(at(side, row), (counts.get(at(side, row)) ?? 0) + 1);
    }
  });
  return { rows: rows.subarray(0, kept), counts: byLabel(counts, edges.strings), bad };
}

function byLabel(counts: ReadonlyMap<number, number>, strings: readonly string[]): ReportCounts {
  const labels = new Map<string, number>();
  for (const [index, count] of counts) {
    const label = knownValue(strings[index]) ?? "";
    labels.set(label, (labels.get(label) ?? 0) + count);
  }
  return labels;
}

function reporterOf(text: string): number {
  if (text === "source" || text === "destination" || text === "waypoint") return reporters[text];
  return -1;
}

function at(column: Uint32Array | undefined, row: number): number {
  return column?.[row] ?? 0;
}

class RowsDraft {
  readonly strings = new StringPool();
  readonly workloads = new TupleIndex(2);
  readonly services = new TupleIndex(2);
  length = 0;
  readonly columns: Omit<PlacedRows, "length" | "strings" | "places" | "workloads" | "services" | "isWaypoint">;

  constructor(most: number, withDetails: boolean) {
    const numbers = () => new Int32Array(most);
    this.columns = {
      reporter: new Uint8Array(most),
      isZtunnel: new Uint8Array(most),
      metric: new Uint8Array(most),
      source: numbers(),
      destination: numbers(),
      service: numbers(),
      sourcePlace: numbers(),
      destinationPlace: numbers(),
      own: numbers(),
      protocol: numbers(),
      code: numbers(),
      grpcStatus: numbers(),
      flags: numbers(),
      security: numbers(),
      details: withDetails
        ? { host: numbers(), sourcePrincipal: numbers(), destinationPrincipal: numbers() }
        : undefined,
      values: new Float64Array(most),
      store: new Uint16Array(most),
    };
  }

  finished(places: ClusterPlaces, stores: readonly StoreAnswer[]): PlacedRows {
    const isWaypoint = new Uint8Array(this.workloads.size);
    const { strings, workloads, services, length } = this;
    for (const { namespace, workload } of stores.flatMap((store) => store.waypoints)) {
      workloads.tuple[0] = strings.intern(namespace);
      workloads.tuple[1] = strings.intern(workload);
      const index = workloads.find();
      if (index >= 0) isWaypoint[index] = 1;
    }
    return { length, strings, places: places.finished(), workloads, services, isWaypoint, ...this.columns };
  }
}

interface Reading {
  readonly edges: EdgeTable;
  readonly index: number;
  readonly places: ClusterPlaces;
  readonly draft: RowsDraft;
}

/** Reads rows of one store. What a text means is found out once for each text. */
class StoreReader {
  readonly #edges: EdgeTable;
  readonly #store: number;
  readonly #places: ClusterPlaces;
  readonly #draft: RowsDraft;
  readonly #pooled: Int32Array;
  readonly #placeOf: Int32Array;
  readonly #hostNamespace: Int32Array;

  constructor({ edges, index, places, draft }: Reading) {
    this.#edges = edges;
    this.#store = index;
    this.#places = places;
    this.#draft = draft;
    this.#pooled = new Int32Array(edges.strings.length).fill(-2);
    this.#placeOf = new Int32Array(edges.strings.length).fill(-2);
    this.#hostNamespace = new Int32Array(edges.strings.length).fill(-2);
  }

  read(row: number): void {
    const { labels, metric, ztunnel, values } = this.#edges;
    const reporter = reporterOf(this.#edges.strings[at(labels.reporter, row)] ?? "");
    const sourcePlace = this.#place(at(labels.source_cluster, row));
    const destinationPlace = this.#place(at(labels.destination_cluster, row));
    const own = this.#places.ownOf(this.#store);
    const certain = this.#places.certainOf(this.#store);
    const told = reporter === reporters.source ? sourcePlace : destinationPlace;
    const reportedFrom = reporter === reporters.waypoint && certain !== noPlace ? certain : told;
    if (!this.#places.speaks(this.#store, reportedFrom === noPlace ? own : reportedFrom)) return;

    const { columns, strings } = this.#draft;
    const i = this.#draft.length++;
    columns.reporter[i] = reporter;
    columns.isZtunnel[i] = ztunnel[row] ?? 0;
    columns.metric[i] = metric[row] ?? 0;
    columns.values[i] = values[row] ?? 0;
    columns.store[i] = this.#store;
    columns.own[i] = own;
    // A reporter that does not say where it is stands in its store's cluster.
    columns.sourcePlace[i] = sourcePlace === noPlace && reporter === reporters.source ? certain : sourcePlace;
    columns.destinationPlace[i] =
      destinationPlace === noPlace && reporter === reporters.destination ? certain : destinationPlace;
    columns.source[i] = this.#workload(at(labels.source_workload_namespace, row), at(labels.source_workload, row));
    columns.destination[i] = this.#workload(
      at(labels.destination_workload_namespace, row),
      at(labels.destination_workload, row),
    );
    columns.service[i] = this.#service(row);
    const isRequest = edgeMetrics[metric[row] ?? 0] === "requests";
    columns.protocol[i] = isRequest ? strings.protocolOf(this.#pool(at(labels.request_protocol, row))) : strings.tcp;
    columns.code[i] = isRequest ? strings.codeOf(this.#pool(at(labels.response_code, row))) : strings.none;
    columns.grpcStatus[i] = isRequest ? strings.known(this.#pool(at(labels.grpc_response_status, row))) : strings.none;
    columns.flags[i] = strings.flagsOf(this.#pool(at(labels.response_flags, row)));
    columns.security[i] = this.#pool(at(labels.connection_security_policy, row));
    if (columns.details) this.#readDetails(columns.details, i, row);
  }

  #readDetails(details: DetailColumns, i: number, row: number): void {
    const { labels } = this.#edges;
    const { strings } = this.#draft;
    details.host[i] = strings.known(this.#pool(at(labels.destination_service, row)));
    details.sourcePrincipal[i] = strings.known(this.#pool(at(labels.source_principal, row)));
    details.destinationPrincipal[i] = strings.known(this.#pool(at(labels.destination_principal, row)));
  }

  #pool(text: number): number {
    const there = this.#pooled[text] ?? -2;
    if (there >= -1) return there;
    return (this.#pooled[text] = this.#draft.strings.intern(this.#edges.strings[text] ?? ""));
  }

  #place(text: number): number {
    const there = this.#placeOf[text] ?? -2;
    if (there >= -1) return there;
    return (this.#placeOf[text] = this.#places.of(this.#store, this.#edges.strings[text] ?? ""));
  }

  /** Whoever has no name is the same nobody, whatever namespace is told. */
  #workload(namespace: number, name: number): number {
    const { strings, workloads } = this.#draft;
    const known = strings.known(this.#pool(name));
    if (known === strings.none) return nobody;
    workloads.tuple[0] = strings.orUnknown(this.#pool(namespace));
    workloads.tuple[1] = known;
    return workloads.intern();
  }

  #service(row: number): number {
    const { labels } = this.#edges;
    const { strings, services } = this.#draft;
    const name = strings.known(this.#pool(at(labels.destination_service_name, row)));
    if (name === strings.none) return nobody;
    const namespace = strings.known(this.#pool(at(labels.destination_service_namespace, row)));
    const host = at(labels.destination_service, row);
    services.tuple[0] = strings.orUnknown(namespace === strings.none ? this.#namespaceIn(host) : namespace);
    services.tuple[1] = name;
    return services.intern();
  }

  #namespaceIn(host: number): number {
    const there = this.#hostNamespace[host] ?? -2;
    if (there >= -1) return there;
    const found = /^[^.]+\.([^.]+)\.svc(?:\.|$)/.exec(this.#edges.strings[host] ?? "");
    return (this.#hostNamespace[host] = this.#draft.strings.intern(found?.[1] ?? ""));
  }
}
