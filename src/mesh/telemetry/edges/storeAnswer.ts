import type { Message } from "../../message.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { EdgeAnswer } from "./edgeAnswer.ts";

/** A connected cluster in which a store was found. */
export interface StoreHome {
  readonly key: ClusterKey;
  /** Istio's cluster ID as its control plane has it; undefined where nothing tells. */
  readonly clusterId: string | undefined;
  readonly context: string;
}

/** What one store says, and whose store it is. */
export interface StoreAnswer extends Pick<EdgeAnswer, "edges" | "workloads" | "waypoints"> {
  readonly sourceId: string;
  /** For people. */
  readonly label: string;
  /** Every cluster in which it was found, each once; empty for a store that is asked without any cluster. */
  readonly homes: readonly StoreHome[];
  /** It did not answer this time: this is what it said before. */
  readonly isStale?: boolean;
}

/** Something in the answers that could not be counted, or not as people may expect. */
export interface CountingProblem {
  /** Stable as long as the reason stays. */
  readonly id: string;
  readonly words: Message;
  readonly hint?: Message;
}
