import type { KubeObject, KindOnServer } from "../../model/kubeObject.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { isAbort, MeshError } from "../../meshError.ts";
import { say } from "../../message.ts";
import type { ClusterSource, Scope, Unread } from "../../ports.ts";
import type { KindName } from "../kinds.ts";
import type { LiveScope } from "../world/clusterWorld.ts";
import { liveKinds, type LiveKind } from "./liveKinds.ts";
import { projected } from "./projection.ts";

/** A live cluster as validation sees it. */
export interface ReadCluster {
  readonly key: ClusterKey;
  readonly context: string;
  readonly objects: readonly KubeObject[];
  readonly scope: LiveScope;
  /** Parts that could not be read, each with its kind. */
  readonly unread: readonly Unread[];
}

export interface ReadClusterOptions {
  /** Read where a cluster-wide list is forbidden. */
  readonly namespaces: readonly string[];
  /** Called with how many kinds are read of how many. */
  readonly progress?: (done: number, of: number) => void;
}

type Source = Pick<ClusterSource, "context" | "identity" | "kinds" | "list">;

interface Wanted {
  readonly live: LiveKind;
  readonly server: KindOnServer;
}

/** How many lists run at a time. */
const atOnce = 6;

/**
 * Reads what rules need of a cluster, once. What may not be read is told and not taken for absent. Rejects with a
 * MeshError if nothing can be read, or if another cluster answers at the end than at the beginning.
 */
export async function readCluster(
  source: Source,
  { namespaces, progress }: ReadClusterOptions,
  signal: AbortSignal,
): Promise<ReadCluster> {
  const before = await source.identity(signal);
  const onServer = await source.kinds(signal);
  const wanted = liveKinds.flatMap((live) => {
    const server = onServer.find(({ group, kind }) => group === live.group && kind === live.kind);
    return server === undefined ? [] : [{ live, server }];
  });
  const objects: KubeObject[] = [];
  const unread: Unread[] = [];
  // What the server does not offer is known not to be there.
  const absent = liveKinds.filter(({ name }) => !wanted.some(({ live }) => live.name === name));
  const read = new Map<KindName, ReadonlySet<string> | "all">(absent.map(({ name }) => [name, "all"]));
  let done = 0;
  const queue = [...wanted];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const answer = await readKind(source, next, namespaces, signal);
      objects.push(...answer.objects);
      unread.push(...answer.unread);
      if (answer.read !== undefined) read.set(next.live.name, answer.read);
      done += 1;
      progress?.(done, wanted.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const after = await source.identity(signal);
  if (after.key !== before.key) {
    throw new MeshError("misconfigured", say("Another cluster answers under {0} than a moment ago", source.context));
  }
  if (read.size === absent.length && unread[0] !== undefined) throw unread[0].error;
  return { key: before.key, context: source.context, objects, scope: { read }, unread };
}

interface ReadKind {
  readonly objects: readonly KubeObject[];
  readonly unread: readonly Unread[];
  /** undefined: nowhere. */
  readonly read: ReadonlySet<string> | "all" | undefined;
}

// Cluster-wide, else the namespaces that were named one by one: what a list leaves out must not pass for absent.
async function readKind(
  source: Source,
  wanted: Wanted,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<ReadKind> {
  const everywhere = await attempt(source, wanted, { all: true, otherwise: [] }, signal);
  if (!MeshError.is(everywhere)) return { objects: everywhere, unread: [], read: "all" };
  const { kind } = wanted.live;
  const nowhere = { objects: [], unread: [{ namespace: undefined, kind, error: everywhere }], read: undefined };
  if (everywhere.kind !== "forbidden" || !wanted.server.namespaced || namespaces.length === 0) return nowhere;
  const objects: KubeObject[] = [];
  const unread: Unread[] = [];
  const read = new Set<string>();
  for (const namespace of namespaces) {
    const found = await attempt(source, wanted, { namespaces: [namespace] }, signal);
    if (MeshError.is(found)) unread.push({ namespace, kind, error: found });
    else {
      objects.push(...found);
      read.add(namespace);
    }
  }
  return { objects, unread, read };
}

async function attempt(
  source: Source,
  { live, server }: Wanted,
  scope: Scope,
  signal: AbortSignal,
): Promise<readonly KubeObject[] | MeshError> {
  const selector = live.fieldSelector === undefined ? {} : { fieldSelector: live.fieldSelector };
  const objects: KubeObject[] = [];
  try {
    for await (const page of source.list({ kind: server, scope, ...selector }, signal)) {
      for (const object of page.objects) {
        const kept = projected(live.name, object);
        if (kept !== undefined) objects.push(kept);
      }
    }
    return objects;
  } catch (error) {
    if (isAbort(error) || !MeshError.is(error)) throw error;
    return error;
  }
}
