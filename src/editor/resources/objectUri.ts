import { Uri } from "vscode";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { MeshConnection } from "../connection.ts";
import { liveScheme } from "../ids.ts";
import { parseObjectPath, toObjectPath } from "./objectPath.ts";

/**
 * What a document's path calls a cluster: its context. The demo's clusters are marked, because a real context may have
 * the same name.
 */
function pathContext({ situation }: MeshConnection, context: string): string {
  return situation.demo ? `demo ${context}` : context;
}

/** The document of an object, or undefined while its cluster is not connected. */
export function documentUri(connection: MeshConnection, ref: ObjectRef): Uri | undefined {
  const context = connection.live?.clusters.find(({ key }) => key === ref.cluster)?.context;
  if (context === undefined) return undefined;
  return Uri.from({ scheme: liveScheme, path: toObjectPath(pathContext(connection, context), ref) });
}

/** The object of a document, or undefined for other documents and while its cluster is not connected. */
export function objectOf(connection: MeshConnection, uri: Uri): ObjectRef | undefined {
  const path = uri.scheme === liveScheme ? parseObjectPath(uri.path) : undefined;
  if (!path) return undefined;
  const { context, ...named } = path;
  const clusters = connection.live?.clusters ?? [];
  const cluster = clusters.find((each) => pathContext(connection, each.context) === context)?.key;
  return cluster === undefined ? undefined : { cluster, ...named };
}
