import { fieldsAt, textAt, textsAt } from "../../../model/fields.ts";
import { meshConfigOf } from "../../world/meshConfig.ts";
import type { World } from "../../world/world.ts";

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
  const config = meshConfigOf(world);
  return [textAt(config, "trustDomain") ?? "cluster.local", ...textsAt(config, "trustDomainAliases")];
}
