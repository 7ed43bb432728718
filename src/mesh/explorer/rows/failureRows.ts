import type { ClusterView } from "../../inventory/views.ts";
import type { MeshError } from "../../meshError.ts";
import { fill, say, type Message } from "../../message.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { Unread } from "../../ports.ts";
import type { Row } from "../trees/lazyTree.ts";
import type { Fact } from "../node.ts";
import { childId } from "../trees/nodeId.ts";
import { plainly } from "./rowFacts.ts";
import type { ExplorerWorld } from "../world.ts";

/** A branch of a tree by namespaces, as far as holes in it are concerned. */
interface Branch {
  readonly id: string;
  readonly place: { readonly meshId: string };
  readonly namespace: string;
}

/** Namespaces in which something could not be read: they have a row even if nothing else is known of them. */
export function unreadNamespaces(
  world: ExplorerWorld,
  kinds: ReadonlySet<string>,
): readonly { readonly cluster: ClusterKey; readonly namespace: string }[] {
  return clustersOf(world).flatMap((cluster) =>
    cluster.unread.flatMap((unread) =>
      unread.namespace !== undefined && concerns(unread, kinds) && isChosen(world, unread.namespace)
        ? [{ cluster: cluster.key, namespace: unread.namespace }]
        : [],
    ),
  );
}

/** What could not be read of these kinds, where the list would have been: in a namespace, or at the roots. */
export function failureRows(
  world: ExplorerWorld,
  kinds: ReadonlySet<string>,
  branch: Branch | undefined,
): readonly Row[] {
  const lists = clustersOf(world).flatMap((cluster) => {
    if (branch && world.place(cluster.key).meshId !== branch.place.meshId) return [];
    const holes = cluster.unread.filter((unread) => unread.namespace === branch?.namespace && concerns(unread, kinds));
    return holes.length > 0 ? [unreadRow(cluster, holes, branch?.id)] : [];
  });
  return branch ? lists : [...unreachableRows(world), ...lists];
}

/**
 * Contexts that could not be connected to, beside those that could: nothing of them is in the tree. Where there is
 * nothing at all, the tree stays empty and its view says why.
 */
export function unreachableRows(world: ExplorerWorld): readonly Row[] {
  if (world.meshes.length === 0) return [];
  return world.feeds.flatMap(({ status }) => {
    const isShown = clustersOf(world).some(({ key }) => key === status.key);
    if (isShown || !status.error) return [];
    return [failureRow(childId(undefined, "context", status.context), undefined, status.error, status.context)];
  });
}

/** The holes of one cluster: the one sentence itself, or how many there are with the sentences below. */
export function unreadRow(cluster: ClusterView, holes: readonly Unread[], parentId: string | undefined): Row {
  const id = childId(parentId, "failure", cluster.key);
  const distinct = [...new Map(holes.map((hole) => [fill(hole.error.words), hole])).values()];
  const [first] = distinct;
  if (first && distinct.length === 1) return failureRow(id, parentId, first.error, cluster.context);
  const rows = () =>
    distinct.map(({ error }) => failureRow(childId(id, "list", fill(error.words)), id, error, cluster.context));
  return {
    node: {
      ...failureNode(id, parentId),
      label: say("{0} lists could not be read", distinct.length),
      facts: [plainly(cluster.context)],
      hasChildren: true,
    },
    open: rows,
  };
}

function failureRow(id: string, parentId: string | undefined, error: MeshError, context: string): Row {
  const facts: Fact[] = [{ name: say("Context"), value: plainly(context) }];
  if (error.hint) facts.push({ name: say("What to do"), value: error.hint });
  return {
    node: { ...failureNode(id, parentId), label: error.words, facts: [plainly(context)], hasChildren: false },
    facts: () => [{ name: say("Failed"), value: error.words satisfies Message }, ...facts],
  };
}

function failureNode(id: string, parentId: string | undefined) {
  return { id, parentId, kind: "failure", state: undefined, tokens: ["fy.failure"] } as const;
}

function clustersOf(world: ExplorerWorld): readonly ClusterView[] {
  return world.meshes.flatMap((mesh) => mesh.clusters);
}

// Where nothing says which list it was, better one line too many than a hole nobody sees.
function concerns({ kind }: Unread, kinds: ReadonlySet<string>): boolean {
  return kind === undefined || kinds.has(kind);
}

function isChosen(world: ExplorerWorld, namespace: string): boolean {
  return world.filter.namespaces?.includes(namespace) ?? true;
}
