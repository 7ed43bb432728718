import { fieldsAt, fieldsOf, flagAt, textAt, textsAt } from "../../../model/fields.ts";
import type { World } from "../../world/world.ts";

/** The mesh configuration that the world is judged by; an empty one where none is known. */
function meshConfigOf(world: World): unknown {
  return world.settings.meshConfig;
}

/** The namespace whose policies are for the whole mesh (`rootNamespace`). */
export function rootNamespace(world: World): string {
  return textAt(meshConfigOf(world), "rootNamespace") ?? "istio-system";
}

/** True if sidecars use mutual TLS by themselves (`enableAutoMtls`), which is so unless it is switched off. */
export function isAutoMtls(world: World): boolean {
  return flagAt(meshConfigOf(world), "enableAutoMtls") ?? true;
}

/** True if unknown hosts are reached (`outboundTrafficPolicy.mode`), which is so unless it says REGISTRY_ONLY. */
export function allowsAnyHost(world: World): boolean {
  return (textAt(fieldsAt(meshConfigOf(world), "outboundTrafficPolicy"), "mode") ?? "ALLOW_ANY") === "ALLOW_ANY";
}

/** A list of texts of the mesh configuration, e.g. `defaultServiceExportTo`. */
export function meshList(world: World, field: string): readonly string[] {
  return textsAt(meshConfigOf(world), field);
}

/** The trust domain of a cluster's mesh and its aliases. */
export function trustDomains(world: World): readonly string[] {
  const config = fieldsOf(meshConfigOf(world));
  return [textAt(config, "trustDomain") ?? "cluster.local", ...textsAt(config, "trustDomainAliases")];
}
