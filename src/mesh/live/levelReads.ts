import type { LevelReads, NodePods, ResourceMetrics } from "../drilldown/drilldownInput.ts";
import type { MeshView } from "../inventory/views.ts";
import { MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import { textAt } from "../model/fields.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { Clock, ListQuery, LogQuery, ReadProxyStatus, Scope } from "../ports.ts";
import { withTimeLimit } from "../timeLimit.ts";
import type { ClusterSession } from "./clusterSession.ts";
import { documentOf } from "./documentOf.ts";
import { istiodsOf, proxiesOf } from "./istiods.ts";
import { readNodeMetrics, readPodMetrics } from "./resourceMetrics.ts";
import { otherCluster } from "./sameCluster.ts";
import { kindOf, type LiveSessions } from "./sessions.ts";

export interface LevelWorld {
  readonly sessions: LiveSessions;
  readonly meshes: () => readonly MeshView[];
  readonly clock: Clock;
  readonly readProxyStatus: ReadProxyStatus | undefined;
}

const limitMillis = 20_000;
const eventsAtMost = 100;
/** Of one thing, within the hour or so that the API server keeps them. */
const eventsReadAtMost = 5_000;
const metricsGroup = "metrics.k8s.io";

/** Reads of one level, each of the cluster named and of no other. */
export function createLevelReads(world: LevelWorld): LevelReads {
  const ask = <T>(
    cluster: ClusterKey,
    signal: AbortSignal,
    work: (session: ClusterSession, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    const late = () =>
      new MeshError("timeout", say("The API server did not answer within {0} seconds.", limitMillis / 1000));
    return withTimeLimit({ clock: world.clock, milliseconds: limitMillis, late }, signal, (limited) =>
      world.sessions.ask(cluster, (session) => work(session, limited), limited),
    );
  };
  return {
    object: async (ref, signal) =>
      documentOf(
        await ask(ref.cluster, signal, (session, limited) =>
          session.source.get(kindOf(session, ref), ref.namespace, ref.name, limited),
        ),
      ),
    objects: async (cluster, kind, namespace, signal) => {
      const scope: Scope = { namespaces: [namespace] };
      const found = await ask(cluster, signal, (session, limited) =>
        listed(session, { kind: kindOf(session, kind), scope }, limited),
      );
      return found.map(documentOf);
    },
    events: (ref, signal) => ask(ref.cluster, signal, (session, limited) => eventsOf(session, ref, limited)),
    podMetrics: (cluster, namespace, signal) =>
      ask(cluster, signal, async (session, limited): Promise<ResourceMetrics> => {
        const kind = kindOf(session, { group: metricsGroup, kind: "PodMetrics" });
        const objects = await listed(session, { kind, scope: { namespaces: [namespace] } }, limited);
        return readPodMetrics(objects, world.clock.now());
      }),
    nodeMetrics: (cluster, node, signal) =>
      ask(cluster, signal, async (session, limited) => {
        const kind = kindOf(session, { group: metricsGroup, kind: "NodeMetrics" });
        return readNodeMetrics(await session.source.get(kind, "", node, limited), world.clock.now());
      }),
    podsOfNode: (cluster, node, signal) =>
      ask(cluster, signal, (session, limited) => podsOfNode(session, node, limited)),
    proxyStatus: (cluster, signal) => proxyStatus(world, cluster, signal),
    logs: (cluster, query, signal) => logsOf(world.sessions, cluster, query, signal),
    mayI: (cluster, question, signal) =>
      ask(cluster, signal, (session, limited) => session.source.mayI(question, limited)),
  };
}

async function listed(
  session: ClusterSession,
  query: ListQuery,
  signal: AbortSignal,
  atMost = Infinity,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  for await (const { objects } of session.source.list(query, signal)) {
    found.push(...objects);
    if (found.length >= atMost) break;
  }
  return found;
}

async function eventsOf(
  session: ClusterSession,
  { kind, namespace, name }: ObjectRef,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const fields = { "involvedObject.kind": kind, "involvedObject.name": name };
  const query: ListQuery = {
    kind: kindOf(session, { group: "", kind: "Event" }),
    // Those about a Node and the like stand in the namespace default.
    scope: { namespaces: [namespace === "" ? "default" : namespace] },
    fieldSelector: fieldSelector(fields),
  };
  const events = await listed(session, query, signal, eventsReadAtMost);
  const dated = events.map((event) => ({ event, at: happenedAt(event) }));
  return dated
    .sort((a, b) => (b.at < a.at ? -1 : Number(b.at > a.at)))
    .slice(0, eventsAtMost)
    .map(({ event }) => event);
}

/** When it was last seen, ISO 8601 in UTC; events of the new API have no lastTimestamp. */
function happenedAt(event: KubeObject): string {
  return (
    textAt(event["series"], "lastObservedTime") ??
    textAt(event, "lastTimestamp") ??
    textAt(event, "eventTime") ??
    textAt(event, "firstTimestamp") ??
    event.metadata.creationTimestamp ??
    ""
  );
}

/** Where not all namespaces may be read, those that are watched. */
async function podsOfNode(session: ClusterSession, node: string, signal: AbortSignal): Promise<NodePods> {
  const query = {
    kind: kindOf(session, { group: "", kind: "Pod" }),
    fieldSelector: fieldSelector({ "spec.nodeName": node }),
  };
  try {
    return {
      pods: await listed(session, { ...query, scope: { all: true, otherwise: [] } }, signal),
      unread: undefined,
    };
  } catch (e) {
    const { selected = [] } = session.scope;
    if (!MeshError.is(e, "forbidden") || selected.length === 0) throw e;
    return { pods: await listed(session, { ...query, scope: { namespaces: selected } }, signal), unread: e };
  }
}

/** As k8s.io/apimachinery/pkg/fields writes it: backslash, comma and equals sign are escaped. */
function fieldSelector(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([field, value]) => `${field}=${value.replace(/[\\,=]/g, "\\$&")}`)
    .join(",");
}

/** Not a line before the cluster was asked who it is, and none after another one was found in its place. */
async function* logsOf(
  sessions: LiveSessions,
  cluster: ClusterKey,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const session = await sessions.verified(cluster, signal);
  for await (const line of session.source.logs(query, signal)) {
    if (session.key !== cluster) throw otherCluster(session.source.context);
    yield line;
  }
}

async function proxyStatus(world: LevelWorld, cluster: ClusterKey, signal: AbortSignal) {
  const { readProxyStatus, sessions } = world;
  const { context } = sessions.reach(cluster).source;
  if (!readProxyStatus) {
    throw new MeshError("unsupported", say("The state of proxies cannot be read from {0}.", context));
  }
  const from = istiodsOf(cluster, world.meshes(), (key) => sessions.of(key)?.inventory);
  if (!from) {
    throw new MeshError("not-found", say("No running istiod is seen that serves the proxies of {0}.", context), {
      hint: say("Connect to the cluster that runs it, with the right to list its pods."),
    });
  }
  const told = await sessions.ask(from.cluster, ({ source }) => readProxyStatus(source, from.pods, signal), signal);
  return proxiesOf(told, {
    clusterId: sessions.of(cluster)?.inventory?.view().clusterId,
    isOwn: from.cluster === cluster,
  });
}
