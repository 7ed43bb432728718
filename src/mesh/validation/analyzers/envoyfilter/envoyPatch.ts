import { say, type Message } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { envoyPatchCodes } from "./envoyPatchCodes.ts";

interface Patch {
  readonly operation: string;
  readonly applyTo: string;
  readonly name: string;
  readonly proxyVersion: string;
}

const relative = new Set(["INSERT_BEFORE", "INSERT_AFTER"]);
const ofRoutes = new Set(["ROUTE_CONFIGURATION", "HTTP_ROUTE"]);
const replaceable = new Set(["NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST"]);

/** Names of patches for a proxy version, by the filters that come before each filter. */
const seenBefore = defineQuery<ReadonlyMap<WorldObject, ReadonlySet<string>>>((world) => {
  const before = new Map<WorldObject, ReadonlySet<string>>();
  let seen: ReadonlySet<string> = new Set();
  for (const filter of world.all(kinds.EnvoyFilter)) {
    before.set(filter, seen);
    const own = patchesOf(filter).flatMap(({ proxyVersion, name }) => (proxyVersion === "" ? [] : [name]));
    if (own.length > 0) seen = new Set([...seen, ...own]);
  }
  return before;
});

const seenBeforeThis = defineQuery<readonly string[]>((world, id) => {
  for (const [filter, seen] of world.ask(seenBefore)) if (filter.id === id) return [...seen];
  return [];
});

/** Operations that do nothing or depend on the order of filters (istio-analysis, 3.11). */
export const envoyPatch: Rule = {
  name: "envoyfilter.EnvoyPatchAnalyzer",
  layer: "analyzer",
  codes: envoyPatchCodes,
  kinds: [kinds.EnvoyFilter],
  reads: [kinds.EnvoyFilter],
  *check(object, world) {
    const seen = new Set(world.ask(seenBeforeThis, object.id));
    const priority = fieldsAt(object.object, "spec")["priority"];
    const isOrdered = typeof priority === "number" && priority !== 0;
    const told = new Set<string>();
    for (const [at, patch] of patchesOf(object).entries()) {
      for (const [code, message] of judge(patch, { isOrdered, seen })) {
        // Istio's line is the same for all patches of a filter, so that each code is told once.
        if (world.settings.isExactlyIstio && told.has(code)) continue;
        told.add(code);
        yield finding(code, message, at);
      }
      if (patch.proxyVersion !== "") seen.add(patch.name);
    }
  },
};

function finding(code: string, message: Message, at: number): RuleFinding {
  return { code, message, path: ["spec", "configPatches", at, "patch", "operation"] };
}

function* judge(
  { operation, applyTo, name }: Patch,
  { isOrdered, seen }: { readonly isOrdered: boolean; readonly seen: ReadonlySet<string> },
): Generator<readonly [code: string, message: Message]> {
  if (operation === "ADD") {
    if (ofRoutes.has(applyTo)) yield ["IST0153", say("ADD does nothing for {0}", applyTo)];
    return;
  }
  if (operation === "REMOVE" && ofRoutes.has(applyTo)) {
    yield ["IST0154", say("REMOVE does nothing for {0}", applyTo)];
    return;
  }
  if (operation === "REPLACE" && !replaceable.has(applyTo)) {
    yield ["IST0152", say("REPLACE works for HTTP_FILTER and NETWORK_FILTER only, not for {0}", applyTo)];
    return;
  }
  if (operation !== "REMOVE" && operation !== "REPLACE" && !relative.has(operation)) return;
  if (isOrdered) return;
  yield seen.has(name)
    ? ["IST0155", say("{0} depends on another filter that is for a proxy version; set a priority", operation)]
    : ["IST0151", say("{0} depends on the order of filters; set a priority, or use INSERT_FIRST", operation)];
}

/** The patches up to the first without `patch`, where Istio stops to look. */
function patchesOf({ object }: WorldObject): readonly Patch[] {
  const patches: Patch[] = [];
  for (const one of listAt(fieldsAt(object, "spec"), "configPatches")) {
    if (!Object.hasOwn(fieldsOf(one), "patch")) break;
    const patch = fieldsAt(one, "patch");
    const value = fieldsAt(patch, "value");
    const match = fieldsAt(one, "match");
    const filter = fieldsAt(fieldsAt(fieldsAt(match, "listener"), "filterChain"), "filter");
    // Istio writes a name that is set in the value in another form, so that the two never meet.
    const name =
      Object.keys(value).length > 0 ? `value ${JSON.stringify(value["name"] ?? null)}` : (textAt(filter, "name") ?? "");
    patches.push({
      operation: textAt(patch, "operation") ?? "INVALID",
      applyTo: textAt(one, "applyTo") ?? "INVALID",
      name,
      proxyVersion: textAt(fieldsAt(match, "proxy"), "proxyVersion") ?? "",
    });
  }
  return patches;
}
