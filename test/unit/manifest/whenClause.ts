export type ContextValues = Readonly<Record<string, string | boolean | undefined>>;

/** Evaluates a `when` clause as VS Code does, as far as Foreyard's manifest uses the language. */
export function holds(clause: string, values: ContextValues): boolean {
  return clause.split("||").some((side) => side.split("&&").every((term) => termHolds(term.trim(), values)));
}

function termHolds(term: string, values: ContextValues): boolean {
  const match = /^(?<key>[\w.]+) =~ \/(?<pattern>.+)\/(?<flags>[a-z]*)$/.exec(term);
  if (match?.groups) {
    const { key = "", pattern = "", flags = "" } = match.groups;
    const value = values[key];
    return typeof value === "string" && new RegExp(pattern, flags).test(value);
  }
  const [key = "", expected] = term.split(" == ");
  if (expected !== undefined) return values[key] === expected;
  const name = /^!?(?<name>[\w.]+)$/.exec(term)?.groups?.["name"];
  if (name === undefined) throw new Error(`not understood: ${term}`);
  const isSet = name === "true" || (name !== "false" && Boolean(values[name]));
  return term.startsWith("!") ? !isSet : isSet;
}

/** The context keys that a clause reads. */
export function keysOf(clause: string): readonly string[] {
  const withoutPatterns = clause.replaceAll(/=~ \/.+?\/[a-z]*(?= |$)/g, "").replaceAll(/== [\w.]+/g, "");
  return withoutPatterns
    .split(/&&|\|\|/)
    .map((term) => term.replaceAll(/[!\s]/g, ""))
    .filter((term) => term !== "true" && term !== "false");
}
