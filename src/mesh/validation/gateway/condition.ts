import type { Message } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { Related } from "../finding.ts";
import type { KindName } from "../kinds.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** A condition that istiod would write into an object's status. */
export interface Condition {
  readonly resource: WorldObject;
  /** The listener of the Gateway or ListenerSet that it is about, by name. */
  readonly listener?: string;
  /** For routes the parent, for policies the ancestor: "Gateway/namespace/name#section:port", as far as they are set. */
  readonly parent?: string;
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  /** The field that decides it. */
  readonly path: FieldPath;
  readonly message: Message;
}

/** Why a condition is negative. */
export interface Fault {
  readonly reason: string;
  readonly message: Message;
  readonly path: FieldPath;
  readonly at?: "key" | "value";
  readonly related?: readonly Related[];
  readonly problem?: string;
  readonly missingIn?: string;
  readonly missingKind?: KindName;
}

/** A condition that is a fault: Accepted, Programmed, ResolvedRefs = False, Conflicted = True. */
export interface FaultyCondition extends Condition {
  readonly fault: Fault;
}
