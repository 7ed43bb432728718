import { say, type Message } from "../../src/mesh/message.ts";
import type { Badge, GraphNodeKind, GraphView } from "../../src/mesh/topology/graph/graph.ts";
import type { EdgeLabelName } from "../../src/protocol/topology/graphSnapshot.ts";
import { stateWords } from "../shared/healthWords.ts";
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

/** Rates of one thing, NaN where there are none. */
interface Flow {
  readonly rps: number;
  readonly errorRate: number;
  readonly sent: number;
  readonly received: number;
}

/** Numbers and names as they are read out: units in full words. */
export class Speech {
  readonly #precise: Intl.NumberFormat;
  readonly #whole: Intl.NumberFormat;

  /** A locale that `createFormat` gave: one that Intl knows. */
  constructor(locale: string) {
    this.#precise = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });
    this.#whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  }

  node(picture: Picture, node: number): string {
    const { nodes } = picture.snapshot;
    const version = picture.nodeVersion(node);
    const state = picture.nodeState(node);
    const rpsIn = nodes.rpsIn[node] ?? NaN;
    const flow = {
      rps: rpsIn > 0 ? rpsIn : (nodes.rpsOut[node] ?? NaN),
      errorRate: nodes.errorRate[node] ?? NaN,
      sent: nodes.bytesOut[node] ?? NaN,
      received: nodes.bytesIn[node] ?? NaN,
    };
    return [
      picture.nodeName(node),
      words(kindWords[picture.nodeKind(node)]),
      ...(version === "" ? [] : [words(say("version {0}", version))]),
      ...(state === "healthy" ? [] : [words(stateWords[state])]),
      ...this.#flow(flow),
      ...picture.nodeBadges(node).map((badge) => words(badgeWords[badge])),
      ...this.#degrees(picture, node),
    ].join(", ");
  }

  box(picture: Picture, box: number): string {
    const isCollapsed = picture.scene?.boxShown[box] === 2;
    const count = this.#whole.format(picture.scene?.boxNodes[box] ?? 0);
    return [
      picture.boxName(box),
      words(boxWords[picture.boxKind(box)]),
      words(stateWords[picture.boxState(box)]),
      ...(isCollapsed ? [words(say("collapsed, {0} nodes", count)), ...this.#degrees(picture, ~box)] : []),
    ].join(", ");
  }

  end(picture: Picture, end: SceneEnd): string {
    return end < 0 ? this.box(picture, ~end) : this.node(picture, end);
  }

  edge(picture: Picture, sceneEdge: number): string {
    const edges = picture.scene?.edges;
    if (!edges) return "";
    const protocol = picture.snapshot.protocols[edges.protocol[sceneEdge] ?? 0] ?? "";
    const rate = edges.rate[sceneEdge] ?? NaN;
    const received = edges.back[sceneEdge] ?? NaN;
    const isBytes = !Number.isNaN(received);
    const errorRate = edges.errorRate[sceneEdge] ?? NaN;
    const source = picture.endName(edges.source[sceneEdge] ?? 0);
    const target = picture.endName(edges.target[sceneEdge] ?? 0);
    const flow = { rps: isBytes ? NaN : rate, errorRate, sent: isBytes ? rate : NaN, received };
    return [words(say("{0} to {1}", source, target)), protocolName(protocol), ...this.#flow(flow)].join(", ");
  }

  #flow({ rps, errorRate, sent, received }: Flow): string[] {
    return [
      ...(rps > 0 ? [words(say("{0} requests per second", this.#number(rps)))] : []),
      ...(errorRate >= 0 ? [this.#errors(errorRate)] : []),
      ...(received > 0 ? [words(say("{0} bytes per second received", this.#number(received)))] : []),
      ...(sent > 0 ? [words(say("{0} bytes per second sent", this.#number(sent)))] : []),
    ];
  }

  #errors(ratio: number): string {
    if (ratio > 0 && ratio < 0.001) return words(say("less than {0} percent errors", this.#number(0.1)));
    return words(say("{0} percent errors", this.#number(ratio * 100)));
  }

  #degrees(picture: Picture, end: SceneEnd): string[] {
    const { inbound, outbound } = picture.meeting(end);
    return [
      words(say("{0} inbound", this.#whole.format(inbound.length))),
      words(say("{0} outbound", this.#whole.format(outbound.length))),
    ];
  }

  #number(value: number): string {
    return (value >= 100 ? this.#whole : this.#precise).format(value);
  }
}
