import fc from "fast-check";
import type { ExplorerChange } from "../../../src/mesh/explorer/explorerInput.ts";
import type { ServiceView, WorkloadView } from "../../../src/mesh/inventory/views.ts";
import type { SortOrder } from "../../../src/mesh/live/liveMesh.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import {
  aCluster,
  aControlPlane,
  aFeed,
  aMesh,
  aPod,
  aRef,
  aService,
  aServiceEntry,
  aStatus,
  aWorkload,
  byId,
  now,
  someCapabilities,
  someRequests,
} from "./aWorld.ts";

/** Names that try to be more than text. */
export const hostileNames: readonly string[] = [
  '<img src=x onerror="alert(1)">',
  "\u202Egnp.exe",
  "\u2066rtl\u2069 \u05E9\u05DC\u05D5\u05DD",
  "a/b",
  "a:b%2F",
  "{0} {1}",
  "line\nbreak\r\n# heading",
  "x".repeat(253),
  "**bold** [link](command:evil) `code` $(sync~spin)",
  "__proto__",
  "constructor",
  "more",
  "👩‍👩‍👧‍👦",
  " ",
  "\uD800",
];

const name = fc.oneof(fc.constantFrom("reviews", "ratings", "details-v1", "db"), fc.constantFrom(...hostileNames));
const namespace = fc.oneof({ weight: 3, arbitrary: fc.constantFrom("shop", "bank") }, fc.constantFrom(...hostileNames));
const clusterKey = fc.constantFrom("uid-eu", "uid-us", "uid-ap");
const rate = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e6, noNaN: true }));

const row: fc.Arbitrary<TrafficRow> = fc
  .record({
    clusterId: fc.constantFrom("eu", "us", undefined, "Kubernetes"),
    namespace,
    name,
    rps: rate,
    bad: rate,
    tcp: rate,
    parts: fc.nat(3),
  })
  .map(({ rps, bad, tcp, parts, ...names }) => ({
    ...names,
    ...(parts & 1 ? { requests: someRequests({ rps, errorsPerSecond: Math.min(rps, bad) }) } : {}),
    ...(parts & 2 ? { tcp: { receivedBytesPerSecond: tcp, sentBytesPerSecond: 0 } } : {}),
  }));

const workload: fc.Arbitrary<WorkloadView> = fc
  .record({
    name,
    namespace,
    cluster: clusterKey,
    kind: fc.constantFrom("Deployment", "Job", "Rollout"),
    replicas: fc.record({ desired: fc.nat(3), ready: fc.nat(3) }),
    pods: fc.array(fc.record({ name, reason: fc.constantFrom(undefined, "OOMKilled"), isReady: fc.boolean() }), {
      maxLength: 3,
    }),
  })
  .map(({ name, pods, ...over }) =>
    aWorkload(name, {
      ...over,
      pods: pods.map((pod, i) => aPod(`${pod.name}-${i}`, { ...pod, reasonAt: "2026-08-01T11:58:00Z" })),
    }),
  );

const service: fc.Arbitrary<ServiceView> = fc.oneof(
  fc
    .record({
      name,
      namespace,
      cluster: clusterKey,
      inMesh: fc.constantFrom(true, false, undefined),
      hosts: fc.array(name, { maxLength: 3 }),
    })
    .map(({ name, ...over }) => aService(name, over)),
  fc
    .record({ name, namespace, hosts: fc.array(name, { maxLength: 3 }) })
    .map(({ name, hosts, ...over }) => aServiceEntry(name, hosts, over)),
);

const unread = fc.array(
  fc.record({ namespace: fc.oneof(fc.constant(undefined), namespace), what: name }).map((one) => ({
    namespace: one.namespace,
    error: new MeshError("forbidden", say("Cannot list {0}.", one.what)),
  })),
  { maxLength: 3 },
);

const cluster = (key: string) =>
  fc
    .record({
      unread,
      clusterId: fc.constantFrom("eu", "us", undefined),
      context: name,
      planes: fc.uniqueArray(name, { maxLength: 3 }),
    })
    .map(({ planes, ...over }) =>
      aCluster({
        key,
        ...over,
        controlPlanes: planes.map((plane) => aControlPlane(plane, { ref: aRef({ kind: "Deployment", name: plane }) })),
      }),
    );

const feed = (key: string) =>
  fc
    .record({
      rows: fc.array(row, { maxLength: 6 }),
      state: fc.constantFrom("ready", "error", "none", "unknown"),
      isThere: fc.boolean(),
      context: name,
    })
    .map(({ rows, state, isThere, context }) =>
      aFeed(
        { services: rows, workloads: rows },
        {
          status: aStatus({
            key,
            context,
            telemetry: { state, capabilities: isThere ? someCapabilities() : undefined },
          }),
          ...(!isThere && { summaries: undefined }),
        },
      ),
    );

const meshes = fc
  .tuple(cluster("uid-eu"), cluster("uid-us"), cluster("uid-ap"), name, fc.boolean())
  .map(([eu, us, ap, meshName, isOne]) =>
    isOne
      ? [aMesh([eu, us, ap], { name: meshName })]
      : [aMesh([eu, us], { name: meshName }), aMesh([ap], { id: `mesh/${meshName}`, name: meshName })],
  );

const filter = fc.record({
  namespaces: fc.oneof(fc.constant(undefined), fc.array(namespace, { maxLength: 2 })),
  inMeshOnly: fc.boolean(),
  text: fc.constantFrom("", "re", "<IMG"),
});

/** A whole world, with services linked to workloads of their cluster and namespace. */
export const anyWorld: fc.Arbitrary<ExplorerChange> = fc
  .record({
    services: fc.array(service, { maxLength: 8 }),
    workloads: fc.array(workload, { maxLength: 8 }),
    meshes,
    feeds: fc.tuple(feed("uid-eu"), feed("uid-us")),
    sort: fc.constantFrom<SortOrder>("name", "rps", "errors", "latency"),
    filter: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ namespaces: undefined, inMeshOnly: false, text: "" }) },
      filter,
    ),
  })
  .map(({ services, workloads, ...rest }) => ({ ...rest, ...linked(services, workloads), nowMillis: now }));

/** Some things of a world change, come or go. */
export const anyChange: fc.Arbitrary<ExplorerChange> = fc
  .record(
    {
      services: fc.array(service, { maxLength: 3 }),
      workloads: fc.array(workload, { maxLength: 3 }),
      meshes,
      feeds: fc.tuple(feed("uid-eu"), feed("uid-us")),
      nowMillis: fc.integer({ min: now, max: now + 100_000 }),
      filter,
    },
    { requiredKeys: [] },
  )
  .map(({ services = [], workloads = [], ...rest }) => ({ ...rest, ...linked(services, workloads) }));

function linked(services: readonly ServiceView[], workloads: readonly WorkloadView[]) {
  const at = ({ ref }: ServiceView | WorkloadView) => JSON.stringify([ref.cluster, ref.namespace]);
  return {
    services: byId(
      ...services.map((view) => ({
        ...view,
        workloads: [...new Set(workloads.filter((w) => at(w) === at(view)).map(({ id }) => id))],
      })),
    ),
    workloads: byId(
      ...workloads.map((view) => ({
        ...view,
        services: [...new Set(services.filter((s) => at(s) === at(view)).map(({ id }) => id))],
      })),
    ),
  };
}
