import { flagAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import { readYaml } from "../../yaml/readYaml.ts";
import { kinds } from "../kinds.ts";
import { sameValue } from "./sameValue.ts";
import { defineQuery } from "./query.ts";
import type { World } from "./world.ts";

type Fields = Readonly<Record<string, unknown>>;

// Istio's DefaultMeshConfig (pkg/config/mesh), as far as rules read it.
const defaults: Fields = {
  rootNamespace: "istio-system",
  ingressService: "istio-ingressgateway",
  ingressControllerMode: "STRICT",
  ingressClass: "istio",
  trustDomain: "cluster.local",
  enableAutoMtls: true,
  defaultProviders: {},
  extensionProviders: [
    { name: "prometheus", prometheus: {} },
    { name: "stackdriver", stackdriver: {} },
    { name: "envoy", envoyFileAccessLog: { path: "/dev/stdout" } },
  ],
  defaultConfig: { discoveryAddress: "istiod.istio-system.svc:15012" },
};

const effective = defineQuery<Fields>((world) => merged(defaults, givenConfig(world, "mesh")), sameValue);
const networks = defineQuery<Fields>((world) => givenConfig(world, "meshNetworks"), sameValue);

/** The mesh configuration that applies: what was given, else the `istio` ConfigMap's, over Istio's defaults. */
export function meshConfigOf(world: World): Fields {
  return world.ask(effective);
}

/** The networks of the mesh, by the same way. */
export function meshNetworksOf(world: World): Fields {
  return world.ask(networks);
}

export function rootNamespaceOf(world: World): string {
  return textAt(meshConfigOf(world), "rootNamespace") ?? "istio-system";
}

function givenConfig(world: World, key: "mesh" | "meshNetworks"): Fields {
  const given = key === "mesh" ? world.settings.meshConfig : world.settings.meshNetworks;
  if (given !== undefined) return fieldsOrNone(given);
  const map = world.get(kinds.ConfigMap, "istio-system", "istio");
  const text = map === undefined ? undefined : textMapAt(map.object, "data")[key];
  return text === undefined ? {} : fieldsOrNone(readYaml(text).documents[0]?.value);
}

// As protobuf's merge: messages by field, lists replaced; extension providers by name, since defaults stay known.
function merged(base: Fields, over: Fields): Fields {
  const result: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const before = result[name];
    if (name === "extensionProviders") result[name] = [...listAt(base, name), ...listAt(over, name)];
    else if (isFields(before) && isFields(value)) result[name] = merged(before, value);
    else if (value !== null) result[name] = value;
  }
  return result;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsOrNone(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** `enableAutoMtls`: on unless it is switched off. */
export function hasAutoMtls(world: World): boolean {
  return flagAt(meshConfigOf(world), "enableAutoMtls") !== false;
}
