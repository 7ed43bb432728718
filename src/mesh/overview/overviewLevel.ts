import { listOrigin } from "../drilldown/trafficFigures.ts";
import { leastErrorShare, errorThresholds, latencyThresholds } from "../drilldown/thresholds.ts";
import type { ChartOffer, Figure, LevelReason, Origin, Suspect } from "../drilldown/level.ts";
import type { LevelParts, LevelQuestion } from "../drilldown/levelQuestion.ts";
import { goneParts } from "../drilldown/levels/goneLevel.ts";
import { worse, type Verdict } from "../health/verdict.ts";
import type { Counted, MeshView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import type { Unit } from "../telemetry/levels/levelTelemetry.ts";
import { meshNumbers, type MeshNumbers } from "./meshNumbers.ts";
import { overviewOf, type Overview, type TrafficSum } from "./overview.ts";
import {
  clusterTable,
  meshServiceTable,
  namespaceTable,
  partTable,
  worstTables,
  workloadTable,
} from "./overviewTables.ts";

/** The mesh, or one of its namespaces in all clusters: what it adds up to, what runs it, and what is worst in it. */
export async function overviewLevel(question: LevelQuestion): Promise<LevelParts> {
  const { input, at, isAsListed, windowSeconds, atMillis, signal } = question;
  const namespace = at.level === "namespace" ? at.ref.name : undefined;
  const mesh = meshOf(question);
  if (!mesh) return goneParts(question);
  const overview = overviewOf(mesh, input, namespace === undefined ? undefined : [namespace]);
  if (namespace !== undefined && overview.namespaces.length === 0) return goneParts(question);
  const numbers = await meshNumbers({ input, mesh, namespace, windowSeconds, atMillis, isAsListed, signal });
  const traffic = numbers.trafficThen ? sumThen(numbers.trafficThen, namespace) : overview.traffic;
  const verdict = namespace === undefined ? wholeOf(overview) : (overview.namespaces[0]?.verdict ?? overview.verdict);
  const suspects = isAsListed ? worstServices(question, overview) : [];
  const tables = [
    ...(namespace === undefined
      ? [namespaceTable(overview, numbers)]
      : [meshServiceTable(question, overview), workloadTable(question, overview)]),
    ...(isAsListed ? worstTables(question, overview) : []),
    ...(namespace === undefined ? [clusterTable(question, overview), partTable(question, overview)] : []),
  ];
  return {
    presence: "there",
    title: namespace ?? mesh.name,
    subtitle: [
      namespace === undefined ? say("Mesh") : say("Namespace"),
      ...(namespace === undefined ? [] : [mesh.name]),
      mesh.clusters.map(({ context }) => context).join(", "),
    ],
    state: verdict.state,
    reasons: reasonsOf(verdict, suspects),
    figures: figuresOf({ question, overview, numbers, traffic, namespace }),
    suspects,
    charts,
    tables,
    facts: namespace === undefined ? [meshFacts(mesh)] : [],
    configuration: [],
    findings: mesh.problems.map(({ severity, words }) => ({ severity, words, ref: undefined })),
    actions: namespace === undefined ? ["showTopology"] : ["copyName", "showTopology", "revealInTree"],
    problems: numbers.problems,
    staleSince: isAsListed ? overview.traffic.staleSince : undefined,
  };
}

/** What runs the mesh, and what runs in it: the state of the worst, with the reasons of what runs it. */
function wholeOf({ verdict, namespaces }: Overview): Verdict {
  const states = namespaces.map((each) => each.verdict.state);
  return { state: states.reduce(worse, verdict.state), reasons: verdict.reasons };
}

function meshOf({ input, path }: LevelQuestion): MeshView | undefined {
  const wanted = path.find(({ level }) => level === "mesh")?.ref.name;
  return input.meshes.find(({ id }) => id === wanted) ?? (wanted === undefined ? input.meshes[0] : undefined);
}

const offer = (chart: ChartOffer["chart"], title: Message, unit: Unit, more: Partial<ChartOffer> = {}): ChartOffer => ({
  ...{ chart, title, unit, direction: "inbound", groupings: ["namespace", "none", "cluster"] },
  ...more,
});

const charts: readonly ChartOffer[] = [
  offer("requests", say("Requests"), "rps", { groupings: ["namespace", "none", "code", "cluster", "protocol"] }),
  offer("errors", say("Errors"), "share", { thresholds: errorThresholds }),
  offer("latency", say("Latency"), "seconds", { thresholds: latencyThresholds }),
  offer("tcpBytes", say("TCP throughput"), "bytesPerSecond"),
];

/** Services that fail more than now and then, by how much of all failed requests is theirs. */
function worstServices({ input, index }: LevelQuestion, { services }: Overview): readonly Suspect[] {
  const failing = services.map((view) => ({ view, requests: input.assessment(view.id).reading.requests }));
  const errors = failing.reduce((sum, { requests }) => sum + (requests?.errorsPerSecond ?? 0), 0);
  return failing
    .flatMap(({ view: { ref }, requests }): readonly Suspect[] => {
      if (!requests || requests.rps <= 0 || errors <= 0) return [];
      const share = requests.errorsPerSecond / requests.rps;
      if (share < leastErrorShare) return [];
      const reason = say("{0} of its requests fail ({1})", input.format.share(share), index.contextOf(ref.cluster));
      const name = `${ref.namespace}/${ref.name}`;
      return [
        {
          level: "service",
          to: { level: "service", ref },
          ref,
          name,
          share: requests.errorsPerSecond / errors,
          reason,
        },
      ];
    })
    .sort((a, b) => b.share - a.share)
    .slice(0, 6);
}

// A headline answers "why"; everything that is amiss stands at the things themselves.
const mostReasons = 4;

function reasonsOf({ reasons }: Verdict, suspects: readonly Suspect[]): readonly LevelReason[] {
  const left = reasons.length - mostReasons;
  return [
    ...suspects.slice(0, 3).map(({ name, reason, to }) => ({
      words: say("{0}: {1} of its requests fail ({2})", name, ...reason.args),
      to,
    })),
    ...reasons.slice(0, mostReasons).map((words) => ({ words, to: undefined })),
    ...(left > 0 ? [{ words: say("{0} more reasons, at what is in it", left), to: undefined }] : []),
  ];
}

function sumThen(then: NonNullable<MeshNumbers["trafficThen"]>, namespace: string | undefined): TrafficSum {
  const own = [...then].filter(([name]) => namespace === undefined || name === namespace).map(([, sum]) => sum);
  const rps = own.length > 0 ? own.reduce((sum, each) => sum + each.rps, 0) : NaN;
  const errors = own.reduce((sum, each) => sum + each.errorsPerSecond, 0);
  return {
    rps,
    errorRate: rps > 0 ? errors / rps : NaN,
    receivedBytesPerSecond: NaN,
    sentBytesPerSecond: NaN,
    measured: own.length,
    services: own.length,
    staleSince: undefined,
  };
}

interface Figured {
  readonly question: LevelQuestion;
  readonly overview: Overview;
  readonly numbers: MeshNumbers;
  readonly traffic: TrafficSum;
  readonly namespace: string | undefined;
}

function figuresOf({ question, overview, numbers, traffic, namespace }: Figured): readonly Figure[] {
  const { mesh, pods, namespaces } = overview;
  const origin = numbers.trafficThen ? numbers.thenOrigin : originOf(question, mesh);
  const { measured, services } = traffic;
  const [problem] = numbers.trafficThen ? numbers.problems : [];
  const partial =
    measured < services ? say("Of {0} of {1} services; of the others nothing is known", measured, services) : problem;
  const nothing = say("Nothing tells of requests");
  const nothingFailed = say("Not all of the failed requests are told");
  const own = namespace === undefined ? mesh : namespaces[0];
  const { controlPlane } = numbers;
  const plane = (id: string, title: Message, value: number, unit: Unit): Figure => ({
    ...{ id, title, value, unit, why: controlPlane.why, origin: controlPlane.origin },
  });
  return [
    {
      id: "rps",
      title: say("Requests"),
      value: traffic.rps,
      unit: "rps",
      why: Number.isNaN(traffic.rps) ? nothing : partial,
      origin,
    },
    {
      ...{ id: "errors", title: say("Errors"), value: traffic.errorRate, unit: "share", origin },
      why: Number.isNaN(traffic.errorRate)
        ? traffic.rps > 0
          ? nothingFailed
          : say("No requests in the window")
        : partial,
    },
    {
      id: "p95",
      title: say("p95"),
      value: numbers.p95,
      unit: "seconds",
      why: numbers.p95Why,
      origin: numbers.p95Origin,
    },
    ...(namespace === undefined
      ? [countFigure("clusters", say("Clusters"), { inMesh: mesh.clusters.length, all: NaN })]
      : []),
    ...(own ? [countFigure("services", say("Services in mesh"), own.services)] : []),
    ...(own ? [countFigure("workloads", say("Workloads in mesh"), own.workloads)] : []),
    countFigure("pods", say("Pods in mesh"), pods),
    ...(namespace === undefined
      ? [
          plane("controlPlaneCpu", say("Control plane CPU"), controlPlane.cores, "cores"),
          plane("controlPlaneMemory", say("Control plane memory"), controlPlane.memoryBytes, "bytes"),
        ]
      : []),
  ];
}

function countFigure(id: string, title: Message, { inMesh, all }: Counted): Figure {
  return {
    ...{ id, title, value: inMesh ?? NaN, unit: "count", origin: undefined },
    ...(Number.isNaN(all) ? {} : { limit: all }),
    why: inMesh === undefined ? say("Not all pods are read") : undefined,
  };
}

/** Of all clusters' stores: the lists asked each. */
function originOf(question: LevelQuestion, mesh: MeshView): Origin | undefined {
  const origins = mesh.clusters.flatMap(({ key }) => listOrigin(question, key) ?? []);
  if (origins.length === 0) return undefined;
  const sources = [...new Set(origins.map(({ source }) => source))];
  const queries = new Map(
    origins.flatMap(({ provenance }) => provenance).map((each) => [`${each.sourceId} ${each.query}`, each]),
  );
  return { source: sources.join(", "), provenance: [...queries.values()] };
}

function meshFacts(mesh: MeshView): LevelParts["facts"][number] {
  const planes = mesh.clusters.flatMap(({ controlPlanes }) => controlPlanes);
  const told = (name: Message, values: readonly string[]) => ({ name, values: [...new Set(values)] });
  const all = [
    told(say("Topology"), [mesh.topology]),
    told(
      say("Istio"),
      planes.flatMap(({ version }) => version ?? []),
    ),
    told(
      say("Trust domain"),
      planes.map(({ trustDomain }) => trustDomain.value),
    ),
    told(
      say("Root namespace"),
      planes.map(({ rootNamespace }) => rootNamespace.value),
    ),
    told(
      say("Outbound traffic"),
      planes.map(({ outboundPolicy }) => outboundPolicy.value),
    ),
    told(
      say("Automatic mutual TLS"),
      planes.map(({ autoMtls }) => autoMtls.value),
    ),
  ];
  return { title: say("Mesh"), facts: all.filter(({ values }) => values.length > 0) };
}
