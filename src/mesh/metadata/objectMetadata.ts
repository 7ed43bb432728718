import type { LevelReads } from "../drilldown/drilldownInput.ts";
import { MeshError } from "../meshError.ts";
import { fieldsOf, listAt, textAt, textMapAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { Metadata, MetadataProvider, MetadataSeverity, ResourceRef } from "./providers.ts";

/** What of the cluster's own objects serves as metadata without any code: annotations, and objects of a custom kind. */
export interface ObjectMetadataSettings {
  /** Beginnings of annotations' names, e.g. "cost.example.com/". */
  readonly annotationPrefixes: readonly string[];
  /** Kinds whose objects tell of others: of those that own them, else of those of the same name. */
  readonly kinds: readonly MetadataKind[];
}

export interface MetadataKind {
  readonly group: string;
  readonly kind: string;
  /** Kubernetes kinds that it tells of; empty: Pod alone. */
  readonly about: readonly string[];
}

/** undefined while no cluster is connected. */
export type ReadsNow = () => Pick<LevelReads, "object" | "objects"> | undefined;

/** Kinds whose annotations are read. */
const annotated = ["Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service", "Node"];

/** One provider for each prefix and kind, named after it. */
export function objectMetadata(
  { annotationPrefixes, kinds }: ObjectMetadataSettings,
  reads: ReadsNow,
): readonly MetadataProvider[] {
  const distinct = <T>(all: readonly T[], idOf: (each: T) => string): readonly T[] => [
    ...new Map(all.map((each) => [idOf(each), each])).values(),
  ];
  return [
    ...distinct(
      annotationPrefixes.filter((prefix) => prefix !== ""),
      (prefix) => prefix,
    ).map((prefix) => annotations(prefix, reads)),
    ...distinct(kinds, ({ group, kind }) => `${kind}.${group}`).map((kind) => customObjects(kind, reads)),
  ];
}

function annotations(prefix: string, reads: ReadsNow): MetadataProvider {
  return {
    id: prefix,
    kinds: annotated,
    provide: async (ref, signal) => {
      const object = await unlessGone(reads()?.object(objectRefOf(ref), signal));
      return object && annotationsOf(object, prefix);
    },
  };
}

/** `<prefix>summary` and `<prefix>severity` have their own places; undefined where the object has none of them. */
export function annotationsOf(object: KubeObject, prefix: string): Metadata | undefined {
  const found = Object.entries(textMapAt(object.metadata, "annotations"))
    .filter(([name]) => name.startsWith(prefix) && name.length > prefix.length)
    .map(([name, value]): [string, string] => [name.slice(prefix.length), value]);
  if (found.length === 0) return undefined;
  const all = new Map(found);
  const severity = severityOf(all.get("severity"));
  const data = found.filter(([name]) => name !== "summary" && !(name === "severity" && severity));
  return {
    summary: all.get("summary") ?? "",
    data: Object.fromEntries(data),
    ...(severity ? { severity } : {}),
  };
}

function customObjects({ group, kind, about }: MetadataKind, reads: ReadsNow): MetadataProvider {
  return {
    id: group === "" ? kind : `${kind}.${group}`,
    kinds: about.length > 0 ? about : ["Pod"],
    provide: async (ref, signal) => {
      const objects = await unlessGone(reads()?.objects(ref.clusterUid, { group, kind }, ref.namespace, signal));
      const found = objects && objectAbout(objects, ref);
      return found && metadataIn(found);
    },
  };
}

/**
 * Of these objects the one about the resource: one that it owns (`ownerReferences`), else one of its name. Backyards'
 * importer wrote one Metadata object for each pod.
 */
export function objectAbout(objects: readonly KubeObject[], { kind, name }: ResourceRef): KubeObject | undefined {
  const owned = objects.find(({ metadata }) =>
    listAt(metadata, "ownerReferences").some(
      (owner) => textAt(owner, "kind") === kind && textAt(owner, "name") === name,
    ),
  );
  return owned ?? objects.find(({ metadata }) => textAt(metadata, "name") === name);
}

/** Backyards' shape: `summary`, `data` and `raw`, at the top of the object, else in its spec or status. */
export function metadataIn(object: KubeObject): Metadata {
  const { spec, status } = object;
  const places = [fieldsOf(object), fieldsOf(spec), fieldsOf(status)];
  const textOf = (name: string) => places.map((place) => textAt(place, name)).find((text) => text !== undefined);
  const textsOf = (name: string) =>
    places.map((place) => textMapAt(place, name)).find((texts) => Object.keys(texts).length > 0);
  const raw = textsOf("raw");
  const severity = severityOf(textOf("severity"));
  return {
    summary: textOf("summary") ?? "",
    data: textsOf("data") ?? {},
    ...(raw ? { raw } : {}),
    ...(severity ? { severity } : {}),
  };
}

function severityOf(text: string | undefined): MetadataSeverity | undefined {
  return text === "info" || text === "warning" || text === "error" ? text : undefined;
}

function objectRefOf({ clusterUid, group, kind, namespace, name }: ResourceRef) {
  return { cluster: clusterUid, group, kind, namespace, name };
}

async function unlessGone<T>(read: Promise<T> | undefined): Promise<T | undefined> {
  try {
    return await read;
  } catch (e) {
    if (MeshError.is(e, "not-found")) return undefined;
    throw e;
  }
}
