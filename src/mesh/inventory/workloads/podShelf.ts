import type { Unread } from "../../ports.ts";
import type { InventoryKindId } from "../inventoryKinds.ts";
import { KindStore } from "../kindStore.ts";
import type { PodFacts } from "../facts/podFacts.ts";

/** The kinds that name pods, the most telling first. Several may name the same pod; the first that does is believed. */
export const podKinds = [
  "pods",
  "istiodPods",
  "cniPods",
  "gatewayPods",
  "managedGatewayPods",
  "podMetadata",
] as const satisfies readonly InventoryKindId[];

export type PodKind = (typeof podKinds)[number];

/** Pods as several lists name them, each pod once. */
export class PodShelf {
  readonly #stores: readonly (readonly [PodKind, KindStore<PodFacts>])[] = podKinds.map((kind) => [
    kind,
    new KindStore<PodFacts>(),
  ]);

  store(kind: PodKind): KindStore<PodFacts> {
    const found = this.#stores.find(([id]) => id === kind);
    if (found === undefined) throw new Error(`No store for ${kind}`);
    return found[1];
  }

  get(key: string): PodFacts | undefined {
    for (const [, store] of this.#stores) {
      const facts = store.get(key);
      if (facts !== undefined) return facts;
    }
    return undefined;
  }

  /** True once some list of pods that covers whole namespaces has come to its end and could be read. */
  get isReadable(): boolean {
    return this.store("pods").isReadable || this.store("podMetadata").isReadable;
  }

  unread(): readonly Unread[] {
    return this.#stores.flatMap(([, store]) => store.unread);
  }
}
