import { isAlias, isMap, isPair, isScalar, isSeq, parseDocument, type Node } from "yaml";
import type { Place } from "./placeTree.ts";

/** What can be read of a document that is broken. */
export interface Recovered {
  readonly value: unknown;
  readonly places: () => Place;
}

const none: ReadonlyMap<string | number, Place> = new Map();

/** Reads on after a mistake, as far as it goes; undefined if nothing of use remains. */
export function recover(text: string): Recovered | undefined {
  try {
    const document = parseDocument(text, {
      strict: false,
      uniqueKeys: false,
      merge: true,
      version: "1.2",
      logLevel: "silent",
    });
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return { value, places: () => placeOf(document.contents, undefined) };
  } catch {
    // What even a lenient reader refuses is told by the error of the strict one.
    return undefined;
  }
}

function placeOf(node: Node | null, key: Place["key"]): Place {
  const [start, end] = node?.range ?? [0, 0];
  const value = node === null ? (key ?? { start: 0, end: 0 }) : { start, end };
  if (node === null || isAlias(node) || isScalar(node)) return { key, value, children: none };
  const children = new Map<string | number, Place>();
  if (isSeq(node)) node.items.forEach((item, at) => children.set(at, placeOf(item as Node | null, undefined)));
  if (isMap(node)) {
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key)) continue;
      const [from, to] = pair.key.range ?? [0, 0];
      children.set(String(pair.key.value), placeOf(pair.value as Node | null, { start: from, end: to }));
    }
  }
  return { key, value, children };
}
