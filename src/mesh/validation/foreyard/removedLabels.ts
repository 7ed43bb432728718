import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** Labels of Istio's metrics that Foreyard's queries tell series apart by. */
export const neededLabels: ReadonlySet<string> = new Set([
  "reporter",
  "source_workload",
  "source_workload_namespace",
  "source_canonical_revision",
  "source_cluster",
  "destination_workload",
  "destination_workload_namespace",
  "destination_service",
  "destination_service_name",
  "destination_service_namespace",
  "destination_canonical_revision",
  "destination_cluster",
  "request_protocol",
  "response_code",
  "response_flags",
  "grpc_response_status",
  "connection_security_policy",
]);

/** Configuration that takes labels off the metrics that topology, lists and health are read from. */
export const removedLabels: Rule = {
  name: "removedLabels",
  layer: "foreyard",
  codes: [
    {
      code: "FY1110",
      severity: "warning",
      title: "Telemetry removes a label that Foreyard needs",
      explanation:
        "Without this label on Istio's metrics Foreyard cannot tell sources, destinations or outcomes apart: its graph and " +
        "numbers become incomplete. Keep the label, or remove it from a copy of the metrics only.",
      source: "Telemetry spec.metrics.overrides.tagOverrides; Foreyard's queries",
    },
    {
      code: "FY1111",
      severity: "warning",
      title: "EnvoyFilter removes a label that Foreyard needs",
      explanation:
        "The patch takes a label off Istio's metrics, or the metrics themselves away. Foreyard's graph and numbers become " +
        "incomplete.",
      source: "EnvoyFilter spec.configPatches, tags_to_remove of istio.stats",
    },
  ],
  kinds: [kinds.Telemetry, kinds.EnvoyFilter],
  reads: [],
  *check(object) {
    yield* object.kind === kinds.Telemetry ? removedByTelemetry(object) : removedByFilter(object);
  },
};

function* removedByTelemetry({ object }: WorldObject): Generator<RuleFinding> {
  for (const [at, metrics] of listAt(fieldsAt(object, "spec"), "metrics").entries()) {
    const providers = listAt(metrics, "providers").map((provider) => textAt(provider, "name"));
    // Providers of other names may be of Prometheus too; only what is surely another is left alone.
    if (providers.length > 0 && providers.every((name) => name === "stackdriver")) continue;
    for (const [index, override] of listAt(metrics, "overrides").entries()) {
      const match = fieldsAt(override, "match");
      // A metric of the user's own.
      if (textAt(match, "customMetric") !== undefined) continue;
      const tags = fieldsAt(override, "tagOverrides");
      for (const [label, tag] of Object.entries(tags)) {
        if (textAt(tag, "operation") !== "REMOVE" || !neededLabels.has(label)) continue;
        yield {
          code: "FY1110",
          message: say("Without the label {0} Foreyard cannot tell traffic apart", label),
          path: ["spec", "metrics", at, "overrides", index, "tagOverrides", label],
          at: "key",
        };
      }
    }
  }
}

function* removedByFilter({ object }: WorldObject): Generator<RuleFinding> {
  for (const [at, patch] of listAt(fieldsAt(object, "spec"), "configPatches").entries()) {
    const body = fieldsAt(patch, "patch");
    const path: FieldPath = ["spec", "configPatches", at, "patch"];
    if (textAt(body, "operation") === "REMOVE" && isStatsFilter(patch)) {
      yield {
        code: "FY1111",
        message: say("Without the filter istio.stats there are no metrics of traffic"),
        path: [...path, "operation"],
      };
    }
    for (const { label, at: place } of removedTags(fieldsOf(body)["value"])) {
      if (!neededLabels.has(label)) continue;
      yield {
        code: "FY1111",
        message: say("Without the label {0} Foreyard cannot tell traffic apart", label),
        path: [...path, "value", ...place],
      };
    }
  }
}

function isStatsFilter(patch: unknown): boolean {
  const chain = fieldsAt(fieldsAt(fieldsAt(patch, "match"), "listener"), "filterChain");
  const filter = fieldsAt(chain, "filter");
  const names = [textAt(filter, "name"), textAt(fieldsAt(filter, "subFilter"), "name")];
  return names.includes("istio.stats");
}

interface RemovedTag {
  readonly label: string;
  readonly at: FieldPath;
}

/** How much of a patch is looked through; real ones have some dozens of fields. */
const mostFields = 5000;

/** Every `tags_to_remove` in a patch, also in configuration that is written as JSON text (Wasm's stats filter). */
function removedTags(value: unknown): readonly RemovedTag[] {
  const found: RemovedTag[] = [];
  const open: { readonly value: unknown; readonly at: FieldPath; readonly isText: boolean }[] = [
    { value, at: [], isText: false },
  ];
  for (let next = open.pop(), read = 0; next !== undefined && read < mostFields; next = open.pop(), read++) {
    const { at, isText } = next;
    const parsed = typeof next.value === "string" ? parsedTags(next.value) : next.value;
    const inText = isText || typeof next.value === "string";
    if (typeof parsed !== "object" || parsed === null) continue;
    for (const field of ["tags_to_remove", "tagsToRemove"]) {
      for (const [index, label] of textsAt(parsed, field).entries()) {
        found.push({ label, at: inText ? at : [...at, field, index] });
      }
    }
    const children = Array.isArray(parsed) ? parsed.entries() : Object.entries(parsed);
    for (const [key, child] of children) open.push({ value: child, at: inText ? at : [...at, key], isText: inText });
  }
  return found;
}

function parsedTags(text: string): unknown {
  if (!text.includes("tags_to_remove") || text.length > longestText) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const longestText = 100_000;
