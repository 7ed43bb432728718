import { textAt, textMapAt, textsAt, listAt, fieldsAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import { defineQuery } from "./query.ts";
import type { World } from "./world.ts";
import type { WorldObject } from "./worldObject.ts";

// Names of hosts as Istio's analyzers read them (istio/istio pkg/config/analysis/analyzers/util).

const clusterFqdn = /^(.+)\.(.+)\.svc\.cluster\.local$/u;

/** The full name of a host in a namespace; a name with a dot or a wildcard is one already. */
export function toFqdn(namespace: string, host: string): string {
  return host.startsWith("*") || host.includes(".") ? host : `${host}.${namespace}.svc.cluster.local`;
}

/** Which resource a host names: of a full name its parts, else the host itself in the namespace. */
export function resourceName(namespace: string, host: string): { readonly namespace: string; readonly name: string } {
  const [, name, of] = clusterFqdn.exec(host) ?? [];
  return name === undefined || of === undefined ? { namespace, name: host } : { namespace: of, name };
}

/** True if some name matches both patterns; `*` stands for any beginning (Istio's host.Name.Matches). */
export function overlaps(a: string, b: string): boolean {
  const isWildA = a.startsWith("*");
  const isWildB = b.startsWith("*");
  if (isWildA && isWildB) {
    const [long, short] = a.length < b.length ? [b, a] : [a, b];
    return long.slice(1).endsWith(short.slice(1));
  }
  if (isWildA) return b.endsWith(a.slice(1));
  if (isWildB) return a.endsWith(b.slice(1));
  return a === b;
}

/** True if every name that matches `a` matches `b` (Istio's host.Name.SubsetOf). */
export function isSubsetOf(a: string, b: string): boolean {
  const isWildA = a.startsWith("*");
  const isWildB = b.startsWith("*");
  if (isWildA && isWildB) return a.length >= b.length && a.slice(1).endsWith(b.slice(1));
  if (isWildA) return false;
  return isWildB ? a.endsWith(b.slice(1)) : a === b;
}

/** The namespaces that an `exportTo` names, `.` resolved; "*" from where it is met, and for an empty list. */
export function scopesOf(exportTo: readonly string[], namespace: string): readonly string[] {
  if (exportTo.length === 0) return ["*"];
  const scopes: string[] = [];
  for (const entry of exportTo) {
    if (entry === "*") return ["*"];
    scopes.push(entry === "." ? namespace : entry);
  }
  return scopes;
}

interface Destinations {
  /** By "scope/full name". */
  readonly exact: ReadonlyMap<string, WorldObject>;
  /** Hosts with a wildcard by what follows it. */
  readonly wild: ReadonlyMap<string, readonly { readonly scope: string; readonly entry: WorldObject }[]>;
}

const destinations = defineQuery<Destinations>((world) => {
  const exact = new Map<string, WorldObject>();
  const wild = new Map<string, { readonly scope: string; readonly entry: WorldObject }[]>();
  for (const entry of world.all(kinds.ServiceEntry)) {
    const spec = entry.object["spec"];
    const scopes = scopesOf(textsAt(spec, "exportTo"), entry.namespace);
    for (const host of textsAt(spec, "hosts")) {
      for (const scope of scopes) {
        exact.set(`${scope}/${toFqdn(entry.namespace, host)}`, entry);
        if (!host.startsWith("*")) continue;
        const tail = host.slice(1);
        wild.set(tail, [...(wild.get(tail) ?? []), { scope, entry }]);
      }
    }
  }
  for (const service of world.all(kinds.Service)) {
    const fqdn = `${service.name}.${service.namespace}.svc.cluster.local`;
    for (const scope of serviceScopes(service)) exact.set(`${scope}/${fqdn}`, service);
  }
  return { exact, wild };
});

function serviceScopes(service: WorldObject): readonly string[] {
  const exportTo = textMapAt(service.object.metadata, "annotations")["networking.istio.io/exportTo"] ?? "";
  const entries = exportTo.split(",").map((entry) => entry.trim());
  return scopesOf(
    entries.filter((entry) => entry !== ""),
    service.namespace,
  );
}

const found = defineQuery<WorldObject | undefined>((world, key) => {
  const [namespace = "", exportTo = "", host = ""] = key.split("\n");
  const { exact, wild } = world.ask(destinations);
  const fqdn = toFqdn(namespace, host);
  const everywhere = exact.get(`*/${fqdn}`);
  if (everywhere !== undefined) return everywhere;
  const scopes = exportTo === "" ? [namespace] : exportTo.split(",");
  for (const scope of scopes) {
    const entry = exact.get(`${scope === "." ? namespace : scope}/${fqdn}`);
    if (entry !== undefined) return entry;
  }
  const bare = host.startsWith("*") ? host.slice(1) : host;
  for (let at = 0; at <= bare.length && wild.size > 0; at += 1) {
    const visible = wild.get(bare.slice(at))?.find(({ scope }) => scope === "*" || scope === namespace);
    if (visible !== undefined) return visible.entry;
  }
  return undefined;
});

/**
 * The Service or ServiceEntry that a destination's host means for an object of a namespace. The object's own `exportTo`
 * decides which scopes are tried, as in Istio's analyzers.
 */
export function findDestination(
  world: World,
  namespace: string,
  exportTo: readonly string[],
  host: string,
): WorldObject | undefined {
  return world.ask(found, `${namespace}\n${exportTo.join(",")}\n${host}`);
}

/** The port numbers that a Service or a ServiceEntry offers. */
export function portNumbersOf(entry: WorldObject): readonly number[] {
  const field = entry.kind === kinds.Service ? "port" : "number";
  return listAt(entry.object["spec"], "ports").flatMap((port) => {
    const number = fieldsAt({ port }, "port")[field];
    return typeof number === "number" ? [number] : [];
  });
}

/** A host's name with its namespace for messages: the namespace where it would be looked for. */
export function namespaceOfHost(namespace: string, host: string): string {
  return resourceName(namespace, toFqdn(namespace, host)).namespace;
}

/** The text of a field of an object, "" if absent. */
export function specText(object: WorldObject, name: string): string {
  return textAt(object.object["spec"], name) ?? "";
}
