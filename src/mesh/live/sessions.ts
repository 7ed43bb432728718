import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import { MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { ClusterSession } from "./clusterSession.ts";
import { otherCluster } from "./sameCluster.ts";
import { untilAborted } from "./untilAborted.ts";

/** The sessions of a live mesh by the cluster that answered: what is asked of a cluster goes to it and to no other. */
export class LiveSessions {
  readonly all: readonly ClusterSession[];

  constructor(sessions: readonly ClusterSession[]) {
    this.all = sessions;
  }

  /** Of several contexts that lead to a cluster, one that works. */
  of(key: ClusterKey): ClusterSession | undefined {
    const own = this.all.filter((session) => session.key === key);
    return own.find(({ status }) => status.state === "ready" || status.state === "noIstio") ?? own[0];
  }

  /** Those whose numbers count: one for each cluster, and those that have not answered. */
  get speaking(): readonly ClusterSession[] {
    return this.all.filter((session) => session.key === undefined || this.of(session.key) === session);
  }

  /** One inventory for each cluster, however many contexts lead to it: nothing is counted twice. */
  get inventories(): ReadonlyMap<ClusterKey, ClusterInventory> {
    const inventories = new Map<ClusterKey, ClusterInventory>();
    for (const { key } of this.all) {
      const inventory = key === undefined ? undefined : this.of(key)?.inventory;
      if (key !== undefined && inventory) inventories.set(key, inventory);
    }
    return inventories;
  }

  /** Throws a MeshError where the cluster is not connected. */
  reach(key: ClusterKey): ClusterSession {
    const session = this.of(key);
    if (session) return session;
    throw new MeshError("unreachable", say("The cluster is not connected."), {
      hint: say("Connect to it, then try again."),
    });
  }

  /** Throws a MeshError where the cluster is not connected, or does not know the kind. */
  reachObject(ref: ObjectRef): { readonly session: ClusterSession; readonly kind: KindOnServer } {
    const session = this.of(ref.cluster);
    if (!session) {
      throw new MeshError("unreachable", say("The cluster of {0} {1} is not connected.", ref.kind, ref.name), {
        hint: say("Connect to it, then try again."),
      });
    }
    return { session, kind: kindOf(session, ref) };
  }

  /**
   * What the cluster says, once it is certain that this cluster said it: by the answers themselves where they prove it,
   * else by asking who it is.
   */
  async ask<T>(key: ClusterKey, work: (session: ClusterSession) => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const session = this.reach(key);
    const { source } = session;
    const before = source.unproven?.(key);
    const answering = work(session);
    const isProven = () => before !== undefined && source.unproven?.(key) === before;
    const afterwards = () => (isProven() ? undefined : session.verify());
    const certain = before === undefined ? session.verify() : answering.then(afterwards, afterwards);
    const [answer, known] = await untilAborted(Promise.allSettled([answering, certain]), signal);
    // A failure is no more to be taken for this cluster's than an answer: what is not there is there in this one.
    if (session.key !== key) throw otherCluster(source.context);
    if (answer.status === "rejected") throw answer.reason;
    if (known.status === "rejected") throw known.reason;
    return answer.value;
  }

  /** The session of a cluster that has just said who it is. */
  async verified(key: ClusterKey, signal: AbortSignal): Promise<ClusterSession> {
    signal.throwIfAborted();
    const session = this.reach(key);
    await untilAborted(session.verify(), signal);
    if (session.key !== key) throw otherCluster(session.source.context);
    return session;
  }

  /** One object as the server sends it. */
  async object(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject> {
    const { kind } = this.reachObject(ref);
    return this.ask(ref.cluster, ({ source }) => source.get(kind, ref.namespace, ref.name, signal), signal);
  }
}

/** A kind as the server offers it. Throws a MeshError of kind "not-found" where it offers none. */
export function kindOf(
  session: ClusterSession,
  { group, kind }: { readonly group: string; readonly kind: string },
): KindOnServer {
  const found = session.kindOf(group, kind);
  if (found) return found;
  const { context } = session.source;
  throw new MeshError("not-found", say("The API server of {0} has no kind {1} in {2}.", context, kind, group));
}
