import { fieldsAt, listAt, textAt, flagAt } from "../../model/fields.ts";
import { kinds, type KindName } from "../kinds.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import { bundledKinds, type KindSchema } from "./bundledSchemas.ts";
import { readSchema, type SchemaNode } from "./schemaNode.ts";

/** Groups whose kinds all have schemas here, so that an unknown kind in them is a mistake. */
const knownGroups: ReadonlySet<string> = new Set([
  "networking.istio.io",
  "security.istio.io",
  "telemetry.istio.io",
  "extensions.istio.io",
  "gateway.networking.k8s.io",
]);

/** The kinds that the cluster's own CustomResourceDefinitions define. */
const liveKinds = defineQuery<ReadonlyMap<string, KindSchema>>((world) => {
  const found = new Map<string, KindSchema>();
  for (const { object, origin } of world.all(kinds.CustomResourceDefinition)) {
    if (origin.from !== "live") continue;
    const spec = fieldsAt(object, "spec");
    const group = textAt(spec, "group");
    const kind = textAt(fieldsAt(spec, "names"), "kind");
    const versions = liveVersions(spec);
    if (group === undefined || kind === undefined || versions.size === 0) continue;
    found.set(`${group}/${kind}`, { scope: spec["scope"] === "Cluster" ? "Cluster" : "Namespaced", versions });
  }
  return found;
});

function liveVersions(spec: unknown): ReadonlyMap<string, () => SchemaNode> {
  const versions = new Map<string, () => SchemaNode>();
  for (const version of listAt(spec, "versions")) {
    const name = textAt(version, "name");
    const schema = fieldsAt(fieldsAt(version, "schema"), "openAPIV3Schema");
    // A watch may keep no more than the names; that says nothing of the fields.
    if (name === undefined || flagAt(version, "served") === false || Object.keys(schema).length === 0) continue;
    let read: SchemaNode | undefined;
    versions.set(name, () => (read ??= readSchema(schema)));
  }
  return versions;
}

/** A kind's schema: the cluster's own before the one that comes with its Istio version. */
export function kindSchemaOf(world: World, kind: KindName): KindSchema | undefined {
  return world.ask(liveKinds).get(kind) ?? bundledKinds(world.settings.istioVersion).get(kind);
}

/** The schema of a kind in a version; undefined where Foreyard knows none. */
export function schemaOf(world: World, kind: KindName, version: string): SchemaNode | undefined {
  return kindSchemaOf(world, kind)?.versions.get(version)?.();
}

/** The kinds of a group of Istio or the Gateway API that the cluster would know; undefined for all other groups. */
export function kindsOfGroup(world: World, group: string): readonly string[] | undefined {
  if (!knownGroups.has(group)) return undefined;
  const bundled = bundledKinds(world.settings.istioVersion);
  const all = [...bundled.keys(), ...world.ask(liveKinds).keys()];
  if (bundled.size === 0) return undefined;
  return [...new Set(all.filter((name) => name.startsWith(`${group}/`)).map((name) => name.slice(group.length + 1)))];
}
