import { RE2JS } from "re2js";
import { load } from "js-yaml";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { largestProgram, leastProgramSize } from "../../routing/regexSize.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { annotationOf } from "./facts/controlPlane.ts";
import { patternsOfVirtualService } from "./facts/virtualServicePatterns.ts";

/** A pattern in an object. */
interface PlacedPattern {
  readonly pattern: string;
  readonly path: FieldPath;
}

/** Patterns that proxies refuse, where nothing refuses them before. */
export const regexes: Rule = {
  name: "regexes",
  layer: "foreyard",
  codes: [
    {
      code: "FY1002",
      severity: "warning",
      title: "Pattern that Envoy refuses",
      explanation:
        "Envoy reads patterns as RE2, which knows no look-around and no back-references. Nothing checks the pattern before " +
        "the proxies do: they refuse the whole configuration that it is part of and keep the old one.",
      source: "RE2; HTTPRoute and GRPCRoute matches, EnvoyFilter patches, statistics annotations",
    },
    {
      code: "FY1003",
      severity: "warning",
      title: "Pattern too large for Envoy",
      explanation:
        "Counted repeats multiply: the pattern becomes a program of more than 32768 steps, which Istio's proxies refuse " +
        "together with the whole configuration that it is part of.",
      source: "re2.max_program_size.error_level in Istio's bootstrap, tools/packaging/common/envoy_bootstrap.json",
    },
  ],
  kinds: [kinds.VirtualService, kinds.HTTPRoute, kinds.GRPCRoute, kinds.EnvoyFilter, kinds.Pod, kinds.Deployment],
  reads: [],
  *check(object) {
    if (object.kind === kinds.VirtualService) {
      // istiod's webhook compiles these, but it does not count.
      for (const place of patternsOfVirtualService(object.object)) yield* tooLarge(place);
      return;
    }
    for (const place of unchecked(object)) {
      const large = [...tooLarge(place)];
      yield* large;
      if (large.length === 0) yield* refused(place);
    }
  },
};

function* tooLarge({ pattern, path }: PlacedPattern): Generator<RuleFinding> {
  if (pattern.length < shortestLarge || leastProgramSize(pattern) <= largestProgram) return;
  yield {
    code: "FY1003",
    message: say("The pattern's repeats make a program of over {0} steps", largestProgram),
    path,
  };
}

// A character repeated 1000 times, as often as RE2 allows, is far from it.
const shortestLarge = 10;

function* refused({ pattern, path }: PlacedPattern): Generator<RuleFinding> {
  if (pattern === "" || pattern.length > longestCompiled) return;
  try {
    RE2JS.compile(pattern);
  } catch (error) {
    yield {
      code: "FY1002",
      message: say("Not a pattern of RE2: {0}", error instanceof Error ? error.message.slice(0, mostShown) : ""),
      path,
      problem: problems.badRegex,
    };
  }
}

const longestCompiled = 20_000;
const mostShown = 120;

function unchecked(object: WorldObject): readonly PlacedPattern[] {
  switch (object.kind) {
    case kinds.HTTPRoute:
    case kinds.GRPCRoute:
      return routePatterns(object);
    case kinds.EnvoyFilter:
      return listAt(fieldsAt(object.object, "spec"), "configPatches").flatMap((patch, at) =>
        patchPatterns(fieldsOf(fieldsAt(patch, "patch"))["value"], ["spec", "configPatches", at, "patch", "value"]),
      );
    default:
      return statisticsPatterns(object);
  }
}

function routePatterns({ object }: WorldObject): readonly PlacedPattern[] {
  return listAt(fieldsAt(object, "spec"), "rules").flatMap((rule, at) =>
    listAt(rule, "matches").flatMap((match, index) => {
      const path: FieldPath = ["spec", "rules", at, "matches", index];
      const single = (["path", "method"] as const).flatMap((field) => {
        const condition = fieldsAt(match, field);
        if (textAt(condition, "type") !== "RegularExpression") return [];
        return ["value", "service", "method"].flatMap((name) => placed(condition, name, [...path, field]));
      });
      const lists = (["headers", "queryParams"] as const).flatMap((field) =>
        listAt(match, field).flatMap((condition, place) =>
          textAt(condition, "type") === "RegularExpression" ? placed(condition, "value", [...path, field, place]) : [],
        ),
      );
      return [...single, ...lists];
    }),
  );
}

function placed(holder: unknown, name: string, path: FieldPath): readonly PlacedPattern[] {
  const pattern = textAt(holder, name);
  return pattern === undefined ? [] : [{ pattern, path: [...path, name] }];
}

const mostFields = 5000;

/** Each `regex` beside or in a field of Envoy's RegexMatcher. */
function patchPatterns(value: unknown, path: FieldPath): readonly PlacedPattern[] {
  const found: PlacedPattern[] = [];
  const open: { readonly value: unknown; readonly path: FieldPath }[] = [{ value, path }];
  for (let next = open.pop(), read = 0; next !== undefined && read < mostFields; next = open.pop(), read++) {
    if (typeof next.value !== "object" || next.value === null) continue;
    const entries = Array.isArray(next.value) ? next.value.entries() : Object.entries(next.value);
    for (const [key, child] of entries) {
      if (key === "regex" && typeof child === "string") found.push({ pattern: child, path: [...next.path, key] });
      else open.push({ value: child, path: [...next.path, key] });
    }
  }
  return found;
}

const regexAnnotation = "sidecar.istio.io/statsInclusionRegexps";
const configAnnotation = "proxy.istio.io/config";

/** Of a Pod's or a template's annotations: statistics that the proxy keeps (pkg/bootstrap/config.go). */
function statisticsPatterns(object: WorldObject): readonly PlacedPattern[] {
  const isPod = object.kind === kinds.Pod;
  const template = isPod ? object.object : fieldsAt(fieldsAt(object.object, "spec"), "template");
  const path: FieldPath = [...(isPod ? [] : ["spec", "template"]), "metadata", "annotations"];
  const annotations = fieldsAt(fieldsAt(template, "metadata"), "annotations");
  const listed = isPod ? annotationOf(object, regexAnnotation) : textAt(annotations, regexAnnotation);
  const config = textAt(annotations, configAnnotation);
  const matcher = config?.includes("inclusionRegexps") === true ? fieldsAt(parse(config), "proxyStatsMatcher") : {};
  return [
    ...(listed?.split(",") ?? []).map((pattern) => ({ pattern, path: [...path, regexAnnotation] })),
    ...textsAt(matcher, "inclusionRegexps").map((pattern) => ({ pattern, path: [...path, configAnnotation] })),
  ];
}

function parse(yaml: string): unknown {
  try {
    return yaml.length > longestCompiled ? undefined : load(yaml);
  } catch {
    return undefined;
  }
}
