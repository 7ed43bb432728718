import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds, type KindName } from "../../kinds.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

/** The metadata whose annotations are judged, as what kind, and where it stands. */
export interface JudgedMetadata {
  readonly resource: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly path: FieldPath;
}

/** The kinds that Istio's analyzers of annotations read. */
export const annotatedKinds = [kinds.Namespace, kinds.Service, kinds.Pod, kinds.Deployment] as const;

/** Kinds with a template of Pods, which Istio does not look into. */
export const templateKinds = [kinds.StatefulSet, kinds.DaemonSet, kinds.Job] as const;

const resources: ReadonlyMap<KindName, string> = new Map(
  annotatedKinds.map((kind) => [kind, kind.slice(kind.indexOf("/") + 1)]),
);

/** The object's own metadata, and beyond Istio its template's as that of a Pod: the injector reads it there. */
export function* judgedMetadata(object: WorldObject, world: World): Generator<JudgedMetadata> {
  const resource = resources.get(object.kind);
  if (resource !== undefined) yield metadataAt(object.object, resource, []);
  if (world.settings.isExactlyIstio || object.kind === kinds.Pod) return;
  const template = fieldsAt(fieldsAt(object.object, "spec"), "template");
  yield metadataAt(template, "Pod", ["spec", "template"]);
}

function metadataAt(holder: unknown, resource: string, path: FieldPath): JudgedMetadata {
  const metadata = fieldsAt(holder, "metadata");
  return {
    resource,
    labels: textMapAt(metadata, "labels"),
    annotations: textMapAt(metadata, "annotations"),
    path: [...path, "metadata", "annotations"],
  };
}
