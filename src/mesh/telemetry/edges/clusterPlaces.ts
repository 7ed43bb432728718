import { say } from "../../message.ts";
import { knownValue } from "../specialValues.ts";
import type { ClusterPlace } from "./calls.ts";
import type { CountingProblem, StoreAnswer, StoreHome } from "./storeAnswer.ts";

/** How many rows a store has from reporters in each cluster, by its label; "" where they do not tell. */
export type ReportCounts = ReadonlyMap<string, number>;

/** -1 in place of a cluster's index: not told. */
export const noPlace = -1;

/** The store whose reports of a cluster are taken. */
export interface ClusterSpeaker {
  readonly place: ClusterPlace;
  readonly sourceId: string;
}

interface Candidate {
  readonly store: number;
  readonly rows: number;
}

interface Draft {
  readonly label: string;
  readonly key: string | undefined;
  /** Some label of a metric says so. */
  isTold: boolean;
}

/**
 * Which cluster a label means in which store. A label means the same cluster everywhere, unless several connected
 * clusters call themselves so: then it means, in the store of one of them, that one, and elsewhere nobody knows.
 */
export class ClusterPlaces {
  readonly problems: CountingProblem[] = [];
  readonly #stores: readonly StoreAnswer[];
  readonly #homes: readonly (readonly StoreHome[])[];
  readonly #claims = new Map<string, StoreHome[]>();
  readonly #drafts: Draft[] = [];
  readonly #byIdentity = new Map<string, number>();
  readonly #own: readonly number[];
  readonly #isCentral: readonly boolean[];
  /** By place: the store whose reports from there count; -1: nobody's. */
  readonly #speakers = new Map<number, number>();

  /** `decided`: whose reports were taken when more was known than these answers hold. */
  constructor(
    stores: readonly StoreAnswer[],
    counts: readonly ReportCounts[],
    decided: readonly ClusterSpeaker[] = [],
  ) {
    this.#stores = stores;
    const claimed = new Set(
      stores.flatMap(({ homes }) => homes.flatMap(({ clusterId }) => knownValue(clusterId) ?? [])),
    );
    this.#homes = stores.map(({ homes }, i) => {
      return uniqueHomes(homes).map((home) => named(home, homes.length === 1 ? counts[i] : undefined, claimed));
    });
    for (const home of this.#homes.flat()) this.#claim(home);
    this.#isCentral = counts.map((from) => [...from.keys()].filter((label) => label !== "").length > 1);
    this.#own = stores.map((_, i) => this.#ownOf(i, counts[i]));
    this.#chooseSpeakers(counts);
    this.#tellShared();
    for (const { place, sourceId } of decided) {
      const known = this.#drafts.findIndex(({ label, key }) => label === place.label && key === place.key);
      const store = stores.findIndex((candidate) => candidate.sourceId === sourceId);
      if (known >= 0 && store >= 0) this.#speakers.set(known, store);
    }
  }

  /** The place that a label means in a store; `noPlace` where it says nothing. */
  of(store: number, label: string): number {
    if (knownValue(label) === undefined) return noPlace;
    const place = this.#placeOf(store, label);
    const draft = this.#drafts[place];
    if (draft) draft.isTold = true;
    return place;
  }

  /** Where what does not say its cluster is. */
  ownOf(store: number): number {
    return this.#own[store] ?? noPlace;
  }

  /** The store's own cluster where all its reporters are in it; `noPlace` for a store of several clusters. */
  certainOf(store: number): number {
    return this.#homes[store]?.length === 1 && !this.#isCentral[store] ? this.ownOf(store) : noPlace;
  }

  /** Whether what reporters in a place say is taken from this store. */
  speaks(store: number, place: number): boolean {
    return this.#speakers.get(place) === store;
  }

  get size(): number {
    return this.#drafts.length;
  }

  /** The places as values: what no label told is derived. */
  finished(): readonly ClusterPlace[] {
    return this.#drafts.map(({ label, key, isTold }) => ({ label, key, isDerived: !isTold }));
  }

  /** Stores by place: whose reports were taken. */
  speakers(): ReadonlyMap<number, number> {
    return this.#speakers;
  }

  #claim(home: StoreHome): void {
    const { clusterId } = home;
    if (clusterId === undefined) return;
    const sharing = this.#claims.get(clusterId) ?? [];
    if (sharing.some(({ key }) => key === home.key)) return;
    this.#claims.set(clusterId, [...sharing, home]);
  }

  #placeOf(store: number, label: string): number {
    const claims = this.#claims.get(label) ?? [];
    if (claims.length < 2) return this.#intern(`label ${label}`, label, claims[0]?.key);
    const here = (this.#homes[store] ?? []).filter(({ clusterId }) => clusterId === label);
    const [home] = here;
    if (home && here.length === 1) return this.#intern(`key ${home.key}`, label, home.key);
    return this.#intern(`several ${label}`, label, undefined);
  }

  #intern(identity: string, label: string, key: string | undefined): number {
    const there = this.#byIdentity.get(identity);
    if (there !== undefined) return there;
    this.#byIdentity.set(identity, this.#drafts.length);
    return this.#drafts.push({ label, key, isTold: false }) - 1;
  }

  #ownOf(store: number, counts: ReportCounts | undefined): number {
    const homes = this.#homes[store] ?? [];
    const [home] = homes;
    if (home && homes.length === 1) {
      const { clusterId, key } = home;
      return clusterId === undefined ? this.#intern(`key ${key}`, "", key) : this.#placeOf(store, clusterId);
    }
    // Without a cluster of its own, the only one it speaks of is meant.
    const labels = [...(counts?.keys() ?? [])].filter((label) => label !== "");
    const [label] = labels;
    return label !== undefined && labels.length === 1
      ? this.#placeOf(store, label)
      : this.#intern("nowhere", "", undefined);
  }

  #chooseSpeakers(counts: readonly ReportCounts[]): void {
    const byPlace = new Map<number, Candidate[]>();
    for (const [store, from] of counts.entries()) {
      const rows = new Map<number, number>();
      for (const [label, count] of from) {
        const place = label === "" ? this.ownOf(store) : this.#placeOf(store, label);
        rows.set(place, (rows.get(place) ?? 0) + count);
      }
      for (const [place, count] of rows) byPlace.set(place, [...(byPlace.get(place) ?? []), { store, rows: count }]);
    }
    for (const [place, candidates] of byPlace) {
      const draft = this.#drafts[place];
      this.#speakers.set(place, this.#bestOf(candidates, draft?.key));
      this.#tellNowhere(place, candidates);
    }
    this.#silenceShared();
  }

  /** A store that answers now, the cluster's own before a central one, the one with fewest clusters or most rows. */
  #bestOf(candidates: readonly Candidate[], key: string | undefined): number {
    const rank = ({ store, rows }: Candidate): readonly number[] => {
      const homes = this.#homes[store] ?? [];
      const isOwn = homes.some((home) => home.key === key);
      return [this.#stores[store]?.isStale ? 1 : 0, isOwn ? 0 : 1, isOwn ? homes.length : 0, -rows, store];
    };
    const [best] = candidates.map((candidate) => ({ candidate, rank: rank(candidate) })).sort((a, b) => byRank(a, b));
    return best?.candidate.store ?? -1;
  }

  /** What may be of several clusters is not counted where one of them is counted by its own store already. */
  #silenceShared(): void {
    for (const [label, claims] of this.#claims) {
      const several = this.#byIdentity.get(`several ${label}`);
      if (several === undefined || claims.length < 2) continue;
      const isCounted = claims.some(({ key }) => {
        const place = this.#byIdentity.get(`key ${key}`);
        return place !== undefined && this.#speakers.has(place);
      });
      const store = this.#speakers.get(several);
      if (isCounted) this.#speakers.set(several, -1);
      else if (store !== undefined && store >= 0) this.#tellMixed(label, claims, store);
    }
  }

  #tellShared(): void {
    for (const [label, claims] of this.#claims) {
      const several = this.#byIdentity.get(`several ${label}`);
      if (claims.length < 2 || (several !== undefined && (this.#speakers.get(several) ?? -1) >= 0)) continue;
      const contexts = claims.map(({ context }) => context).join(", ");
      this.problems.push({
        id: `shared cluster ID/${label}`,
        words: say("{0} call themselves {1}. Each is shown apart, with the numbers of its own store", contexts, label),
        hint: say("Calls between them cannot be told from calls inside. Give each its own clusterName in Istio"),
      });
    }
  }

  #tellMixed(label: string, claims: readonly StoreHome[], store: number): void {
    const contexts = claims.map(({ context }) => context).join(", ");
    const name = this.#stores[store]?.label ?? "";
    this.problems.push({
      id: `mixed clusters/${label}`,
      words: say(
        "{0} holds the numbers of {1}, which all call themselves {2}: they are shown as one",
        name,
        contexts,
        label,
      ),
      hint: say("Nothing in the metrics tells them apart. Give each its own clusterName in Istio"),
    });
  }

  #tellNowhere(place: number, candidates: readonly Candidate[]): void {
    if (this.#byIdentity.get("nowhere") !== place) return;
    const [one, ...others] = candidates.map(({ store }) => this.#stores[store]?.label ?? "");
    const speaker = this.#stores[this.#speakers.get(place) ?? -1];
    if (one !== undefined && others.length > 0 && speaker) {
      const all = [one, ...others].join(", ");
      this.problems.push({
        id: "unlabelled stores",
        words: say(
          "{0} do not name the cluster of all their numbers. These are taken from {1} only",
          all,
          speaker.label,
        ),
        hint: say("They may be the same numbers. Connect to their clusters to tell them apart"),
      });
    }
    const shared = candidates.find(({ store }) => (this.#homes[store]?.length ?? 0) > 1)?.store;
    if (shared === undefined) return;
    const contexts = this.#homes[shared]?.map(({ context }) => context).join(", ") ?? "";
    const store = this.#stores[shared]?.label ?? "";
    this.problems.push({
      id: `unplaced/${this.#stores[shared]?.sourceId ?? ""}`,
      words: say("{0} does not say of some numbers which of {1} they are of: these are shown apart", store, contexts),
    });
  }
}

interface Ranked {
  readonly rank: readonly number[];
}

function byRank(a: Ranked, b: Ranked): number {
  const at = a.rank.findIndex((value, i) => value !== b.rank[i]);
  return at < 0 ? 0 : (a.rank[at] ?? 0) - (b.rank[at] ?? 0);
}

function uniqueHomes(homes: readonly StoreHome[]): readonly StoreHome[] {
  return homes.filter(({ key }, i) => homes.findIndex((other) => other.key === key) === i);
}

/** A cluster that cannot tell its ID has the one that its own store speaks of and nobody else claims. */
function named(home: StoreHome, counts: ReportCounts | undefined, claimed: ReadonlySet<string>): StoreHome {
  const clusterId = knownValue(home.clusterId);
  if (clusterId !== undefined) return home;
  const strangers = [...(counts?.keys() ?? [])].filter((label) => label !== "" && !claimed.has(label));
  return { ...home, clusterId: strangers.length === 1 ? strangers[0] : undefined };
}
