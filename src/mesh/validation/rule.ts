import type { Layer, RuleFinding, Severity } from "./finding.ts";
import type { KindName } from "./kinds.ts";
import type { World } from "./world/world.ts";
import type { WorldObject } from "./world/worldObject.ts";

/** One code that a rule gives, for the catalogue (`docs/rules.md`), settings and SARIF. */
export interface CodeInfo {
  /** IST0101, KIA1101, FY1001. */
  readonly code: string;
  readonly severity: Severity;
  /** A few words: "Referenced host not found". */
  readonly title: string;
  /** Why it matters and what to do, one to three sentences, plain text. */
  readonly explanation: string;
  /** Where the rule comes from: an API field, Istio's file. */
  readonly source: string;
  /** Off unless a setting or `--only` names it. */
  readonly isOffByDefault?: boolean;
}

/**
 * A check: pure, and a generator, so that a caller may stop it. It reads other objects through the world only, never
 * keeps anything, and never throws for foreign input (the engine reports it as the rule's fault if it does).
 */
export interface Rule {
  /** Unique. For the layer `analyzer` Istio's name ("virtualservice.GatewayAnalyzer"), else camel case ("shortHost"). */
  readonly name: string;
  readonly layer: Layer;
  readonly codes: readonly CodeInfo[];
  /** Kinds whose objects it judges; "*" is any. */
  readonly kinds: readonly (KindName | "*")[];
  /** Further kinds that it reads through the world. With none it depends on the object alone and is run once for it. */
  readonly reads: readonly KindName[];
  /**
   * "declaration": run on each document, even if its object is declared twice (layers yaml, schema, cel, webhook).
   * "object" (default): run on the object that counts.
   */
  readonly runsOn?: "declaration" | "object";
  check(object: WorldObject, world: World): Iterable<RuleFinding>;
}
