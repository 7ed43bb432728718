import type { TreeName } from "../../mesh/live/liveMesh.ts";
import { treeNames } from "../ids.ts";

/** What VS Code hands around for a row: names it, and holds nothing that could grow old. */
export interface Row {
  readonly tree: TreeName;
  readonly id: string;
}

/** The row a command was called on, if it was called on one. */
export function rowOf(argument: unknown): Row | undefined {
  if (typeof argument !== "object" || argument === null || !("tree" in argument) || !("id" in argument)) return;
  const tree = treeNames.find((name) => name === argument.tree);
  return tree && typeof argument.id === "string" ? { tree, id: argument.id } : undefined;
}

/** All selected rows if a command was called on a selection, else the one row. */
export function rowsOf(one: unknown, many: unknown): readonly Row[] {
  const rows = Array.isArray(many) && many.length > 0 ? many : [one];
  return rows.flatMap((each) => rowOf(each) ?? []);
}
