import { mergeFindings } from "../../../src/mesh/validation/engine/mergeFindings.ts";
import { rulesByKind, runRules, type RawFinding } from "../../../src/mesh/validation/engine/runRules.ts";
import { kinds } from "../../../src/mesh/validation/kinds.ts";
import type { Rule } from "../../../src/mesh/validation/rule.ts";
import type { WorldSettings } from "../../../src/mesh/validation/world/world.ts";
import type { Origin, WorldObject } from "../../../src/mesh/validation/world/worldObject.ts";
import { WorldStore, type Declared } from "../../../src/mesh/validation/world/worldStore.ts";
import { objectsIn } from "../../../src/mesh/yaml/objectsIn.ts";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";

/** One text with objects, and how they are known. */
export interface WorldText {
  readonly name: string;
  readonly text: string;
  readonly cluster?: string;
  readonly from?: "file" | "live" | "assumed";
}

/** 2026-11-01, for what depends on the day. */
export const testNow = Date.UTC(2026, 10, 1);

export const testSettings: WorldSettings = { istioVersion: "1.31", now: testNow, isExactlyIstio: false };

/** A store filled from YAML texts. Live texts make all namespaces and kinds of their cluster known. */
export function worldOf(texts: readonly WorldText[], settings: Partial<WorldSettings> = {}): WorldStore {
  const store = new WorldStore({ ...testSettings, ...settings });
  for (const { name, text, cluster = "", from = "file" } of texts) {
    const declared: Declared[] = readYaml(text).documents.flatMap((document) =>
      objectsIn(document).map(({ object, prefix }) => {
        const origins: Record<typeof from, Origin> = {
          file: { from: "file", file: name, document, prefix },
          live: { from: "live", context: cluster === "" ? "test" : cluster },
          assumed: { from: "assumed" },
        };
        return { cluster, object, origin: origins[from] };
      }),
    );
    store.replace(`${from} ${name}`, declared);
    if (from === "live") {
      // A kind that the text does not mention was looked for and not found.
      const read = new Map(Object.values(kinds).map((kind) => [kind, "all" as const]));
      store.setLive(cluster, { read });
    }
  }
  return store;
}

/** A finding with the object that it is about and what other layers say of its cause. */
export interface FoundIn extends RawFinding {
  readonly object: WorldObject;
  readonly also: readonly { readonly code: string; readonly layer: string }[];
}

/** What rules find on all objects of a store, causes merged as the engine does. */
export function findingsOf(rules: readonly Rule[], store: WorldStore): readonly FoundIn[] {
  const byKind = rulesByKind(rules);
  return [...store.declarations()].flatMap((object) => {
    const world = store.world(object.cluster);
    const isEffective = world.get(object.kind, object.namespace, object.name) === object;
    const raw = [
      ...runRules(byKind.declaration(object.kind), object, world),
      ...(isEffective ? runRules(byKind.object(object.kind), object, world) : []),
    ];
    return mergeFindings(raw).map(({ shown, also }) => ({ ...shown, also, object }));
  });
}
