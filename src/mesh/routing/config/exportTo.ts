/** Where an object is visible: "*", "~" (nowhere), and names of namespaces; "." has been replaced by the object's own. */
export type ExportTo = ReadonlySet<string>;

/** Reads `exportTo`; an empty one is the mesh's default for the kind, and that is "*" where the mesh says none. */
export function readExportTo(
  entries: readonly string[],
  defaults: readonly string[] | undefined,
  namespace: string,
): ExportTo {
  const said = entries.length > 0 ? entries : (defaults ?? ["*"]);
  return new Set(said.map((entry) => (entry === "." ? namespace : entry)));
}

export function isVisibleIn(exportTo: ExportTo, namespace: string): boolean {
  return exportTo.has("*") || (exportTo.has(namespace) && !exportTo.has("~"));
}
