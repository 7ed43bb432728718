import { say } from "../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import {
  backendFault,
  configurationFault,
  filterFault,
  headerFault,
  mirrorOf,
  weightedBackends,
  type BackendFault,
} from "./routeBackends.ts";

/** What is wrong with the rules of a route, for parents in the mesh or Gateways. */
export interface RuleFaults {
  /** The one that istiod tells. */
  readonly told: BackendFault | undefined;
  /** All of them, in order. */
  readonly all: readonly BackendFault[];
}

interface Translation {
  readonly world: World;
  readonly route: WorldObject;
  readonly isMesh: boolean;
}

/** As istiod converts rules: the first fault that ends the conversion is told, else that of the last rule with one. */
export function ruleFaults(world: World, route: WorldObject, isMesh: boolean): RuleFaults {
  const all: BackendFault[] = [];
  let told: BackendFault | undefined;
  let isEnded = false;
  for (const [index, rule] of listAt(fieldsAt(route.object, "spec"), "rules").entries()) {
    const faults = [...faultsOfRule({ world, route, isMesh }, rule, ["spec", "rules", index])];
    all.push(...faults.map(({ fault }) => fault));
    if (isEnded) continue;
    const end = faults.find(({ fault, isSoft }) => fault.isEnd && !isSoft);
    isEnded = end !== undefined;
    // Of several backends the last is told, and before any mirror.
    const backends = faults.filter(({ isMirror }) => !isMirror);
    told = (end ?? backends.at(-1) ?? faults.at(-1))?.fault ?? told;
  }
  return { told, all };
}

interface RuleFault {
  readonly fault: BackendFault;
  readonly isMirror: boolean;
  /** Told, but it ends nothing. */
  readonly isSoft: boolean;
}

function* faultsOfRule(translation: Translation, rule: unknown, path: FieldPath): Generator<RuleFault> {
  const { world, route, isMesh } = translation;
  const { kind } = route;
  if (kind === kinds.HTTPRoute || kind === kinds.GRPCRoute) {
    for (const fault of matchFaults(rule, path, kind === kinds.GRPCRoute))
      yield { fault, isMirror: false, isSoft: false };
    yield* filterFaults(translation, rule, path);
  }
  for (const backend of weightedBackends(rule, path)) {
    const fault = backendFault(world, { ...backend, route, isMesh });
    if (fault !== undefined) yield { fault, isMirror: false, isSoft: false };
    for (const [index, filter] of listAt(backend.ref, "filters").entries()) {
      const bad = modifierFault(filter, [...backend.path, "filters", index]) ?? undefined;
      if (bad !== undefined) yield { fault: bad, isMirror: false, isSoft: false };
    }
  }
}

const httpFilters = new Set(["RequestRedirect", "RequestMirror", "URLRewrite", "CORS"]);

function* filterFaults({ world, route, isMesh }: Translation, rule: unknown, path: FieldPath): Generator<RuleFault> {
  const isHttp = route.kind === kinds.HTTPRoute;
  for (const [index, filter] of listAt(rule, "filters").entries()) {
    const at: FieldPath = [...path, "filters", index];
    const type = textAt(filter, "type") ?? "";
    if (type === "RequestMirror") {
      const mirror = mirrorOf(filter, at);
      const fault = mirror && backendFault(world, { ...mirror, route, isMesh });
      // A mirror's fault ends the conversion of gRPC routes only.
      if (fault !== undefined) yield { fault: { ...fault, isEnd: !isHttp }, isMirror: isHttp, isSoft: isHttp };
      continue;
    }
    if (isHttp && httpFilters.has(type)) continue;
    const fault = modifierFault(filter, at);
    if (fault !== undefined) yield { fault, isMirror: false, isSoft: false };
  }
}

/** The fault of a filter that changes headers, or of one that is not known. */
function modifierFault(filter: unknown, path: FieldPath): BackendFault | undefined {
  switch (textAt(filter, "type") ?? "") {
    case "RequestHeaderModifier":
      return headerFault(fieldsOf(filter)["requestHeaderModifier"], [...path, "requestHeaderModifier"]);
    case "ResponseHeaderModifier":
      return headerFault(fieldsOf(filter)["responseHeaderModifier"], [...path, "responseHeaderModifier"]);
    default:
      return filterFault(filter, path);
  }
}

const plain = new Set(["Exact", "RegularExpression"]);
const ofPath = new Set(["Exact", "PathPrefix", "RegularExpression"]);

function* matchFaults(rule: unknown, rulePath: FieldPath, isGrpc: boolean): Generator<BackendFault> {
  for (const [index, match] of listAt(rule, "matches").entries()) {
    const path: FieldPath = [...rulePath, "matches", index];
    const placed: { value: unknown; path: FieldPath; types: ReadonlySet<string> }[] = [];
    const add = (name: string, types: ReadonlySet<string>) => {
      const value = fieldsOf(match)[name];
      if (typeof value === "object" && value !== null) placed.push({ value, path: [...path, name], types });
    };
    if (isGrpc) {
      const { method } = fieldsOf(match);
      add("method", plain);
      if (
        typeof method === "object" &&
        method !== null &&
        !Object.hasOwn(method, "service") &&
        !Object.hasOwn(method, "method")
      ) {
        yield configurationFault([...path, "method"], say("A gRPC match needs a service or a method"));
      }
    } else add("path", ofPath);
    for (const name of ["headers", "queryParams"]) {
      for (const [at, value] of listAt(match, name).entries())
        placed.push({ value, path: [...path, name, at], types: plain });
    }
    for (const { value, path: at, types } of placed) {
      const type = textAt(value, "type");
      if (type === undefined || types.has(type)) continue;
      yield configurationFault(
        [...at, "type"],
        say("Istio does not match by {0}, only by {1}", type, [...types].join(", ")),
      );
    }
  }
}
