import type { Message } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { Related } from "../finding.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** More places than these help nobody to find the other object. */
const most = 10;

/** The other objects of a conflict, as places to go to. */
export function relatedTo(others: readonly WorldObject[], path: FieldPath, message: Message): readonly Related[] {
  return others.slice(0, most).map((object) => ({ object, path, message }));
}

/** "a/b" and how many more, for a message. */
export function namesOf(others: readonly WorldObject[]): string {
  const names = others.slice(0, 3).map(({ namespace, name }) => `${namespace}/${name}`);
  return others.length > 3 ? `${names.join(", ")} + ${String(others.length - 3)}` : names.join(", ");
}
