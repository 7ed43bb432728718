import { knownValue } from "../specialValues.ts";
import { ofAmbient } from "./ambientFlows.ts";
import type { AmbientTraffic, Call, ClusterPlace } from "./calls.ts";
import { noPlace, type ClusterSpeaker } from "./clusterPlaces.ts";
import { foldCalls, type WorkloadNames } from "./foldCalls.ts";
import { placeRows, type Placed, type PlacedRows } from "./placedRows.ts";
import { leaveOutRepeated } from "./rowsOnce.ts";
import { Slices, type Slicing } from "./slices.ts";
import type { CountingProblem, StoreAnswer } from "./storeAnswer.ts";
import { TupleIndex } from "./tupleIndex.ts";

export interface CountOptions {
  readonly ambient: AmbientTraffic;
  /** With hosts and principals, for one selection. */
  readonly withDetails?: boolean;
  /** Of a part of what was counted before: whose reports were taken then. */
  readonly speakers?: readonly ClusterSpeaker[];
}

export interface Counted {
  /** DetailedCalls where details are asked for. */
  readonly calls: readonly Call[];
  readonly problems: readonly CountingProblem[];
  /** For each cluster whose proxies report: the store that this was taken from. */
  readonly speakers: readonly ClusterSpeaker[];
  /** The cluster that a label means in a store; the store's own where it says nothing. */
  placeOf(store: number, label: string): ClusterPlace | undefined;
}

/**
 * From the answers of one or several stores to calls: every request and byte exactly once. Each cluster's reports are
 * taken from one store; of the reports of one request the nearest to its destination counts. Works in slices.
 */
export async function countOnce(
  stores: readonly StoreAnswer[],
  { ambient, withDetails = false, speakers: decided = [] }: CountOptions,
  slicing: Slicing,
): Promise<Counted> {
  const slices = new Slices(slicing);
  const placed = await placeRows(stores, { withDetails, decided }, slices);
  const wanted = await ofAmbient(placed.rows, ambient, slices);
  await leaveOutRepeated(placed.rows, wanted, slices);
  const names = await namesOf(stores, placed, slices);
  const calls = await foldCalls(placed.rows, wanted, names, slices);
  const speakers = [...placed.speakers].flatMap(([place, store]) => {
    const where = placed.rows.places[place];
    const sourceId = stores[store]?.sourceId;
    return where && sourceId !== undefined ? [{ place: where, sourceId }] : [];
  });
  const placeOf = (store: number, label: string): ClusterPlace | undefined => {
    const told = placed.of(store, label);
    return placed.rows.places[told === noPlace ? placed.ownOf(store) : told];
  };
  return { calls, problems: placed.problems, speakers, placeOf };
}

async function namesOf(stores: readonly StoreAnswer[], placed: Placed, slices: Slices): Promise<WorkloadNames> {
  const names = new KnownNames(placed.rows);
  for (const [store, { workloads }] of stores.entries()) {
    await slices.over(workloads.length, (from, to) => {
      for (const named of workloads.slice(from, to)) {
        const told = placed.of(store, named.clusterId);
        names.add(told === noPlace ? placed.ownOf(store) : told, named, told !== noPlace);
      }
    });
  }
  return names;
}

interface Named {
  readonly namespace: string;
  readonly workload: string;
  readonly app: string;
  readonly version: string;
}

/** Apps and versions; where several are told of one workload, the first that says something. */
class KnownNames implements WorkloadNames {
  readonly #rows: PlacedRows;
  readonly #index = new TupleIndex(2);
  readonly #apps: (string | undefined)[] = [];
  readonly #versions: (string | undefined)[] = [];

  constructor(rows: PlacedRows) {
    this.#rows = rows;
  }

  /** Who does not say where it is, is found wherever it is drawn. */
  add(place: number, { namespace, workload, app, version }: Named, isTold: boolean): void {
    const { strings, workloads } = this.#rows;
    workloads.tuple[0] = strings.intern(knownValue(namespace) ?? "unknown");
    workloads.tuple[1] = strings.intern(workload);
    const known = workloads.find();
    if (known < 0) return;
    for (const where of isTold ? [place] : [place, noPlace]) {
      const index = this.#at(where, known);
      this.#apps[index] ??= knownValue(app);
      this.#versions[index] ??= version === "latest" ? undefined : knownValue(version);
    }
  }

  appOf(place: number, workload: number): string | undefined {
    return this.#apps[this.#find(place, workload)];
  }

  versionOf(place: number, workload: number): string | undefined {
    return this.#versions[this.#find(place, workload)];
  }

  #at(place: number, workload: number): number {
    this.#index.tuple[0] = place;
    this.#index.tuple[1] = workload;
    return this.#index.intern();
  }

  #find(place: number, workload: number): number {
    this.#index.tuple[0] = place;
    this.#index.tuple[1] = workload;
    const exact = this.#index.find();
    if (exact >= 0) return exact;
    this.#index.tuple[0] = noPlace;
    return this.#index.find();
  }
}
