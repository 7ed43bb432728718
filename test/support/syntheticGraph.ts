import type { Badge, GraphBox, GraphEdge, GraphNode, TopologyGraph } from "../../src/mesh/topology/graph/graph.ts";
import type { ClusterPlace } from "../../src/mesh/telemetry/edges/calls.ts";
import { say } from "../../src/mesh/message.ts";

// A mesh that never was, of any size, always the same for the same seed: N nodes, about 2.5 N edges, N/20 namespaces of
// uneven size, apps of a service and one to three workloads, 5 % service entries, one gateway, hubs by preferential
// attachment, two fifths of the calls across namespaces, 8 % with a second protocol, 2 % backwards. Pure: pages load it too.

export interface SyntheticOptions {
  readonly nodes: number;
  readonly seed?: number;
  /** How many more nodes than `nodes`, as new apps and versions: everything else stays as it is. */
  readonly added?: number;
}

/** Sizes that benches and pictures use. */
export const syntheticSizes = [50, 500, 2000, 5000, 10_000] as const;

export type Random = () => number;

/** mulberry32: 0 (included) to 1 (excluded). */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface App {
  readonly service: number;
  readonly workloads: number[];
  readonly namespace: number;
}

interface Draft {
  readonly nodes: GraphNode[];
  readonly boxes: GraphBox[];
  readonly apps: App[];
  readonly namespaces: { readonly box: number; readonly name: string; readonly place: ClusterPlace }[];
  /** Externals and the gateway. */
  readonly entries: number[];
  readonly random: Random;
}

const things =
  "cart checkout catalog orders payments ledger profile search reviews ratings details stock shipping billing fraud mail " +
  "audit session token quotes pricing offers images video feed notify geo routes drivers fleet menu kitchen tables seats";
const parts = "api core worker gateway sync cache index store stream batch web admin";
const teams =
  "shop pay data edge growth media travel food bank risk core infra people sales ads maps chat home play cloud";

/** The graph of the versioned app view. */
export function syntheticGraph({ nodes: size, seed = 42, added = 0 }: SyntheticOptions): TopologyGraph {
  const random = seededRandom(seed);
  const draft: Draft = { nodes: [], boxes: [], apps: [], namespaces: [], entries: [], random };
  addPlaces(draft, size);
  addGateway(draft);
  const entries = Math.round(size * 0.05);
  for (let i = 0; i < entries; i++) addEntry(draft, i);
  addApps(draft, size);
  const calls = drawCalls(draft, size);
  if (added > 0) grow(draft, calls, added);
  return finished(draft, calls);
}

function place(label: string): ClusterPlace {
  return { label, key: undefined, isDerived: false };
}

function addPlaces(draft: Draft, size: number): void {
  const labels = size > 100 ? ["eu", "us"] : ["eu"];
  const places = labels.map(place);
  for (const each of places) {
    draft.boxes.push({
      id: `box/${each.label}`,
      kind: "cluster",
      name: each.label,
      place: each,
      namespace: "",
      parent: undefined,
      state: "unknown",
    });
  }
  const names = teams.split(" ");
  for (let i = 0; i < Math.max(3, Math.round(size / 20)); i++) {
    const word = names[i % names.length] ?? "team";
    const name = i < names.length ? word : `${word}-${Math.floor(i / names.length) + 1}`;
    const parent = places.length > 1 && i % 3 === 2 ? 1 : 0;
    const where = places[parent] ?? place("eu");
    draft.boxes.push({
      id: `box/${where.label}/${name}`,
      kind: "namespace",
      name,
      place: where,
      namespace: name,
      parent,
      state: "unknown",
    });
    draft.namespaces.push({ box: draft.boxes.length - 1, name, place: where });
  }
}

function blank(kind: GraphNode["kind"], name: string, where: Draft["namespaces"][number]): GraphNode {
  return {
    id: `${kind}/${where.place.label}/${where.name}/${name}`,
    kind,
    place: where.place,
    namespace: where.name,
    name,
    app: undefined,
    version: undefined,
    replicas: undefined,
    state: "healthy",
    reasons: [],
    badges: [],
    labels: {},
    refs: [],
    box: where.box,
    rpsIn: NaN,
    rpsOut: NaN,
    errorRate: NaN,
    receivedBytesPerSecond: NaN,
    sentBytesPerSecond: NaN,
  };
}

function addGateway(draft: Draft): void {
  const where = draft.namespaces[0];
  if (where) draft.entries.push(draft.nodes.push(blank("gateway", "istio-ingressgateway", where)) - 1);
}

function addEntry(draft: Draft, index: number): void {
  const where = pick(draft.namespaces, draft.random);
  const host = `${pick(things.split(" "), draft.random)}-${index}.example.com`;
  draft.entries.push(draft.nodes.push(blank("serviceEntry", host, where)) - 1);
}

function addApps(draft: Draft, size: number): void {
  // Uneven: the square favours the first namespaces.
  while (draft.nodes.length < size) {
    const index = Math.floor(draft.random() ** 2 * draft.namespaces.length);
    addApp(draft, index, Math.min(size - draft.nodes.length, 2 + Math.floor(draft.random() * 3)));
  }
}

function addApp(draft: Draft, index: number, room: number): void {
  const { random } = draft;
  const where = draft.namespaces[index];
  if (!where) return;
  const thing = pick(things.split(" "), random);
  const part = pick(parts.split(" "), random);
  const name = `${thing}-${part}${draft.apps.length < 400 ? "" : `-${draft.apps.length}`}`;
  const known = draft.boxes.some((box) => box.kind === "app" && box.parent === where.box && box.name === name);
  const app = known ? `${name}-${draft.apps.length}` : name;
  const id = `box/${where.place.label}/${where.name}/${app}`;
  const { place: cluster, name: namespace, box: parent } = where;
  draft.boxes.push({ id, kind: "app", name: app, place: cluster, namespace, parent, state: "unknown" });
  const inApp = { ...where, box: draft.boxes.length - 1 };
  const service = draft.nodes.push({ ...blank("service", app, inApp), app }) - 1;
  const workloads: number[] = [];
  for (let version = 1; version < Math.max(2, room); version++) {
    if (room === 1) break;
    workloads.push(draft.nodes.push(workload(app, version, inApp, random)) - 1);
  }
  draft.apps.push({ service, workloads, namespace: index });
}

function workload(app: string, version: number, where: Draft["namespaces"][number], random: Random): GraphNode {
  const desired = 1 + Math.floor(random() * 6);
  const ready = random() < 0.04 ? Math.max(0, desired - 1) : desired;
  const badges: Badge[] = random() < 0.05 ? ["missingSidecar"] : random() < 0.06 ? ["ambient"] : [];
  return {
    ...blank("workload", `${app}-v${version}`, where),
    app,
    version: `v${version}`,
    replicas: { ready, desired },
    badges,
  };
}

interface Flow {
  readonly source: number;
  readonly target: number;
  readonly protocol: string;
  readonly rate: number;
  readonly errors: number;
  readonly isFirst: boolean;
}

function drawCalls(draft: Draft, size: number): Flow[] {
  const { random, apps } = draft;
  const flows = new Map<string, Flow>();
  const splits = apps.reduce((sum, app) => sum + app.workloads.length, 0);
  const wanted = Math.max(apps.length, Math.round(size * 2.5 - splits * 1.9));
  // Every call to an app makes the next one likelier.
  const urn = apps.map((_, index) => index);
  for (let tries = 0; flows.size < wanted && tries < wanted * 4; tries++) {
    const from = Math.floor(random() * apps.length);
    let to = urn[Math.floor(random() * urn.length)] ?? 0;
    if (random() < 0.55) to = nearby(draft, from) ?? to;
    const isBack = random() < 0.02;
    if (to === from || to > from !== isBack) continue;
    urn.push(to, to);
    const caller = pickFrom(apps[from]?.workloads, random);
    const target = apps[to]?.service;
    if (caller === undefined || target === undefined) continue;
    addFlow(flows, draft, caller, target);
  }
  for (const entry of draft.entries.slice(1)) {
    const caller = pickFrom(pick(apps, random).workloads, random);
    if (caller !== undefined) addFlow(flows, draft, caller, entry);
  }
  for (let i = 0; i < Math.max(2, size / 100); i++) {
    const target = apps[Math.floor(random() * Math.min(apps.length, 20))]?.service;
    if (target !== undefined) addFlow(flows, draft, 0, target);
  }
  return [...flows.values()];
}

function nearby(draft: Draft, from: number): number | undefined {
  const own = draft.apps[from]?.namespace;
  const near = draft.apps.flatMap((app, index) => (app.namespace === own && index !== from ? [index] : []));
  return near.length > 0 ? near[Math.floor(draft.random() * near.length)] : undefined;
}

function addFlow(flows: Map<string, Flow>, { random, nodes }: Draft, source: number, target: number): void {
  const isFaulty = random() < 0.08;
  const kinds = random() < 0.7 ? ["http"] : random() < 0.75 ? ["grpc"] : ["tcp"];
  if (random() < 0.08) kinds.push(kinds[0] === "http" ? "grpc" : "http");
  for (const protocol of kinds) {
    const isBytes = protocol === "tcp";
    const rate = 10 ** (random() * 3.6 - 1) * (isBytes ? 400 : 1);
    const isBad = isFaulty && nodes[target]?.kind === "service";
    const errors = isBytes ? NaN : isBad ? rate * (0.01 + random() * 0.25) : 0;
    const key = `${source}>${target}:${protocol}`;
    if (!flows.has(key)) flows.set(key, { source, target, protocol, rate, errors, isFirst: true });
  }
}

/** A service's calls, shared out over its workloads: sums of rates and errors stay what they were. */
function splitsOf(draft: Draft, calls: readonly Flow[]): Flow[] {
  const into = new Map<number, Map<string, { rate: number; errors: number }>>();
  for (const { target, protocol, rate, errors } of calls) {
    const byProtocol = into.get(target) ?? new Map<string, { rate: number; errors: number }>();
    const sum = byProtocol.get(protocol) ?? { rate: 0, errors: 0 };
    byProtocol.set(protocol, { rate: sum.rate + rate, errors: sum.errors + errors });
    into.set(target, byProtocol);
  }
  const splits: Flow[] = [];
  for (const { service, workloads } of draft.apps) {
    for (const [protocol, sum] of into.get(service) ?? []) {
      let [rate, errors] = [sum.rate, sum.errors];
      workloads.forEach((target, index) => {
        const isLast = index === workloads.length - 1;
        const part = isLast ? 1 : 0.6;
        splits.push({
          source: service,
          target,
          protocol,
          rate: rate * part,
          errors: errors * (isLast ? 1 : 0.2),
          isFirst: false,
        });
        rate *= 1 - part;
        errors *= isLast ? 0 : 0.8;
      });
    }
  }
  return splits;
}

function grow(draft: Draft, calls: Flow[], added: number): void {
  const before = draft.nodes.length;
  const flows = new Map<string, Flow>();
  while (draft.nodes.length < before + added) {
    const old = Math.floor(draft.random() * draft.apps.length);
    const app = draft.apps[old];
    const where = app && draft.namespaces[app.namespace];
    if (!app || !where) return;
    if (draft.random() < 0.5) {
      const [name, box] = [draft.nodes[app.service]?.name ?? "", draft.nodes[app.service]?.box ?? where.box];
      const next = workload(name, app.workloads.length + 1, { ...where, box }, draft.random);
      app.workloads.push(draft.nodes.push(next) - 1);
    } else {
      addApp(draft, app.namespace, Math.min(2, before + added - draft.nodes.length));
      const caller = pickFrom(app.workloads, draft.random);
      const target = draft.apps.at(-1)?.service;
      if (caller !== undefined && target !== undefined) addFlow(flows, draft, caller, target);
    }
  }
  calls.push(...flows.values());
}

function stateOf(errorRate: number): GraphNode["state"] {
  if (Number.isNaN(errorRate)) return "healthy";
  if (errorRate >= 0.1) return "failing";
  return errorRate >= 0.01 ? "degraded" : "healthy";
}

function edgeOf(flow: Flow, nodes: readonly GraphNode[], share: number, random: Random): GraphEdge {
  const isBytes = flow.protocol === "tcp";
  const errorRate = isBytes ? NaN : flow.errors / flow.rate;
  const p50 = isBytes ? NaN : 0.002 + random() * 0.08;
  const lacksMtls = random() < 0.02;
  return {
    id: `${nodes[flow.source]?.id ?? ""}>${nodes[flow.target]?.id ?? ""}:${flow.protocol}`,
    source: flow.source,
    target: flow.target,
    protocol: flow.protocol,
    rps: isBytes ? NaN : flow.rate,
    errorsPerSecond: flow.errors,
    errorRate,
    share,
    p50,
    p95: p50 * 3,
    p99: p50 * 6,
    sentBytesPerSecond: isBytes ? flow.rate : NaN,
    receivedBytesPerSecond: isBytes ? flow.rate * 3 : NaN,
    mtls: lacksMtls ? 0.5 : 1,
    state: stateOf(errorRate),
    lacksMtls,
    responseCodes: isBytes
      ? {}
      : { "200": flow.rate - flow.errors, ...(flow.errors > 0 ? { "503": flow.errors } : {}) },
    flags: isBytes ? { "-": flow.rate } : {},
    calls: [],
    isFirst: flow.isFirst,
  };
}

function finished(draft: Draft, calls: readonly Flow[]): TopologyGraph {
  const flows = [...calls, ...splitsOf(draft, calls)];
  const out = new Map<string, number>();
  for (const { source, protocol, rate } of flows) {
    const key = `${source}:${protocol}`;
    out.set(key, (out.get(key) ?? 0) + rate);
  }
  const shareOf = ({ source, protocol, rate }: Flow) => rate / (out.get(`${source}:${protocol}`) ?? NaN);
  const edges = flows.map((flow) => edgeOf(flow, draft.nodes, shareOf(flow), draft.random));
  const nodes = draft.nodes.map((node, index) => judged(node, index, edges));
  return { view: "versionedApp", nodes, boxes: boxesOf(draft.boxes, nodes), edges };
}

/** Edges by node are looked up once, since 10,000 times 25,000 comparisons would take seconds. */
const adjacency = new WeakMap<readonly GraphEdge[], Map<number, GraphEdge[]>>();

function edgesAt(edges: readonly GraphEdge[], node: number): readonly GraphEdge[] {
  let known = adjacency.get(edges);
  if (!known) {
    known = new Map();
    for (const edge of edges)
      for (const end of [edge.source, edge.target]) (known.get(end) ?? listAt(known, end)).push(edge);
    adjacency.set(edges, known);
  }
  return known.get(node) ?? [];
}

function listAt(map: Map<number, GraphEdge[]>, key: number): GraphEdge[] {
  const list: GraphEdge[] = [];
  map.set(key, list);
  return list;
}

function judged(node: GraphNode, index: number, edges: readonly GraphEdge[]): GraphNode {
  const own = edgesAt(edges, index);
  const incoming = own.filter((edge) => edge.target === index);
  const outgoing = own.filter((edge) => edge.source === index);
  const requests = (all: readonly GraphEdge[]) => total(all.map((edge) => edge.rps));
  const rpsIn = requests(incoming);
  const errors = total(incoming.map((edge) => edge.errorsPerSecond));
  const errorRate = rpsIn > 0 ? errors / rpsIn : NaN;
  const bytesIn = total(incoming.map((edge) => edge.sentBytesPerSecond));
  const isIdle = own.length === 0;
  const isShort = node.replicas !== undefined && node.replicas.ready < node.replicas.desired;
  const state = isIdle ? "idle" : isShort && stateOf(errorRate) === "healthy" ? "degraded" : stateOf(errorRate);
  const shifts = node.kind === "service" && outgoing.length > 1;
  return {
    ...node,
    state,
    reasons:
      state === "degraded" ? [say("{0} of {1} ready", node.replicas?.ready ?? 0, node.replicas?.desired ?? 0)] : [],
    badges: [...(shifts ? (["trafficShifting"] as const) : []), ...node.badges, ...(isIdle ? (["idle"] as const) : [])],
    rpsIn,
    rpsOut: requests(outgoing),
    errorRate,
    receivedBytesPerSecond: bytesIn,
    sentBytesPerSecond: total(outgoing.map((edge) => edge.sentBytesPerSecond)),
  };
}

function boxesOf(boxes: readonly GraphBox[], nodes: readonly GraphNode[]): GraphBox[] {
  const order = ["unknown", "idle", "healthy", "degraded", "failing"] as const;
  const worst = boxes.map(() => 0);
  for (const { box, state } of nodes) {
    for (let at = box; at !== undefined; at = boxes[at]?.parent) {
      worst[at] = Math.max(worst[at] ?? 0, order.indexOf(state));
    }
  }
  return boxes.map((box, index) => ({ ...box, state: order[worst[index] ?? 0] ?? "unknown" }));
}

/** Of what is known; NaN where nothing is. */
function total(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : NaN;
}

function pick<T>(all: readonly T[], random: Random): T {
  return all[Math.floor(random() * all.length)] as T;
}

function pickFrom(all: readonly number[] | undefined, random: Random): number | undefined {
  return all && all.length > 0 ? pick(all, random) : undefined;
}
