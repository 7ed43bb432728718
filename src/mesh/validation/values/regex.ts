import { LRUCache } from "lru-cache";
import { RE2JS } from "re2js";
import { say, type Message } from "../../message.ts";

/** A compiled RE2 pattern, or why there is none. */
export type CompiledRe2 = { readonly pattern: RE2JS } | { readonly problem: Message };

/** Istio refuses longer ones; Envoy's own limit is of the compiled program. */
export const longestRegexBytes = 1024;

const cache = new LRUCache<string, CompiledRe2>({ max: 1000 });

/** Compiles as Go's regexp would, at most 1024 bytes, so in bounded time. */
export function compileRe2(text: string): CompiledRe2 {
  // Bytes are never fewer than UTF-16 units, so a long text is not even measured.
  if (text.length > longestRegexBytes || new TextEncoder().encode(text).length > longestRegexBytes) {
    return { problem: say("The regular expression is longer than {0} bytes", longestRegexBytes) };
  }
  const known = cache.get(text);
  if (known !== undefined) return known;
  const compiled = compile(text);
  cache.set(text, compiled);
  return compiled;
}

function compile(text: string): CompiledRe2 {
  try {
    return { pattern: RE2JS.compile(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: say("This is no regular expression of RE2: {0}", reason) };
  }
}
