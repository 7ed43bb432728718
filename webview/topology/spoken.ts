import type { NodeState } from "../../src/mesh/explorer/node.ts";
import { say, type Message } from "../../src/mesh/message.ts";
import type { Badge, GraphNodeKind, GraphView } from "../../src/mesh/topology/graph/graph.ts";
import type { EdgeLabelName } from "../../src/protocol/topology/graphSnapshot.ts";
import { words } from "../shared/words.ts";
import type { BoxKind, Picture } from "./picture.ts";
import type { SceneEnd } from "./scene/scene.ts";

// Words for what is drawn: said by screen readers, shown in tables and sheets.

export const kindWords: Readonly<Record<GraphNodeKind, Message>> = {
  workload: say("workload"),
  app: say("app"),
  service: say("service"),
  serviceEntry: say("service entry"),
  external: say("external"),
  gateway: say("gateway"),
  waypoint: say("waypoint"),
  unknown: say("unknown source"),
  namespace: say("namespace"),
};

export const boxWords: Readonly<Record<BoxKind, Message>> = {
  cluster: say("cluster"),
  namespace: say("namespace"),
  app: say("app"),
};

export const stateWords: Readonly<Record<NodeState, Message>> = {
  healthy: say("healthy"),
  degraded: say("degraded"),
  failing: say("failing"),
  idle: say("idle"),
  unknown: say("health unknown"),
};

/** Codicons: another shape for each state. */
export const stateIcons: Readonly<Record<NodeState, string>> = {
  healthy: "pass",
  degraded: "warning",
  failing: "error",
  idle: "circle-large-outline",
  unknown: "question",
};

export const badgeWords: Readonly<Record<Badge, Message>> = {
  trafficShifting: say("traffic shifting"),
  routing: say("request routing"),
  fault: say("fault injection"),
  mirroring: say("mirroring"),
  timeout: say("request timeout"),
  circuitBreaker: say("circuit breaker"),
  missingSidecar: say("missing sidecar"),
  mtls: say("mutual TLS"),
  idle: say("idle"),
  dead: say("no endpoints"),
  ambient: say("ambient"),
  outside: say("outside of the chosen namespaces"),
};

export const viewWords: Readonly<Record<GraphView, Message>> = {
  versionedApp: say("Versioned app"),
  app: say("App"),
  workload: say("Workload"),
  service: say("Service"),
  namespace: say("Namespace"),
};

export const labelWords: Readonly<Record<EdgeLabelName, Message>> = {
  rate: say("Rate"),
  share: say("Share"),
  errors: say("Errors"),
  p50: say("Latency p50"),
  p95: say("Latency p95"),
  p99: say("Latency p99"),
  mtls: say("Mutual TLS"),
  protocol: say("Protocol"),
};

/** "HTTP", "gRPC", "TCP"; others as Istio names them. */
export function protocolName(protocol: string): string {
  if (protocol === "grpc") return "gRPC";
  return protocol === "http" || protocol === "tcp" ? protocol.toUpperCase() : protocol;
}

/** Numbers and names as they are read out: units in full words. */
export interface Speech {
  node(picture: Picture, node: number): string;
  box(picture: Picture, box: number): string;
  end(picture: Picture, end: SceneEnd): string;
  edge(picture: Picture, sceneEdge: number): string;
}

export function createSpeech(locale: string): Speech {
  const precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const number = (value: number) => (value >= 100 ? whole : precise).format(value);
  const rate = (rps: number) => words(say("{0} requests per second", number(rps)));
  const errors = (ratio: number) =>
    ratio > 0 && ratio < 0.001
      ? words(say("less than {0} percent errors", number(0.1)))
      : words(say("{0} percent errors", number(ratio * 100)));
  const bytes = (value: number, direction: "in" | "out") =>
    direction === "in"
      ? words(say("{0} bytes per second received", number(value)))
      : words(say("{0} bytes per second sent", number(value)));

  const flows = (parts: { rps: number; errorRate: number; sent: number; received: number }): string[] => [
    ...(parts.rps > 0 ? [rate(parts.rps)] : []),
    ...(parts.errorRate >= 0 ? [errors(parts.errorRate)] : []),
    ...(parts.received > 0 ? [bytes(parts.received, "in")] : []),
    ...(parts.sent > 0 ? [bytes(parts.sent, "out")] : []),
  ];
  const degrees = (picture: Picture, end: SceneEnd): string[] => {
    const { inbound, outbound } = picture.meeting(end);
    return [
      words(say("{0} inbound", whole.format(inbound.length))),
      words(say("{0} outbound", whole.format(outbound.length))),
    ];
  };

  const node = (picture: Picture, index: number): string => {
    const { nodes } = picture.snapshot;
    const version = picture.nodeVersion(index);
    const state = picture.nodeState(index);
    const rpsIn = nodes.rpsIn[index] ?? NaN;
    const rpsOut = nodes.rpsOut[index] ?? NaN;
    return [
      picture.nodeName(index),
      words(kindWords[picture.nodeKind(index)]),
      ...(version === "" ? [] : [words(say("version {0}", version))]),
      ...(state === "healthy" ? [] : [words(stateWords[state])]),
      ...flows({
        rps: rpsIn > 0 ? rpsIn : rpsOut,
        errorRate: nodes.errorRate[index] ?? NaN,
        sent: nodes.bytesOut[index] ?? NaN,
        received: nodes.bytesIn[index] ?? NaN,
      }),
      ...picture.nodeBadges(index).map((badge) => words(badgeWords[badge])),
      ...degrees(picture, index),
    ].join(", ");
  };

  const box = (picture: Picture, index: number): string => {
    const count = picture.scene?.boxNodes[index] ?? 0;
    const isCollapsed = picture.scene?.boxShown[index] === 2;
    return [
      picture.boxName(index),
      words(boxWords[picture.boxKind(index)]),
      words(stateWords[picture.boxState(index)]),
      ...(isCollapsed ? [words(say("collapsed, {0} nodes", whole.format(count))), ...degrees(picture, ~index)] : []),
    ].join(", ");
  };

  return {
    node,
    box,
    end: (picture, end) => (end < 0 ? box(picture, ~end) : node(picture, end)),
    edge(picture, sceneEdge) {
      const edges = picture.scene?.edges;
      if (!edges) return "";
      const protocol = picture.snapshot.protocols[edges.protocol[sceneEdge] ?? 0] ?? "";
      const value = edges.rate[sceneEdge] ?? NaN;
      const isBytes = !Number.isNaN(edges.back[sceneEdge] ?? NaN);
      const source = picture.endName(edges.source[sceneEdge] ?? 0);
      const target = picture.endName(edges.target[sceneEdge] ?? 0);
      return [
        words(say("{0} to {1}", source, target)),
        protocolName(protocol),
        ...flows({
          rps: isBytes ? NaN : value,
          errorRate: edges.errorRate[sceneEdge] ?? NaN,
          sent: isBytes ? value : NaN,
          received: edges.back[sceneEdge] ?? NaN,
        }),
      ].join(", ");
    },
  };
}
