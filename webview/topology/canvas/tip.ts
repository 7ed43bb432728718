import type { Format } from "../../../src/mesh/format/format.ts";
import { say } from "../../../src/mesh/message.ts";
import { badges, nodeKinds } from "../../../src/mesh/topology/graph/graph.ts";
import { states } from "../../../src/protocol/topology/graphSnapshot.ts";
import { titlesAround } from "../../../src/protocol/topology/snapshotIds.ts";
import { stateWords } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import type { Scene, SceneEnd } from "../scene/scene.ts";
import { badgeWords, boxWords, kindWords, protocolName } from "../spoken.ts";
import { edgeText } from "./edgeText.ts";
import type { Hit } from "./hitTest.ts";

const boxKinds = ["cluster", "namespace", "app"] as const;

/** The tooltip's lines; the first is the whole name. */
export function tipOf(scene: Scene, hit: Hit, format: Format): string[] {
  if (hit.what === "node") return nodeTip(scene, hit.node, format);
  return hit.what === "box" ? boxTip(scene, hit.box, format) : edgeTip(scene, hit.edge, format);
}

function nodeTip({ snapshot }: Scene, node: number, format: Format): string[] {
  const { nodes, strings } = snapshot;
  const kind = nodeKinds[nodes.kind[node] ?? 0] ?? "unknown";
  const { cluster, namespace } = titlesAround(snapshot, nodes.box[node] ?? 0);
  const state = states[nodes.state[node] ?? 4] ?? "unknown";
  const [rpsIn, rpsOut] = [nodes.rpsIn[node] ?? NaN, nodes.rpsOut[node] ?? NaN];
  const [received, sent] = [nodes.bytesIn[node] ?? NaN, nodes.bytesOut[node] ?? NaN];
  const marks = badges.filter((badge, bit) => ((nodes.badges[node] ?? 0) & (1 << bit)) !== 0 && badge !== "idle");
  return [
    strings[nodes.name[node] ?? 0] ?? "",
    joined([words(kindWords[kind]), strings[nodes.version[node] ?? 0] ?? "", namespace, cluster]),
    words(stateWords[state]),
    ...(rpsIn > 0 ? [inbound(format, rpsIn, nodes.errorRate[node] ?? NaN)] : []),
    ...(rpsOut > 0 ? [words(say("{0} out", format.rate(rpsOut)))] : []),
    ...(received > 0 || sent > 0 ? [format.flow(received, sent)] : []),
    ...(marks.length > 0 ? [joined(marks.map((badge) => words(badgeWords[badge])))] : []),
  ];
}

function inbound(format: Format, rps: number, errorRate: number): string {
  if (Number.isNaN(errorRate)) return words(say("{0} in", format.rate(rps)));
  return words(say("{0} in, {1} errors", format.rate(rps), format.share(errorRate)));
}

function boxTip({ snapshot, boxShown, boxNodes }: Scene, box: number, format: Format): string[] {
  const { boxes, strings } = snapshot;
  const { cluster, namespace } = titlesAround(snapshot, box);
  const kind = boxKinds[boxes.kind[box] ?? 0] ?? "cluster";
  const around = kind === "cluster" ? [] : kind === "namespace" ? [cluster] : [namespace, cluster];
  const count = boxNodes[box] ?? 0;
  return [
    strings[boxes.title[box] ?? 0] ?? "",
    joined([words(boxWords[kind]), ...around]),
    words(stateWords[states[boxes.state[box] ?? 4] ?? "unknown"]),
    ...(boxShown[box] === 2 ? [words(say("collapsed, {0} nodes", format.count(count)))] : []),
  ];
}

function edgeTip(scene: Scene, edge: number, format: Format): string[] {
  const { edges, snapshot } = scene;
  const { protocols } = snapshot;
  const protocol = protocolName(protocols[edges.protocol[edge] ?? 0] ?? "");
  const errorRate = edges.errorRate[edge] ?? NaN;
  const isPlainRate = Number.isNaN(edges.back[edge] ?? NaN);
  const rate = isPlainRate
    ? format.rate(edges.rate[edge])
    : edgeText(edges, edge, { label: "rate", format, protocols });
  return [
    `${nameOf(scene, edges.source[edge] ?? 0)} → ${nameOf(scene, edges.target[edge] ?? 0)}`,
    joined([protocol, words(stateWords[states[edges.state[edge] ?? 4] ?? "unknown"])]),
    Number.isNaN(errorRate) ? rate : words(say("{0}, {1} errors", rate, format.share(errorRate))),
  ];
}

function nameOf({ snapshot: { nodes, boxes, strings } }: Scene, end: SceneEnd): string {
  // Isolated, so that a name from right to left does not turn the arrow around.
  const name = strings[(end >= 0 ? nodes.name[end] : boxes.title[~end]) ?? 0] ?? "";
  return `\u2068${name}\u2069`;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
