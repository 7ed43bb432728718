import type { Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";

/** Told by shape, colour and word; how is the surface's business. */
export type NodeState = "healthy" | "degraded" | "failing" | "idle" | "unknown";

export type NodeKind =
  | "mesh"
  | "cluster"
  | "group"
  | "controlPlane"
  | "dataPlane"
  | "nodeAgent"
  | "gateway"
  | "telemetry"
  | "namespace"
  | "service"
  | "member"
  | "workload"
  | "pod"
  | "node"
  | "host"
  | "port"
  /** The role and network of a cluster. */
  | "role"
  /** One line of what a metrics store holds. */
  | "capability"
  /** One step of looking for a metrics store. */
  | "step"
  | "failure"
  | "more";

/** One line of a tooltip: a name and what it is, both for people. */
export interface Fact {
  readonly name: Message;
  readonly value: Message;
  /** A moment that belongs to the value (milliseconds since 1970); the surface adds it as local time. */
  readonly atMillis?: number;
}

/** A row of a tree as a value. */
export interface TreeNode {
  /** Stable across refreshes and unique in its tree, so that what is open and selected stays so. */
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: NodeKind;
  /** Plain text exactly as the cluster spells it, or a message. */
  readonly label: string | Message;
  /** At most three short facts, in the order a person would ask. */
  readonly facts: readonly Message[];
  /** undefined: the row has no health of its own and shows its kind's icon. */
  readonly state: NodeState | undefined;
  /** The numbers are old: since when (milliseconds since 1970). */
  readonly staleSince?: number;
  /** What opens as a document. */
  readonly ref?: ObjectRef;
  /**
   * What drills down, where that is not `ref`: what spans clusters (a mesh, a namespace or service of several clusters)
   * has `cluster` "", as a LevelRef has it. Rows with the token "fy.drill" have the one or the other.
   */
  readonly drill?: ObjectRef;
  /** What the row is, for `when` clauses: tokens such as "fy.service", "fy.http". */
  readonly tokens: readonly string[];
  readonly hasChildren: boolean;
  readonly isOpen?: boolean;
}

/** A tree as the surface asks for it; ids it does not know have no children and no tooltip. */
export interface TreeModel {
  roots(): readonly TreeNode[];
  children(id: string): readonly TreeNode[];
  find(id: string): TreeNode | undefined;
  /** Asked only when a person hovers. */
  tooltip(id: string): readonly Fact[];
}
