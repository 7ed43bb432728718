/** Where a field stands in an object: map keys and list indexes from the top, e.g. ["spec", "http", 0, "route"]. */
export type FieldPath = readonly (string | number)[];

const plainKey = /^[A-Za-z_][\w-]*$/u;

/** The path as people write it: `spec.http[0].route[1].weight`; other keys are quoted: `metadata.labels["a.b/c"]`. */
export function pathText(path: FieldPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (!plainKey.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** What stands at a path of parsed YAML or JSON; undefined where nothing does. Own fields only. */
export function valueAt(value: unknown, path: FieldPath): unknown {
  let at = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
