/**
 * The id of a child: its parent's, a slash, and its own part, in which "%" and "/" are written out. So different names
 * never give one id, and a node's parent can be told from its id alone.
 */
export function childId(parentId: string | undefined, ...part: readonly string[]): string {
  const own = part.map((text) => text.replace(/[%/:]/g, (mark) => encodeURIComponent(mark))).join(":");
  return parentId === undefined ? own : `${parentId}/${own}`;
}

/** The id of the parent; undefined for a root. */
export function parentIdOf(id: string): string | undefined {
  const slash = id.lastIndexOf("/");
  return slash < 0 ? undefined : id.slice(0, slash);
}
