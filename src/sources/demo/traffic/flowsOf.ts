import {
  idOf,
  workloadId,
  type CallPlan,
  type ExternalPlan,
  type WorkloadPlan,
  type World,
} from "../world/blueprint.ts";
import type { WorldIndex } from "../world/worldIndex.ts";
import { logNormal, mixed, shifted, type Masses } from "./buckets.ts";
import type { Flow } from "./flow.ts";
import { answersOf } from "./answers.ts";
import { splitTraffic, type Split } from "./splitTraffic.ts";
import { noConfig, type TrafficConfig } from "./trafficConfig.ts";
import { moodOf, moods } from "./waves.ts";

interface Way {
  readonly call: CallPlan;
  readonly from: WorkloadPlan;
  readonly protocol: Flow["protocol"];
  readonly splits: readonly Split[];
}

/** A delay that some of a workload's requests suffer because of what it calls. */
interface Extra {
  readonly seconds: number;
  readonly share: number;
}

/** All flows of the world under one configuration for each cluster. */
export function flowsOf(world: World, index: WorldIndex, configs: ReadonlyMap<string, TrafficConfig>): readonly Flow[] {
  const ways = waysOf(world, index, configs);
  const order = callersFirst(world, ways);
  const extras = extrasOf(order, ways);
  const flows: Flow[] = [];
  const inbound = new Map<string, Float64Array>();
  for (const id of order) {
    for (const way of ways.get(id) ?? []) {
      const rates = demandOf(world, way.call, inbound.get(id));
      for (const split of way.splits) {
        const part = rates.map((rate) => rate * split.share);
        flows.push(...flowsThrough(index, way, { split, rates: part, extras }));
        if (split.to && way.protocol !== "tcp") add(inbound, idOf(split.to), part);
      }
    }
  }
  return flows;
}

function waysOf(
  world: World,
  index: WorldIndex,
  configs: ReadonlyMap<string, TrafficConfig>,
): ReadonlyMap<string, readonly Way[]> {
  const ways = new Map<string, Way[]>();
  for (const call of world.calls) {
    const id = workloadId(call.cluster, call.from.namespace, call.from.workload);
    const from = index.workloads.get(id);
    if (!from) throw new Error(`The demo world has a call from ${id}, which it does not have.`);
    const { namespace, service } = call.to;
    const external = index.externals.get(`${namespace}/${service}`);
    const member = index.services.get(`${namespace}/${service}`)?.[0];
    const protocol = external?.port.protocol ?? member?.ports.find((port) => port.port === call.to.port)?.protocol;
    if (!protocol) throw new Error(`The demo world has a call to ${namespace}/${service}, which it does not have.`);
    const edge = { cluster: call.cluster, isFromGateway: from.plane === "gateway", namespace, service, protocol };
    const obeys = from.plane === "sidecar" || from.plane === "gateway" || member?.waypoint !== undefined;
    const config = (obeys ? configs.get(call.cluster) : undefined) ?? noConfig;
    const splits = external ? [outside(external)] : splitTraffic(config, index, edge);
    // A waypoint's copies are left out: nobody names the caller of those.
    const sent = from.plane === "ambient" ? splits.filter((split) => !split.isMirror) : splits;
    const there = ways.get(id);
    if (there) there.push({ call, from, protocol, splits: sent });
    else ways.set(id, [{ call, from, protocol, splits: sent }]);
  }
  return ways;
}

function outside({ namespace, host: service, port, code = 200 }: ExternalPlan): Split {
  const answer = { code: port.protocol === "tcp" ? 0 : code, grpcStatus: undefined, flags: "-", delaySeconds: 0 };
  return { share: 1, namespace, service, to: undefined, isMirror: false, ...answer };
}

// Kahn's order. What is left when configuration has made a loop goes last: a loop's second round is not followed.
function callersFirst(world: World, ways: ReadonlyMap<string, readonly Way[]>): readonly string[] {
  const waiting = new Map<string, number>(world.workloads.map((plan) => [idOf(plan), 0]));
  const targets = (id: string) =>
    (ways.get(id) ?? []).flatMap((way) => way.splits.flatMap((s) => (s.to ? [idOf(s.to)] : [])));
  for (const id of waiting.keys()) for (const to of targets(id)) waiting.set(to, (waiting.get(to) ?? 0) + 1);
  const order = [...waiting].flatMap(([id, count]) => (count === 0 ? [id] : []));
  for (const id of order) {
    for (const to of targets(id)) {
      const left = (waiting.get(to) ?? 0) - 1;
      waiting.set(to, left);
      if (left === 0) order.push(to);
    }
  }
  const done = new Set(order);
  return [...order, ...[...waiting.keys()].filter((id) => !done.has(id))];
}

function extrasOf(
  order: readonly string[],
  ways: ReadonlyMap<string, readonly Way[]>,
): ReadonlyMap<string, readonly Extra[]> {
  const extras = new Map<string, readonly Extra[]>();
  for (const id of order.toReversed()) {
    const bySeconds = new Map<number, number>();
    const suffer = (seconds: number, share: number) => bySeconds.set(seconds, (bySeconds.get(seconds) ?? 0) + share);
    for (const { call, splits } of ways.get(id) ?? []) {
      const asked = Math.min(1, call.perRequest);
      for (const split of splits) {
        if (split.isMirror) continue;
        if (split.delaySeconds > 0) suffer(split.delaySeconds, asked * split.share);
        const further = split.to ? (extras.get(idOf(split.to)) ?? []) : [];
        for (const extra of further) suffer(extra.seconds, asked * split.share * extra.share);
      }
    }
    if (bySeconds.size === 0) continue;
    const total = [...bySeconds.values()].reduce((sum, share) => sum + share, 0);
    const scale = Math.min(1, 1 / total);
    extras.set(
      id,
      [...bySeconds].map(([seconds, share]) => ({ seconds, share: share * scale })),
    );
  }
  return extras;
}

function demandOf(world: World, call: CallPlan, inbound: Float64Array | undefined): Float64Array {
  const rates = new Float64Array(world.demands * moods.length);
  if (call.demand) {
    const first = call.demand.index * moods.length;
    rates[first] = call.demand.perSecond * 0.8;
    rates[first + 1] = call.demand.perSecond * 0.2;
  } else if (inbound) {
    for (const [i, rate] of inbound.entries()) rates[i] = rate * call.perRequest;
  }
  return rates;
}

function add(inbound: Map<string, Float64Array>, id: string, rates: Float64Array): void {
  const sum = inbound.get(id);
  if (!sum) inbound.set(id, rates.slice());
  else for (const [i, rate] of rates.entries()) sum[i] = (sum[i] ?? 0) + rate;
}

interface Passing {
  readonly split: Split;
  readonly rates: Float64Array;
  readonly extras: ReadonlyMap<string, readonly Extra[]>;
}

function flowsThrough(index: WorldIndex, way: Way, { split, rates, extras }: Passing): Flow[] {
  const { call, from, protocol } = way;
  const { namespace, service, to } = split;
  const cluster = to?.cluster ?? from.cluster;
  const member = index.services.get(`${namespace}/${service}`)?.find((plan) => plan.cluster === cluster);
  const passes = from.plane === "ambient" && member?.waypoint !== undefined;
  const external = index.externals.get(`${namespace}/${service}`);
  const shared = {
    from,
    namespace,
    service,
    to,
    external,
    cluster,
    waypoint: passes ? index.workloads.get(workloadId(cluster, namespace, member.waypoint)) : undefined,
    protocol,
    requestBytes: call.requestBytes,
    responseBytes: call.responseBytes,
    isMirrored: split.isMirror,
  };
  return answersOf(split, protocol).map((answer): Flow => {
    const median = (to?.medianMillis ?? external?.medianMillis ?? 0.4) * answer.slowness;
    const own = to ? (extras.get(idOf(to)) ?? []) : [];
    const millis: [Masses, Masses] = [timesOf(median, own), timesOf(median * 1.9, own)];
    const delay = split.delaySeconds * 1000;
    return {
      ...shared,
      code: answer.code,
      grpcStatus: answer.grpcStatus,
      sourceFlags: answer.sourceFlags,
      destinationFlags: answer.destinationFlags,
      rates: rates.map((rate, basis) => rate * answer.share[moodOf(basis)]),
      pods: answer.pods,
      millis,
      sourceMillis: delay > 0 ? [shifted(millis[0], delay), shifted(millis[1], delay)] : millis,
    };
  });
}

function timesOf(medianMillis: number, extras: readonly Extra[]): Masses {
  const base = logNormal(medianMillis, 0.65);
  if (extras.length === 0) return base;
  const spared = 1 - extras.reduce((sum, extra) => sum + extra.share, 0);
  const parts = extras.map(({ seconds, share }) => ({ masses: shifted(base, seconds * 1000), share }));
  return mixed([{ masses: base, share: spared }, ...parts]);
}
