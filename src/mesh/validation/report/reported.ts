import { fill } from "../../message.ts";
import { groupOf } from "../../model/kubeObject.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { pathText, type FieldPath } from "../../yaml/fieldPath.ts";
import type { YamlFile } from "../../yaml/yamlFile.ts";
import { locate, placeOf, type FilePlace } from "../engine/locate.ts";
import { severities, type Against, type Finding, type Layer, type Severity } from "../finding.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** An object as reports name it. */
export interface ReportedResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The context's name, for objects of a live cluster. */
  readonly cluster?: string;
}

/** Where something stands; lines and columns (UTF-16 units) from 1, the end exclusive. null where it is in no file. */
export interface ReportedPlace {
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  /** `spec.http[0].route[1].weight`; "" for the whole. */
  readonly path: string;
  readonly resource: ReportedResource | null;
}

export interface ReportedRelated extends ReportedPlace {
  readonly message: string;
}

/** A finding in plain words and numbers, as JSON prints it. */
export interface Reported extends ReportedPlace {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly related: readonly ReportedRelated[];
  readonly docs: string;
  /** "files", "cluster:CONTEXT" or "files+cluster:CONTEXT". */
  readonly against: string;
  readonly layer: Layer;
  /** Istio's name of its analyzer. */
  readonly analyzer?: string;
  readonly also?: readonly { readonly code: string; readonly layer: Layer }[];
}

/** What a report needs to say where things are. */
export interface ReportWorld {
  readonly file: (name: string) => YamlFile | undefined;
  readonly contextOf: (cluster: ClusterKey) => string | undefined;
}

export function reported(finding: Finding, world: ReportWorld): Reported {
  return {
    code: finding.code,
    severity: finding.severity,
    message: fill(finding.message),
    ...placeFields(locate(finding), finding.path, finding.object, world),
    related: finding.related.map(({ object, path, message }) => ({
      message: fill(message),
      ...placeFields(placeOf(object, path), path, object, world),
    })),
    docs: finding.docs,
    against: againstText(finding.against),
    layer: finding.layer,
    ...(finding.layer === "analyzer" ? { analyzer: finding.rule } : {}),
    ...(finding.also.length > 0 ? { also: finding.also } : {}),
  };
}

/** By file and place, live objects last; then the more severe first. */
export function compareReported(a: Reported, b: Reported): number {
  const aside = Number(a.file === null) - Number(b.file === null);
  return (
    aside ||
    compareText(a.file ?? "", b.file ?? "") ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compareText(nameOf(a), nameOf(b)) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message)
  );
}

export function resourceOf(object: WorldObject, world: ReportWorld): ReportedResource {
  const { apiVersion, kind } = object.object;
  const context = object.origin.from === "live" ? object.origin.context : world.contextOf(object.cluster);
  return {
    apiVersion,
    kind,
    namespace: object.namespace,
    name: object.name,
    ...(context === undefined ? {} : { cluster: context }),
  };
}

/** "networking.istio.io/Gateway default/shop in demo-eu", for messages about live objects. */
export function resourceText({ apiVersion, kind, namespace, name, cluster }: ReportedResource): string {
  const group = groupOf(apiVersion);
  const what = `${kind}${group === "" ? "" : `.${group}`} ${namespace === "" ? "" : `${namespace}/`}${name}`;
  return cluster === undefined ? what : `${cluster}: ${what}`;
}

export function againstText({ files, context }: Against): string {
  if (context === undefined) return "files";
  return files ? `files+cluster:${context}` : `cluster:${context}`;
}

function placeFields(
  place: FilePlace | undefined,
  path: FieldPath,
  object: WorldObject | undefined,
  world: ReportWorld,
): ReportedPlace {
  const resource = object === undefined ? null : resourceOf(object, world);
  const file = place === undefined ? undefined : world.file(place.file);
  if (place === undefined || file === undefined) {
    return { file: null, line: null, column: null, endLine: null, endColumn: null, path: pathText(path), resource };
  }
  const from = file.lineAt(place.range.start);
  const to = file.lineAt(place.range.end);
  return {
    file: place.file,
    line: from.line + 1,
    column: from.column + 1,
    endLine: to.line + 1,
    endColumn: to.column + 1,
    path: pathText(path),
    resource,
  };
}

function nameOf({ resource }: Reported): string {
  return resource === null ? "" : `${resource.cluster ?? ""} ${resource.kind} ${resource.namespace} ${resource.name}`;
}

// By code units: the same on every machine.
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
