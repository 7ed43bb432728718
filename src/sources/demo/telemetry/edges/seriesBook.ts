import { setImmediate } from "node:timers/promises";
import { detailLabels, edgeLabels } from "../../../../mesh/telemetry/edges/edgeTable.ts";
import type { Dialect } from "../../../../mesh/telemetry/capabilities.ts";
import { labelsOf, proxyViewsOf, ztunnelsOf } from "../../exposition/reports.ts";
import { observerOf, type Flow } from "../../traffic/flow.ts";
import type { World, WorkloadPlan } from "../../world/blueprint.ts";

/** Labels that name an end besides its workload; V1's are `app` and `version`. */
const namingLabels = {
  v2: [
    "source_canonical_service",
    "source_canonical_revision",
    "destination_canonical_service",
    "destination_canonical_revision",
  ],
  v1: ["source_app", "source_version", "destination_app", "destination_version"],
} as const;

export const bookLabels = [...edgeLabels, ...detailLabels, ...namingLabels.v2] as const;
export type BookLabel = (typeof bookLabels)[number];

/** What one flow adds to one series. */
export interface SeriesPart {
  readonly flow: Flow;
  /** The series' number in the book. */
  readonly series: number;
  /** Times as the caller's proxy measures them. */
  readonly isAtSource: boolean;
  /** Of the proxies that report the flow's requests, the one nearest to the answer. */
  readonly isNearest: boolean;
}

/** Longest stretch of work without a break. */
const sliceMillis = 10;

/**
 * The series that a store would hold, summed over pods: every one that was ever reported, under a number that stays.
 * Made from the same labels as the exposition.
 */
export class SeriesBook {
  /** What labels point to; the first one is "". */
  readonly strings: string[] = [""];
  /** By series: 1 for requests, 0 for bytes. */
  readonly countsRequests: number[] = [];
  /** By series: 1 where ztunnel reports. */
  readonly isByZtunnel: number[] = [];
  readonly #world: World;
  readonly #dialect: Dialect;
  readonly #ztunnels: ReadonlyMap<string, WorkloadPlan>;
  readonly #ids = new Map<string, number>([["", 0]]);
  readonly #bySeries = new Map<string, number>();
  readonly #labels: number[] = [];
  readonly #parts = new WeakMap<readonly Flow[], Promise<readonly SeriesPart[]>>();

  constructor(world: World, dialect: Dialect) {
    this.#world = world;
    this.#dialect = dialect;
    this.#ztunnels = ztunnelsOf(world);
  }

  get length(): number {
    return this.countsRequests.length;
  }

  /** Index into `strings`. */
  labelOf(series: number, label: number): number {
    return this.#labels[series * bookLabels.length + label] ?? 0;
  }

  idOf(text: string): number | undefined {
    return this.#ids.get(text);
  }

  /** Who reports what of these flows; worked out once. */
  partsOf(flows: readonly Flow[]): Promise<readonly SeriesPart[]> {
    let parts = this.#parts.get(flows);
    if (!parts) this.#parts.set(flows, (parts = this.#read(flows)));
    return parts;
  }

  async #read(flows: readonly Flow[]): Promise<readonly SeriesPart[]> {
    const parts: SeriesPart[] = [];
    const options = { world: this.#world, dialect: this.#dialect, ztunnels: this.#ztunnels };
    let since = performance.now();
    for (const flow of flows) {
      const nearest = observerOf(flow);
      for (const { reported } of proxyViewsOf(flow, options)) {
        const { reporter, l4 } = reported;
        const labels = new Map(labelsOf(flow, reported, this.#dialect));
        const series = this.#seriesOf(labels, !l4 && flow.protocol !== "tcp", l4);
        parts.push({ flow, series, isAtSource: reporter !== "destination", isNearest: !l4 && reporter === nearest });
      }
      if (performance.now() - since < sliceMillis) continue;
      await setImmediate();
      since = performance.now();
    }
    return parts;
  }

  #seriesOf(labels: ReadonlyMap<string, string>, countsRequests: boolean, isByZtunnel: boolean): number {
    const naming = namingLabels[this.#dialect === "v1" ? "v1" : "v2"];
    const names = [...edgeLabels, ...detailLabels, ...naming];
    const ids = names.map((name) => this.#intern(labels.get(name) ?? ""));
    const key = `${countsRequests ? "r" : "b"}${isByZtunnel ? "z" : "e"}${ids.join()}`;
    let series = this.#bySeries.get(key);
    if (series === undefined) {
      this.#bySeries.set(key, (series = this.length));
      this.countsRequests.push(countsRequests ? 1 : 0);
      this.isByZtunnel.push(isByZtunnel ? 1 : 0);
      this.#labels.push(...ids);
    }
    return series;
  }

  #intern(text: string): number {
    let id = this.#ids.get(text);
    if (id === undefined) {
      this.#ids.set(text, (id = this.strings.length));
      this.strings.push(text);
    }
    return id;
  }
}
