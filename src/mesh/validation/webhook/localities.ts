import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";

interface Seen {
  readonly whole: Set<string>;
  /** Regions and zones that are given with `*`, or bare. */
  readonly wide: Set<string>;
  /** Regions and zones of which parts are given. */
  readonly parts: Set<string>;
}

/**
 * Localities as region/zone/subzone, with `*` at the end: none of them may say again what another says. Istio tells the
 * first mistake only. @param areKeys They are the keys of a map.
 */
export function checkLocalities(fields: readonly Field[], areKeys = false): void {
  const seen: Seen = { whole: new Set(), wide: new Set(), parts: new Set() };
  for (const field of fields) {
    const text = areKeys ? String(field.path.at(-1)) : field.text;
    const why = mistakeIn(text, seen);
    if (why === undefined) continue;
    field.error(why, { problem: problems.badValue, at: areKeys ? "key" : "value" });
    return;
  }
}

function mistakeIn(text: string, seen: Seen) {
  const star = text.indexOf("*");
  if (star >= 0 && star !== text.length - 1) return say("In {0}, * can stand at the end only", text);
  if (seen.wide.has("*")) return say("* takes all localities already");
  if (text === "*") {
    if (seen.whole.size > 0) return say("* takes localities that are given already");
    seen.wide.add("*");
    seen.whole.add("*");
    return undefined;
  }
  const parts = text.split("/");
  if (parts.length > 3 || parts.some((part) => part === ""))
    return say("{0} is no locality: region/zone/subzone", text);
  const isWide = parts.at(-1)?.endsWith("*") === true;
  const given = isWide && parts.at(-1) === "*" ? parts.slice(0, -1) : parts;
  const own = given.join("/");
  const around = given.map((_, at) => given.slice(0, at + 1).join("/"));
  if (around.some((one) => seen.wide.has(one)) || seen.parts.has(own))
    return say("{0} overlaps another locality", text);
  for (const one of around.slice(0, -1)) seen.parts.add(one);
  seen.wide.add(own);
  seen.whole.add(text);
  return undefined;
}
