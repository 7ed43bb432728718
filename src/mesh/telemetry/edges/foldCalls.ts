import { isServiceName, knownValue } from "../specialValues.ts";
import type { Call, ClusterPlace, MutualTls, ServiceEnd, WorkloadEnd } from "./calls.ts";
import { noPlace } from "./clusterPlaces.ts";
import { edgeMetrics } from "./edgeTable.ts";
import { nobody, reporters, type DetailColumns, type PlacedRows } from "./placedRows.ts";
import type { Slices } from "./slices.ts";
import { TupleIndex } from "./tupleIndex.ts";

/** A call with what is known of one selection besides. "" where nothing tells. */
export interface DetailedCall extends Call {
  readonly host: string;
  readonly sourcePrincipal: string;
  readonly destinationPrincipal: string;
}

export function isDetailed(call: Call): call is DetailedCall {
  return "host" in call;
}

/** What the metrics know of workloads, by place and index of PlacedRows' `workloads`. */
export interface WorkloadNames {
  appOf(place: number, workload: number): string | undefined;
  versionOf(place: number, workload: number): string | undefined;
}

const mutualTls: readonly MutualTls[] = ["unknown", "no", "yes"];
const requests = edgeMetrics.indexOf("requests");
const tcpReceived = edgeMetrics.indexOf("tcpReceived");

/** Adds up the rows marked with 1 that have the same ends, protocol and ending. */
export async function foldCalls(
  rows: PlacedRows,
  wanted: Uint8Array,
  names: WorkloadNames,
  slices: Slices,
): Promise<readonly Call[]> {
  const groups = new TupleIndex(rows.details ? 14 : 11, Math.min(rows.length, 100_000));
  const rates = { rps: new Growing(), sent: new Growing(), received: new Growing() };
  await slices.over(rows.length, (from, to) => {
    for (let i = from; i < to; i++) {
      if (wanted[i] !== 1) continue;
      fillKey(groups.tuple, rows, i);
      const { metric, values } = rows;
      const rate = metric[i] === requests ? rates.rps : metric[i] === tcpReceived ? rates.sent : rates.received;
      rate.add(groups.intern(), values[i] ?? 0);
    }
  });
  const ends = new Ends(rows, names);
  const calls: Call[] = [];
  const { details } = rows;
  await slices.over(groups.size, (from, to) => {
    for (let group = from; group < to; group++) {
      const call = ends.call(groups, group, rates);
      calls.push(details ? ends.detailed(call, groups, group) : call);
    }
  });
  return calls;
}

interface Rates {
  readonly rps: Growing;
  readonly sent: Growing;
  readonly received: Growing;
}

/** The clusters of both ends: one that nothing tells is the other's, else the store's own. */
function fillPlaces(key: Int32Array, rows: PlacedRows, i: number): void {
  const from = rows.sourcePlace[i] ?? noPlace;
  const to = rows.destinationPlace[i] ?? noPlace;
  const destination = to >= 0 ? to : from >= 0 ? from : (rows.own[i] ?? 0);
  key[0] = from >= 0 ? from : destination;
  key[3] = destination;
}

function fillKey(key: Int32Array, rows: PlacedRows, i: number): void {
  fillPlaces(key, rows, i);
  key[1] = rows.source[i] ?? nobody;
  key[2] = rows.service[i] ?? nobody;
  key[4] = rows.destination[i] ?? nobody;
  key[5] = rows.protocol[i] ?? 0;
  key[6] = rows.code[i] ?? 0;
  key[7] = rows.grpcStatus[i] ?? 0;
  key[8] = rows.flags[i] ?? 0;
  key[9] = securityOf(rows, i);
  key[10] = rows.isZtunnel[i] ?? 0;
  if (rows.details) fillDetails(key, rows.details, i);
}

function fillDetails(key: Int32Array, { host, sourcePrincipal, destinationPrincipal }: DetailColumns, i: number): void {
  key[11] = host[i] ?? 0;
  key[12] = sourcePrincipal[i] ?? 0;
  key[13] = destinationPrincipal[i] ?? 0;
}

/** Index of `mutualTls`. An Envoy at the source cannot tell, whatever it writes. */
function securityOf({ reporter, isZtunnel, security, strings }: PlacedRows, i: number): number {
  if (reporter[i] === reporters.source && isZtunnel[i] === 0) return 0;
  const text = strings.text(security[i] ?? 0);
  return text === "mutual_tls" ? 2 : text === "none" ? 1 : 0;
}

class Growing {
  #values = new Float64Array(1024);

  add(index: number, value: number): void {
    if (index >= this.#values.length) {
      const longer = new Float64Array(Math.max(index + 1, this.#values.length * 2));
      longer.set(this.#values);
      this.#values = longer;
    }
    this.#values[index] = (this.#values[index] ?? 0) + value;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }
}

const nowhere: ClusterPlace = { label: "", key: undefined, isDerived: true };

/** Interned ends. */
class Ends {
  readonly #rows: PlacedRows;
  readonly #names: WorkloadNames;
  readonly #workloadIndex = new TupleIndex(2);
  readonly #workloads: WorkloadEnd[] = [];
  readonly #serviceIndex = new TupleIndex(2);
  readonly #services: ServiceEnd[] = [];
  readonly #isAddress: boolean[] = [];

  constructor(rows: PlacedRows, names: WorkloadNames) {
    this.#rows = rows;
    this.#names = names;
  }

  call(groups: TupleIndex, group: number, { rps, sent, received }: Rates): Call {
    const { strings } = this.#rows;
    const [place, destination] = [groups.at(group, 3), groups.at(group, 4)];
    return {
      source: this.#workload(groups.at(group, 0), groups.at(group, 1)),
      service: this.#service(place, groups.at(group, 2), destination !== nobody),
      destination: destination === nobody ? undefined : this.#workload(place, destination),
      protocol: strings.text(groups.at(group, 5)),
      code: strings.text(groups.at(group, 6)),
      grpcStatus: strings.text(groups.at(group, 7)),
      flags: strings.text(groups.at(group, 8)),
      mutualTls: mutualTls[groups.at(group, 9)] ?? "unknown",
      isL4: groups.at(group, 10) === 1,
      rps: rps.at(group),
      sentBytesPerSecond: sent.at(group),
      receivedBytesPerSecond: received.at(group),
    };
  }

  detailed(call: Call, groups: TupleIndex, group: number): DetailedCall {
    const text = (position: number) => this.#rows.strings.text(groups.at(group, position));
    return { ...call, host: text(11), sourcePrincipal: text(12), destinationPrincipal: text(13) };
  }

  #place(place: number): ClusterPlace {
    return this.#rows.places[place] ?? nowhere;
  }

  #workload(place: number, workload: number): WorkloadEnd {
    const index = internPair(this.#workloadIndex, place, workload);
    return (this.#workloads[index] ??= this.#newWorkload(place, workload));
  }

  #newWorkload(place: number, workload: number): WorkloadEnd {
    const { strings, workloads, isWaypoint } = this.#rows;
    const isKnown = workload !== nobody;
    return {
      place: this.#place(place),
      namespace: isKnown ? strings.text(workloads.at(workload, 0)) : "unknown",
      workload: isKnown ? strings.text(workloads.at(workload, 1)) : "unknown",
      app: isKnown ? this.#names.appOf(place, workload) : undefined,
      version: isKnown ? this.#names.versionOf(place, workload) : undefined,
      isWaypoint: isWaypoint[workload] === 1,
    };
  }

  /** A pod's address is no service where the workload is known. Something is always named: else "unknown". */
  #service(place: number, service: number, isReached: boolean): ServiceEnd | undefined {
    if (isReached && (service === nobody || this.#isBareAddress(service))) return undefined;
    const index = internPair(this.#serviceIndex, place, service);
    return (this.#services[index] ??= this.#newService(place, service));
  }

  #newService(place: number, service: number): ServiceEnd {
    const { strings, services } = this.#rows;
    const isNamed = service !== nobody;
    return {
      place: this.#place(place),
      namespace: isNamed ? strings.text(services.at(service, 0)) : "unknown",
      name: isNamed ? strings.text(services.at(service, 1)) : "unknown",
    };
  }

  #isBareAddress(service: number): boolean {
    return (this.#isAddress[service] ??= isAddress(this.#rows.strings.text(this.#rows.services.at(service, 1))));
  }
}

function internPair(index: TupleIndex, a: number, b: number): number {
  index.tuple[0] = a;
  index.tuple[1] = b;
  return index.intern();
}

const catchAll = /^(?:PassthroughCluster|BlackHoleCluster|InboundPassthroughCluster)/;

function isAddress(name: string): boolean {
  return knownValue(name) !== undefined && !catchAll.test(name) && !isServiceName(name);
}
