import type { Labels } from "./textFormat.ts";

export type Sampled = readonly [labels: Labels, value: number];

/** One metric with all of its series, made as they are written. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: () => Generator<Sampled, void, undefined>;
}

/** A metric with the series that each of some things has. */
export function familyOf<Thing>(
  things: readonly Thing[],
  name: string,
  help: string,
  make: (thing: Thing) => readonly Sampled[],
): Family {
  const samples = function* (): Generator<Sampled, void, undefined> {
    for (const thing of things) yield* make(thing);
  };
  return { name, help, type: name.endsWith("_total") ? "counter" : "gauge", samples };
}
