import { noData } from "../../format/format.ts";
import type { Verdict } from "../../health/verdict.ts";
import { podVerdict } from "../../health/workloadHealth.ts";
import type { PodView, WorkloadView } from "../../inventory/views.ts";
import { fill, say, type Message } from "../../message.ts";
import type { Row } from "./lazyTree.ts";
import type { Listing } from "./namespaceTree.ts";
import type { Fact } from "../node.ts";
import { childId } from "./nodeId.ts";
import { errorShareOf, firstThree, plainly, readyFact, trafficFacts, trafficTokens } from "../rows/rowFacts.ts";
import { hasText } from "./hasText.ts";
import type { Ranking } from "./sortOrder.ts";
import { noteFacts, readingFacts, reasonFacts } from "../tooltip.ts";
import { nodeRow } from "../rows/nodeRow.ts";
import type { ExplorerWorld } from "../world.ts";

/** Workloads by namespace, each cluster's by itself, with their pods below. */
export const workloadListing: Listing<WorkloadView> = {
  views: (world) => world.workloads,
  changed: ({ workloads }) => workloads,
  keyOf: ({ id }) => id,
  passes: (view, { inMeshOnly, text }) => (!inMeshOnly || view.inMesh === true) && hasText(view.ref.name, text),
  rank: ([view], world) => rankOf(view, world),
  row: ([view], parentId, world) => {
    if (!view) throw new Error("A workload row needs a workload");
    return workloadRow(view, parentId, world);
  },
  count: (howMany, shown) => (howMany === 1 ? say("1 workload") : say("{0} workloads", shown)),
  kinds: new Set([
    "Pod",
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "Job",
    "CronJob",
    "WorkloadEntry",
    "WorkloadGroup",
    "Namespace",
  ]),
};

function rankOf(view: WorkloadView | undefined, world: ExplorerWorld): Ranking {
  const { reading, verdict } = world.assessment(view?.id ?? "");
  return {
    name: view?.ref.name ?? "",
    id: view?.id ?? "",
    state: verdict.state,
    kind: reading.kind,
    inMesh: view?.inMesh ?? false,
    rps: reading.requests && reading.requests.rps > 0 ? reading.requests.rps : undefined,
    errorShare: errorShareOf(reading),
    p95: reading.latency?.p95 ?? undefined,
  };
}

/** A workload under a namespace or a service. */
export function workloadRow(view: WorkloadView, parentId: string, world: ExplorerWorld): Row {
  const { reading, verdict } = world.assessment(view.id);
  const id = childId(parentId, "workload", view.id);
  return {
    node: {
      id,
      parentId,
      kind: "workload",
      label: view.ref.name,
      facts: firstThree(workloadFacts(view, world)),
      state: verdict.state,
      ...(reading.staleSince !== undefined && { staleSince: reading.staleSince }),
      ref: view.ref,
      tokens: [
        "fy.workload",
        "fy.drill",
        ...trafficTokens(reading),
        ...(view.inMesh ? ["fy.mesh.in"] : []),
        ...(view.dataPlane === "none" ? [] : [`fy.${view.dataPlane}`]),
        "fy.document",
      ],
      hasChildren: view.pods.length > 0,
    },
    open: () => podRows(world.workloads.get(view.id) ?? view, id, world),
    facts: () => workloadTooltip(world.workloads.get(view.id) ?? view, world),
  };
}

// What is wrong first: with pods missing, how many; else what flows, and only then what it is. Where two clusters have
// it, the first fact says which one this is.
function workloadFacts(view: WorkloadView, world: ExplorerWorld): readonly Message[] {
  const { reading } = world.assessment(view.id);
  const { replicas } = view;
  const isShort = replicas.ready < replicas.desired;
  const outside = view.inMesh === false ? [say("not in mesh")] : [];
  const where = world.hasTwin(view) ? world.contextOf(view.ref.cluster) : undefined;
  const traffic = trafficFacts(reading, world.format);
  if (reading.kind === "flowing") {
    if (isShort) return [readyFact(replicas, world.format, where), ...traffic];
    const [first, ...others] = traffic;
    return [...(first ? [placed(fill(first), where)] : []), ...others, ...outside];
  }
  const kind = placed(view.ref.kind, where);
  return isShort || view.inMesh !== false
    ? [kind, readyFact(replicas, world.format), ...traffic]
    : [kind, ...traffic, ...outside];
}

function placed(text: string, context: string | undefined): Message {
  return context === undefined ? plainly(text) : say("{0} in {1}", text, context);
}

function podRows(view: WorkloadView, parentId: string, world: ExplorerWorld): readonly Row[] {
  return view.pods
    .toSorted((a, b) => (a.ref.name < b.ref.name ? -1 : 1))
    .map((pod) => {
      const id = childId(parentId, "pod", pod.id);
      const verdict = podVerdict(pod, world);
      const plane = pod.dataPlane === "none" ? [] : ["fy.mesh.in", `fy.${pod.dataPlane}`];
      return {
        node: {
          id,
          parentId,
          kind: "pod" as const,
          label: pod.ref.name,
          facts: firstThree(podFacts(pod, world)),
          state: verdict.state,
          ref: pod.ref,
          tokens: ["fy.pod", "fy.drill", ...plane, "fy.document"],
          hasChildren: pod.node !== undefined,
        },
        open: () => (pod.node === undefined ? [] : [nodeRow(pod.ref.cluster, pod.node, { parentId: id, world })]),
        facts: () => podTooltip(pod, verdict, world),
      };
    });
}

function podFacts(pod: PodView, world: ExplorerWorld): readonly Message[] {
  const facts = [pod.node === undefined ? say("no node") : plainly(pod.node)];
  const reason = reasonFact(pod, world);
  if (reason) facts.push(reason);
  else if (!pod.isReady) facts.push(pod.phase === "Running" ? say("not ready") : plainly(pod.phase));
  if (pod.restarts > 0) {
    facts.push(pod.restarts === 1 ? say("1 restart") : say("{0} restarts", world.format.count(pod.restarts)));
  }
  return facts;
}

function reasonFact({ reason, reasonAt }: PodView, world: ExplorerWorld): Message | undefined {
  if (reason === undefined) return undefined;
  const at = reasonAt === undefined ? NaN : Date.parse(reasonAt);
  if (Number.isNaN(at) || world.nowMillis < at) return plainly(reason);
  return say("{0} {1} ago", reason, world.format.age(world.nowMillis - at));
}

function workloadTooltip(view: WorkloadView, world: ExplorerWorld): readonly Fact[] {
  const { reading, verdict } = world.assessment(view.id);
  const facts: Fact[] = [
    { name: say("Workload"), value: say("{0} {1} in {2}", view.ref.kind, view.ref.name, view.ref.namespace) },
    { name: say("Cluster"), value: plainly(world.contextOf(view.ref.cluster)) },
    ...reasonFacts(verdict),
    { name: say("Replicas"), value: readyFact(view.replicas, world.format) },
    ...readingFacts(reading, world),
    { name: say("Data plane"), value: plainly(view.inMesh === undefined ? noData : view.dataPlane) },
  ];
  if (!view.ownerRead)
    facts.push({ name: say("Note"), value: say("{0} could not be read; its pods were counted", view.ref.kind) });
  if (view.app !== undefined) facts.push({ name: say("App"), value: plainly(view.app) });
  if (view.version !== undefined) facts.push({ name: say("Version"), value: plainly(view.version) });
  if (view.revision !== undefined) facts.push({ name: say("Istio revision"), value: plainly(view.revision) });
  return [...facts, ...noteFacts(view.ref, world)];
}

function podTooltip(pod: PodView, verdict: Verdict, world: ExplorerWorld): readonly Fact[] {
  const facts: Fact[] = [
    { name: say("Pod"), value: say("{0} in {1}", pod.ref.name, pod.ref.namespace) },
    { name: say("Phase"), value: plainly(pod.phase) },
    { name: say("Node"), value: pod.node === undefined ? say("none yet") : plainly(pod.node) },
    { name: say("Restarts"), value: plainly(world.format.count(pod.restarts)) },
    { name: say("Data plane"), value: plainly(pod.dataPlane) },
  ];
  const reason = reasonFact(pod, world);
  const at = pod.reasonAt === undefined ? NaN : Date.parse(pod.reasonAt);
  if (reason) facts.push({ name: say("Last trouble"), value: reason, ...(Number.isNaN(at) ? {} : { atMillis: at }) });
  return [...facts, ...reasonFacts(verdict), ...noteFacts(pod.ref, world)];
}
