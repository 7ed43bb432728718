import { fieldsAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { meshList } from "./meshSettings.ts";

/** The namespaces that see an object. */
export type Visibility = "all" | ReadonlySet<string>;

const defaults: Readonly<Record<string, string>> = {
  [kinds.VirtualService]: "defaultVirtualServiceExportTo",
  [kinds.DestinationRule]: "defaultDestinationRuleExportTo",
  [kinds.ServiceEntry]: "defaultServiceExportTo",
  [kinds.Service]: "defaultServiceExportTo",
};

/**
 * Who sees a VirtualService, DestinationRule, ServiceEntry (`spec.exportTo`) or Service (annotation
 * `networking.istio.io/exportTo`); else the mesh's default for its kind, else everybody.
 */
export function visibilityOf(world: World, object: WorldObject): Visibility {
  const own = exportsOf(object);
  const field = defaults[object.kind];
  const names = own.length > 0 || field === undefined ? own : meshList(world, field);
  if (names.length === 0 || names.includes("*")) return "all";
  return new Set(names.filter((name) => name !== "~").map((name) => (name === "." ? object.namespace : name)));
}

export function isVisibleIn(visibility: Visibility, namespace: string): boolean {
  return visibility === "all" || visibility.has(namespace);
}

function exportsOf({ kind, object }: WorldObject): readonly string[] {
  if (kind !== kinds.Service) return textsAt(fieldsAt(object, "spec"), "exportTo");
  const annotations = textMapAt(fieldsAt(object, "metadata"), "annotations");
  if (!Object.hasOwn(annotations, "networking.istio.io/exportTo")) return [];
  const text = annotations["networking.istio.io/exportTo"] ?? "";
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
