import { say, type Message } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Condition, Fault, FaultyCondition } from "./condition.ts";

/** What a condition is about. */
export interface Subject {
  readonly resource: WorldObject;
  readonly listener?: string;
  readonly parent?: string;
  /** Marked where all is well. */
  readonly path: FieldPath;
}

/** A condition that holds: Accepted because Accepted, or another reason. */
export function good(
  { path, ...subject }: Subject,
  type: string,
  reason = type,
  message: Message = say("Nothing is wrong"),
): Condition {
  return { ...subject, type, status: type === "Conflicted" ? "False" : "True", reason, path, message };
}

/** A condition that does not hold, or Conflicted that does. */
export function bad(subject: Subject, type: string, fault: Fault): FaultyCondition {
  const { reason, path, message } = fault;
  return { ...subject, type, status: type === "Conflicted" ? "True" : "False", reason, path, message, fault };
}

export function goodOrBad(subject: Subject, type: string, fault: Fault | undefined): Condition {
  return fault === undefined ? good(subject, type) : bad(subject, type, fault);
}

export function isFaulty(condition: Condition): condition is FaultyCondition {
  return "fault" in condition;
}
