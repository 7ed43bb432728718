import { Environment } from "@marcbachmann/cel-js";
import { matchesPattern } from "../schema/valueProblems.ts";
import { isIp } from "./isIp.ts";
import { quickRules } from "./quickRules.ts";
import { urlScheme } from "./goUrl.ts";

/** A rule made ready once. `quick` takes the value as it is; `run` takes it as CEL sees it and may throw. */
export type CompiledRule =
  | { readonly quick: (self: unknown) => boolean }
  | { readonly run: (self: unknown) => unknown; readonly loops: number }
  | { readonly reason: string };

class CelUrl {
  readonly scheme: string;
  constructor(scheme: string) {
    this.scheme = scheme;
  }
}

function makeEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: 20_000, maxDepth: 100 },
  });
  environment.registerType("Url", CelUrl);
  environment.registerFunction("isURL(string): bool", (text: string) => urlScheme(text) !== undefined);
  environment.registerFunction("url(string): Url", (text: string) => {
    const scheme = urlScheme(text);
    if (scheme === undefined) throw new Error(`${JSON.stringify(text.slice(0, 80))} is no URL`);
    return new CelUrl(scheme);
  });
  environment.registerFunction("Url.getScheme(): string", (url: CelUrl) => url.scheme);
  environment.registerFunction("isIP(string): bool", isIp);
  environment.registerFunction("string.goMatches(string): bool", (text: string, pattern: string) =>
    matchesPattern(pattern, text),
  );
  environment.registerFunction("hasField(dyn, string): bool", (value: unknown, name: string) =>
    Object.hasOwn(Object(value) as object, name),
  );
  return environment;
}

let environment: Environment | undefined;
const compiled = new Map<string, CompiledRule>();

/** The rule, ready to run; of what Foreyard cannot read the reason. */
export function compileRule(rule: string): CompiledRule {
  let one = compiled.get(rule);
  if (one === undefined) {
    if (compiled.size > 5000) compiled.clear();
    compiled.set(rule, (one = compile(rule)));
  }
  return one;
}

function compile(rule: string): CompiledRule {
  const quick = quickRules.get(rule);
  if (quick !== undefined) return { quick };
  if (rule.length > 20_000) return { reason: "it is too long" };
  environment ??= makeEnvironment();
  // Patterns are Go's, and the library knows no has() of an item's field.
  const text = rule
    .replaceAll(".matches(", ".goMatches(")
    .replace(/\bhas\(([\w.]{1,100}\[\d+\])\.(\w+)\)/gu, 'hasField($1, "$2")');
  try {
    const parsed = environment.parse(text);
    const { valid, error } = parsed.check();
    if (!valid) return { reason: firstLine(error) };
    const loops = text.match(/\.(all|exists|exists_one|map|filter)\(/gu)?.length ?? 0;
    return { run: (self) => parsed({ self }) as unknown, loops };
  } catch (error) {
    return { reason: firstLine(error) };
  }
}

/** What an error says, without the picture of the place. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split("\n", 1)[0] ?? "").slice(0, 200);
}
