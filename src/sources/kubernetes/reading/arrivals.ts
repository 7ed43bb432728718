import type { KindOnServer, KubeObject, ObjectMeta } from "../../../mesh/model/kubeObject.ts";

/**
 * An object as it came, ready for the mesh: with apiVersion and kind (lists leave them out, metadata lists name their
 * own), without managedFields, and without anything but metadata where only that was asked for.
 * undefined for what has no name.
 */
export function arrivalOf(value: unknown, kind: KindOnServer, metadataOnly: boolean): KubeObject | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = value as Readonly<Record<string, unknown>>;
  const { metadata } = found;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const meta = metadata as ObjectMeta & { managedFields?: unknown };
  if (typeof meta.name !== "string") return undefined;
  delete meta.managedFields;
  const apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  return metadataOnly
    ? { apiVersion, kind: kind.kind, metadata: meta }
    : { ...found, apiVersion, kind: kind.kind, metadata: meta };
}

/** Media types that ask for metadata alone; servers that cannot are sent on to whole objects. */
export function acceptOf(metadataOnly: boolean | undefined, isList: boolean): string {
  if (!metadataOnly) return "application/json";
  const as = isList ? "PartialObjectMetadataList" : "PartialObjectMetadata";
  return `application/json;as=${as};g=meta.k8s.io;v=v1,application/json`;
}
