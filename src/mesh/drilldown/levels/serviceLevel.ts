import { MeshError } from "../../meshError.ts";
import { say } from "../../message.ts";
import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { compareHealth } from "../../health/verdict.ts";
import { serviceNames } from "../../explorer/join/nameClaims.ts";
import type { ServiceView } from "../../inventory/views.ts";
import { refId } from "../../model/refs.ts";
import { selectionConfig } from "../../topology/graph/selectionConfig.ts";
import { numberCell, numberColumn, rateCell, stateCell, textCell, textColumn } from "../cells.ts";
import { trafficOffers } from "../chartOffers.ts";
import type { FactGroup, LevelTable, Suspect, TableRow } from "../level.ts";
import { compare } from "../levelIndex.ts";
import type { LevelParts, LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy } from "../levelStore.ts";
import { serviceSuspects } from "../suspects/serviceSuspects.ts";
import { onlyAsListed } from "../rowNumbers.ts";
import { listedNumbers, listedOrigins, numbersThen, trafficFigures, unlisted } from "../trafficFigures.ts";
import { goneParts } from "./goneLevel.ts";

/** A service of one cluster: what it offers, what is behind it, and what acts on the way to it. */
export async function serviceLevel(question: LevelQuestion): Promise<LevelParts> {
  const { input, index, at, signal } = question;
  const view = index.service(at.ref);
  if (!view) return goneParts(question);
  const { cluster, namespace, name } = view.ref;
  const { reading, verdict } = input.assessment(view.id);
  const isService = view.ref.kind === "Service";
  const slices = { group: "discovery.k8s.io", kind: "EndpointSlice" };
  const of = { what: "service", namespace, name: serviceNames(view)[0] ?? name } as const;
  const [suspects, object, endpoints, numbers] = await Promise.all([
    serviceSuspects(question, view),
    answerOrWhy(input.reads.object(view.ref, signal), signal),
    isService ? answerOrWhy(input.reads.objects(cluster, slices, namespace, signal), signal) : [],
    question.isAsListed
      ? listedOrigins(question, cluster, of, reading).then((origins) => listedNumbers(reading, origins))
      : numbersThen(question, cluster, of),
  ]);
  const manifest = MeshError.is(object) ? undefined : object;
  return {
    presence: "there",
    title: name,
    subtitle: [view.ref.kind, namespace, index.contextOf(cluster)],
    state: verdict.state,
    reasons: [
      ...suspects.slice(0, 1).map(({ reason, to }) => ({ words: reason, to })),
      ...verdict.reasons.map((words) => ({ words, to: undefined })),
    ],
    figures: trafficFigures(numbers),
    suspects,
    charts: trafficOffers("service"),
    tables: [
      workloadTable(question, view, suspects),
      portTable(view, manifest),
      ...(isService ? [endpointTable(view, endpoints)] : []),
    ],
    facts: factsOf(question, view),
    configuration: selectionConfig(input, {
      services: [view],
      workloads: index.workloadsOf(view),
      callers: new Set(),
    }),
    findings: index
      .workloadsOf(view)
      .flatMap(({ ref, problems }) => problems.map(({ severity, words }) => ({ severity, words, ref }))),
    actions: ["openYaml", "describe", "validate", "copyName", "copyCommand", "showTopology", "revealInTree"],
    problems: [
      ...(MeshError.is(object) ? [object.words] : []),
      ...input.config.unread.map((what) => say("{0} cannot be read, so what acts on it may be missing", what)),
    ],
    staleSince: question.isAsListed ? reading.staleSince : undefined,
  };
}

export function workloadTable(question: LevelQuestion, view: ServiceView, suspects: readonly Suspect[]): LevelTable {
  const { index, input } = question;
  const shares = new Map(suspects.map(({ ref, share }) => [refId(ref), share]));
  const rows = index.workloadsOf(view).map((workload) => {
    const { reading, verdict } = input.assessment(workload.id);
    const numbers = question.isAsListed ? listedNumbers(reading, {}) : unlisted;
    const row: TableRow = {
      to: { level: "workload", ref: workload.ref },
      ref: workload.ref,
      share: shares.get(workload.id) ?? 0,
      cells: [
        textCell(workload.ref.name),
        textCell(workload.ref.kind),
        textCell(workload.version ?? ""),
        stateCell(verdict.state),
        rateCell(numbers.rps, numbers.isIdle),
        numberCell(numbers.errorShare, "share"),
        numberCell(numbers.p95, "seconds"),
        numberCell(workload.replicas.ready, "count", workload.replicas.desired),
      ],
    };
    return { row, state: verdict.state, name: workload.ref.name };
  });
  rows.sort((a, b) => b.row.share - a.row.share || compareHealth(a.state, b.state) || compare(a.name, b.name));
  return {
    id: "workloads",
    title: say("Workloads"),
    columns: [
      textColumn("name", say("Name")),
      textColumn("kind", say("Kind")),
      textColumn("version", say("Version")),
      textColumn("state", say("State")),
      numberColumn("rps", say("Requests")),
      numberColumn("errors", say("Errors")),
      numberColumn("p95", say("p95")),
      numberColumn("ready", say("Pods ready")),
    ],
    rows: rows.map(({ row }) => row),
    why: rows.length === 0 ? say("Its selector matches no workload") : question.isAsListed ? undefined : onlyAsListed,
  };
}

function portTable({ ports }: ServiceView, object: KubeObject | undefined): LevelTable {
  const declared = listAt(fieldsAt(object, "spec"), "ports");
  return {
    id: "ports",
    title: say("Ports"),
    columns: [
      numberColumn("port", say("Port")),
      textColumn("name", say("Name")),
      textColumn("protocol", say("Protocol")),
      textColumn("appProtocol", say("appProtocol")),
      textColumn("target", say("Target")),
    ],
    rows: ports.map(({ port, name, protocol }) => {
      const own = declared.find(
        (one) => fieldsAt({ one }, "one")["port"] === port && (textAt(one, "name") ?? "") === name,
      );
      const target = fieldsAt({ own }, "own")["targetPort"];
      return plain([
        numberCell(port, "count"),
        textCell(name),
        textCell(protocol),
        textCell(textAt(own, "appProtocol") ?? ""),
        textCell(typeof target === "number" || typeof target === "string" ? String(target) : ""),
      ]);
    }),
    why: undefined,
  };
}

function endpointTable({ ref }: ServiceView, read: readonly KubeObject[] | MeshError): LevelTable {
  const slices = MeshError.is(read)
    ? []
    : read.filter(({ metadata }) => metadata.labels?.["kubernetes.io/service-name"] === ref.name);
  const rows = slices.flatMap((slice) =>
    listAt(slice, "endpoints").map((endpoint): TableRow => {
      const target = fieldsAt(endpoint, "targetRef");
      const pod = textAt(target, "kind") === "Pod" ? textAt(target, "name") : undefined;
      const podRef =
        pod === undefined
          ? undefined
          : { cluster: ref.cluster, group: "", kind: "Pod", namespace: ref.namespace, name: pod };
      const isReady = fieldsAt(endpoint, "conditions")["ready"] !== false;
      const addresses = listAt(endpoint, "addresses").filter((one) => typeof one === "string");
      return {
        to: podRef && { level: "pod", ref: podRef },
        ref: podRef,
        share: 0,
        cells: [
          textCell(addresses.join(", ")),
          isReady ? stateCell("healthy", say("ready")) : stateCell("degraded", say("not ready")),
          textCell(pod ?? ""),
          textCell(textAt(endpoint, "nodeName") ?? ""),
          textCell(textAt(endpoint, "zone") ?? ""),
        ],
      };
    }),
  );
  return {
    id: "endpoints",
    title: say("Endpoints"),
    columns: [
      textColumn("address", say("Address")),
      textColumn("state", say("State")),
      textColumn("pod", say("Pod")),
      textColumn("node", say("Node")),
      textColumn("zone", say("Zone")),
    ],
    rows,
    why: MeshError.is(read) ? read.words : rows.length === 0 ? say("It has no endpoints") : undefined,
  };
}

function factsOf({ index, input }: LevelQuestion, view: ServiceView): readonly FactGroup[] {
  const hosts = new Set(view.hosts);
  const routes = input.config.routes.filter(
    ({ ref, hosts: own, destinations }) =>
      ref.cluster === view.ref.cluster && [...own, ...destinations].some((host) => hosts.has(host)),
  );
  const gateways = [...new Set(routes.flatMap((route) => route.gateways))].filter((name) => name !== "mesh");
  const outside = [...new Set(routes.flatMap((route) => (route.destinations.length > 0 ? route.hosts : [])))];
  const apps = [...new Set(index.workloadsOf(view).flatMap(({ app }) => app ?? []))];
  return [
    {
      title: say("Service"),
      facts: [
        { name: say("App"), values: apps },
        { name: say("Type"), values: [view.type] },
        { name: say("Hosts"), values: view.hosts },
        { name: say("Led to by"), values: outside.filter((host) => !hosts.has(host)) },
        { name: say("Gateways"), values: gateways },
      ].filter(({ values }) => values.length > 0),
    },
  ];
}

function plain(cells: TableRow["cells"]): TableRow {
  return { to: undefined, ref: undefined, cells, share: 0 };
}
