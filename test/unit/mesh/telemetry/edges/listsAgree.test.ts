import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { AmbientTraffic, Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { countOnce } from "../../../../../src/mesh/telemetry/edges/countOnce.ts";
import type { Summaries, TrafficRow } from "../../../../../src/mesh/telemetry/summaries.ts";
import { createDemoMesh } from "../../../../../src/sources/demo/demoMesh.ts";
import { systemClock } from "../../../../../src/sources/kubernetes/systemClock.ts";

const signal = new AbortController().signal;
const windowSeconds = 300;

interface Amounts {
  rps: number;
  received: number;
  sent: number;
}

function amountsOf(rows: readonly TrafficRow[]): ReadonlyMap<string, Amounts> {
  return new Map(
    rows.map(({ clusterId = "", namespace, name, requests, tcp }) => [
      `${clusterId}/${namespace}/${name}`,
      { rps: requests?.rps ?? 0, received: tcp?.receivedBytesPerSecond ?? 0, sent: tcp?.sentBytesPerSecond ?? 0 },
    ]),
  );
}

/** Calls summed by what they go to; bytes from that one's side. */
function summed(calls: readonly Call[], keyOf: (call: Call) => string | undefined): ReadonlyMap<string, Amounts> {
  const sums = new Map<string, Amounts>();
  for (const call of calls) {
    const key = keyOf(call);
    if (key === undefined) continue;
    const sum = sums.get(key) ?? { rps: 0, received: 0, sent: 0 };
    sum.rps += call.rps;
    sum.received += call.sentBytesPerSecond;
    sum.sent += call.receivedBytesPerSecond;
    sums.set(key, sum);
  }
  return sums;
}

function assertEqual(actual: ReadonlyMap<string, Amounts>, expected: ReadonlyMap<string, Amounts>): void {
  for (const [key, row] of expected) {
    const mine = actual.get(key) ?? { rps: 0, received: 0, sent: 0 };
    for (const field of ["rps", "received", "sent"] as const) {
      const off = Math.abs(mine[field] - row[field]);
      assert.ok(off <= 1e-6 * Math.max(1, row[field]), `${key} ${field}: ${mine[field]} instead of ${row[field]}`);
    }
  }
}

describe("the lists and the graph", () => {
  let calls: readonly Call[] = [];
  let summaries: Summaries | undefined;
  before(async () => {
    const demo = createDemoMesh({ clock: systemClock, historySeconds: 3600, services: 200 });
    const [cluster] = demo.clusters;
    assert.ok(cluster);
    const { source } = await demo.findTelemetry(cluster, signal);
    const atMillis = systemClock.now();
    const question = { windowSeconds, atMillis, namespaces: undefined };
    const answer = await source?.graph?.edges({ ...question, withIdle: false, latencyBy: [] }, signal);
    summaries = await source?.summaries(question, signal);
    assert.ok(answer);
    const store = { ...answer, sourceId: "demo", label: "Demo", homes: [] };
    const ambient: AmbientTraffic = "total";
    ({ calls } = await countOnce([store], { ambient }, { clock: systemClock, signal }));
  });

  it("agree on what each service gets", () => {
    const mine = summed(
      calls,
      ({ service }) => service && `${service.place.label}/${service.namespace}/${service.name}`,
    );
    assertEqual(mine, amountsOf(summaries?.services ?? []));
    assert.ok((summaries?.services.length ?? 0) > 100);
  });

  it("agree on what each workload gets", () => {
    const mine = summed(calls, ({ destination: to }) => to && `${to.place.label}/${to.namespace}/${to.workload}`);
    assertEqual(mine, amountsOf(summaries?.workloads ?? []));
  });

  it("agree on the sum of all requests to services", () => {
    const all = [...amountsOf(summaries?.services ?? []).values()].reduce((sum, { rps }) => sum + rps, 0);
    const mine = calls.reduce((sum, { service, rps }) => sum + (service && !isCatchAll(service.name) ? rps : 0), 0);
    assert.ok(Math.abs(all - mine) < 1e-6 * all, `${mine} instead of ${all}`);
  });
});

function isCatchAll(name: string): boolean {
  return /^(?:unknown|PassthroughCluster|BlackHoleCluster)$/.test(name);
}
