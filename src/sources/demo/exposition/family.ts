import type { Labels } from "./textFormat.ts";

export type Sampled = readonly [labels: Labels, value: number];

/** One metric with all of its series, made as they are written. */
export interface Family {
  readonly name: string;
  readonly type: "counter" | "gauge";
  readonly help: string;
  readonly samples: () => Generator<Sampled, void, undefined>;
}
