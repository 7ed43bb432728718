import type { ObjectRef } from "../../mesh/model/refs.ts";

/** What the path of a live document names. The cluster is named by its context, so that the user sees which one it is. */
export interface ObjectPath {
  readonly context: string;
  readonly namespace: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

const clusterScope = "_";
const coreGroup = "core";

/** `/<context>/<namespace>/<group>/<Kind>/<name>.yaml`; "_" stands for cluster scope, "core" for the core group. */
export function toObjectPath(context: string, ref: Omit<ObjectRef, "cluster">): string {
  const parts = [context, ref.namespace || clusterScope, ref.group || coreGroup, ref.kind, ref.name];
  return `/${parts.map(escapePart).join("/")}.yaml`;
}

/** undefined for anything that {@link toObjectPath} does not make. */
export function parseObjectPath(path: string): ObjectPath | undefined {
  const match = /^\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\/([^/]+)\.yaml$/.exec(path);
  if (!match) return undefined;
  const parts = match.slice(1).map(unescapePart);
  const [context, namespace, group, kind, name] = parts;
  if (!context || !namespace || !group || !kind || !name) return undefined;
  return {
    context,
    namespace: namespace === clusterScope ? "" : namespace,
    group: group === coreGroup ? "" : group,
    kind,
    name,
  };
}

/** Context names hold any characters (an EKS ARN has a slash); "." and ".." would be read as folders. */
function escapePart(part: string): string {
  const escaped = part.replaceAll(/[%/\\?#]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return /^\.{1,2}$/.test(escaped) ? escaped.replaceAll(".", "%2E") : escaped;
}

function unescapePart(part: string): string {
  return part.replaceAll(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
