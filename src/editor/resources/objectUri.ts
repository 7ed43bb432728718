import { Uri } from "vscode";
import type { ClusterKey, ObjectRef } from "../../mesh/model/refs.ts";
import type { MeshConnection } from "../connection.ts";
import { liveScheme } from "../ids.ts";
import { parseObjectPath, toObjectPath } from "./objectPath.ts";

/**
 * The cluster of a document, as the authority of its URI: a document stays with its cluster, whatever its context leads
 * to later, and one of the demo mesh is never taken for one of a real context of the same name.
 */
export function authorityOf(key: ClusterKey): string {
  // VS Code writes authorities in lower case, and some keys are addresses.
  return key.replaceAll(/[^a-z0-9.-]/g, (character) => `_${character.codePointAt(0)?.toString(16) ?? ""}_`);
}

/** The document of an object, or undefined while its cluster is not connected. */
export function documentUri(connection: MeshConnection, ref: ObjectRef): Uri | undefined {
  const context = connection.live?.clusters.find(({ key }) => key === ref.cluster)?.context;
  if (context === undefined) return undefined;
  return Uri.from({ scheme: liveScheme, authority: authorityOf(ref.cluster), path: toObjectPath(context, ref) });
}

/** The object of a document, or undefined for other documents and while its cluster is not connected. */
export function objectOf(connection: MeshConnection, uri: Uri): ObjectRef | undefined {
  const path = uri.scheme === liveScheme ? parseObjectPath(uri.path) : undefined;
  if (!path) return undefined;
  const { context, ...named } = path;
  const clusters = connection.live?.clusters ?? [];
  const cluster = clusters.find(
    (each) => each.context === context && each.key !== undefined && authorityOf(each.key) === uri.authority,
  );
  return cluster?.key === undefined ? undefined : { cluster: cluster.key, ...named };
}
