import { kinds } from "../../kinds.ts";
import type { World } from "../../world/world.ts";
import { namespaceExists } from "./namespaces.ts";

/** The Service that a host names. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The Service that a host means in a namespace: "a" is one of the own namespace, "a.b" one of "b" if "b" is a namespace,
 * "a.b.svc" and "a.b.svc.DOMAIN" always one. undefined for wildcards and for other names, which ServiceEntries declare.
 * The domain is not compared: a cluster's domain may be any.
 */
export function serviceNameOf(world: World, host: string, namespace: string): ServiceName | undefined {
  if (host === "" || host.includes("*")) return undefined;
  const [name = "", second, third] = host.split(".");
  if (second === undefined) return { namespace, name };
  if (third === undefined) {
    return second === namespace || namespaceExists(world, second) ? { namespace: second, name } : undefined;
  }
  return third === "svc" ? { namespace: second, name } : undefined;
}

/**
 * One spelling for hosts that mean the same: Services as "name.namespace.svc.cluster.local" whatever the cluster's
 * domain, wildcards of Services likewise, others in lower case.
 */
export function hostKey(world: World, host: string, namespace: string): string {
  const service = serviceNameOf(world, host, namespace);
  if (service !== undefined) return `${service.name}.${service.namespace}.svc.cluster.local`;
  const [, inside] = /^\*\.([^.]+)\.svc(?:\..+)?$/u.exec(host) ?? [];
  return inside === undefined ? host.toLowerCase() : `*.${inside}.svc.cluster.local`;
}

/** True if a wildcard ("*", "*.b.c") covers a host or a narrower wildcard; labels are compared whole. */
export function covers(wildcard: string, host: string): boolean {
  if (wildcard === "*") return true;
  return wildcard.startsWith("*.") && wildcard !== host && host.endsWith(wildcard.slice(1));
}

/** True if one host covers the other, or both are the same. */
export function overlaps(a: string, b: string): boolean {
  return a === b || covers(a, b) || covers(b, a);
}

/** The wildcards that cover a host, the narrowest first: "*.b.c", "*.c" and "*" for "a.b.c". */
export function wildcardsOver(host: string): readonly string[] {
  const labels = (host.startsWith("*.") ? host.slice(2) : host).split(".").slice(0, 64);
  const found: string[] = [];
  for (let at = 1; at < labels.length; at += 1) found.push(`*.${labels.slice(at).join(".")}`);
  if (host !== "*") found.push("*");
  return found;
}

export function serviceOf(world: World, name: ServiceName | undefined) {
  return name === undefined ? undefined : world.get(kinds.Service, name.namespace, name.name);
}
