import type { PodFacts } from "../facts/podFacts.ts";
import type { DataPlane } from "../views.ts";

/** Counts over all living pods, kept current so that no change has to look at all of them. */
export class PodTally {
  readonly planes: Record<DataPlane, number> = { sidecar: 0, ambient: 0, gateway: 0, none: 0 };
  /** Proxies by revision; under "" those that do not say. */
  readonly revisions = new Map<string, number>();
  readonly clusterIds = new Map<string, number>();
  readonly meshIds = new Map<string, number>();
  readonly networks = new Map<string, number>();

  add(facts: PodFacts): void {
    this.#count(facts, 1);
  }

  remove(facts: PodFacts): void {
    this.#count(facts, -1);
  }

  #count(facts: PodFacts, by: 1 | -1): void {
    if (!facts.isLive) return;
    this.planes[facts.dataPlane] += by;
    if (facts.dataPlane === "sidecar" || facts.dataPlane === "gateway") step(this.revisions, facts.revision ?? "", by);
    if (facts.clusterId !== undefined) step(this.clusterIds, facts.clusterId, by);
    if (facts.meshId !== undefined) step(this.meshIds, facts.meshId, by);
    if (facts.network !== undefined) step(this.networks, facts.network, by);
  }
}

function step(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
