import { fieldsOf, flagAt, listAt, textAt, textsAt } from "../../model/fields.ts";
import { duration } from "../../validation/values/durations.ts";
import { matchesText, readTextMatch } from "../textMatch.ts";
import type { HeaderLines } from "./headerEffects.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Envoy's CorsPolicy of networking.istio.io's (`TranslateCORSPolicy`). */
export function corsFacts(policy: Fields): Fields {
  const origins = originsOf(policy).map((match) => {
    const { exact, prefix, regex } = fieldsOf(match);
    if (exact !== undefined) return { exact };
    return prefix === undefined ? { safe_regex: { regex } } : { prefix };
  });
  const maxAge = maxAgeOf(policy);
  const lists = { allow_methods: "allowMethods", allow_headers: "allowHeaders", expose_headers: "exposeHeaders" };
  const joined = Object.entries(lists).flatMap(([name, field]) => {
    const texts = textsAt(policy, field);
    return texts.length === 0 ? [] : [[name, texts.join(",")] as const];
  });
  return {
    ...(origins.length === 0 ? {} : { allow_origin_string_match: origins }),
    ...Object.fromEntries(joined),
    ...(maxAge === undefined ? {} : { max_age: maxAge }),
    ...(policy["allowCredentials"] === undefined ? {} : { allow_credentials: flagAt(policy, "allowCredentials") }),
    filter_enabled: { default_value: { numerator: 100 } },
    forward_not_matching_preflights: textAt(policy, "unmatchedPreflights") !== "IGNORE",
  };
}

function originsOf(policy: Fields): readonly unknown[] {
  const origins = listAt(policy, "allowOrigins");
  return origins.length > 0 ? origins : textsAt(policy, "allowOrigin").map((exact) => ({ exact }));
}

function maxAgeOf(policy: Fields): string | undefined {
  const nanoseconds = duration(textAt(policy, "maxAge") ?? "");
  return nanoseconds === undefined ? undefined : String(Math.trunc(nanoseconds / 1e9));
}

export interface CorsAnswer {
  /** True where the proxy answers the preflight itself. */
  readonly isPreflight: boolean;
  readonly headers: HeaderLines;
}

/** What Envoy's CORS filter adds for a request; undefined where it leaves the request alone. */
export function corsAnswer(policy: Fields, method: string, headers: HeaderLines): CorsAnswer | undefined {
  const [origin] = headers.get("origin") ?? [];
  if (origin === undefined) return undefined;
  const isPreflight = method === "OPTIONS" && (headers.get("access-control-request-method")?.[0] ?? "") !== "";
  const isAllowed = originsOf(policy).some((match) => {
    const read = readTextMatch(match);
    return read !== undefined && matchesText(read, origin);
  });
  const isIgnoring = textAt(policy, "unmatchedPreflights") === "IGNORE";
  if (!isAllowed) return isPreflight && isIgnoring ? { isPreflight, headers: new Map() } : undefined;
  const added = new Map<string, readonly string[]>([["access-control-allow-origin", [origin]]]);
  const list = (name: string, field: string): void => {
    const texts = textsAt(policy, field);
    if (texts.length > 0) added.set(name, [texts.join(",")]);
  };
  if (flagAt(policy, "allowCredentials") === true) added.set("access-control-allow-credentials", ["true"]);
  if (isPreflight) {
    list("access-control-allow-methods", "allowMethods");
    list("access-control-allow-headers", "allowHeaders");
    const maxAge = maxAgeOf(policy);
    if (maxAge !== undefined) added.set("access-control-max-age", [maxAge]);
  }
  list("access-control-expose-headers", "exposeHeaders");
  return { isPreflight, headers: added };
}
