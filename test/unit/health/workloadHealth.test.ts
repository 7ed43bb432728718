import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { componentHealth, podHealth, workloadHealth } from "../../../src/mesh/health/workloadHealth.ts";
import type { NodeView, PodView, WorkloadView } from "../../../src/mesh/inventory/views.ts";
import { fill, say } from "../../../src/mesh/message.ts";
import { aPod, aWorkload } from "../explorer/aWorld.ts";

const now = Date.parse("2026-08-01T12:00:00Z");
const judging = { format: createFormat("en"), nowMillis: now };

function minutesAgo(minutes: number): string {
  return new Date(now - minutes * 60_000).toISOString();
}

function verdictOn(over: Partial<WorkloadView> & { kind?: string }): readonly string[] {
  const { state, reasons } = workloadHealth(aWorkload("reviews-v2", over), judging);
  return [state, ...reasons.map(fill)];
}

describe("the verdict on a workload", () => {
  it("is healthy where all replicas are ready", () => {
    assert.deepEqual(verdictOn({ replicas: { desired: 3, ready: 3 } }), ["healthy"]);
  });

  it("is healthy with more ready than wanted, as during a rollout", () => {
    assert.deepEqual(verdictOn({ replicas: { desired: 3, ready: 4 } }), ["healthy"]);
  });

  it("is degraded where some replicas are not ready", () => {
    assert.deepEqual(verdictOn({ replicas: { desired: 3, ready: 2 } }), ["degraded", "2 of 3 ready"]);
  });

  it("is failing where none is ready", () => {
    assert.deepEqual(verdictOn({ replicas: { desired: 3, ready: 0 } }), ["failing", "0 of 3 ready"]);
  });

  it("is idle where somebody scaled it to nothing", () => {
    assert.deepEqual(verdictOn({ replicas: { desired: 0, ready: 0 } }), ["idle", "Scaled to 0"]);
  });

  it("is degraded by a pod that ran out of memory, though all are ready", () => {
    const pods = [aPod("p1", { reason: "OOMKilled", node: "node-b" })];
    assert.deepEqual(verdictOn({ pods }), ["degraded", "Pod p1 on node-b: OOMKilled"]);
  });

  it("does not mind memory that ran out an hour and more ago, once the pod is ready again", () => {
    const pods = [aPod("p1", { reason: "OOMKilled", reasonAt: minutesAgo(61) })];
    const problems = [{ severity: "warning" as const, words: say("Out of memory"), happenedAt: minutesAgo(61) }];
    assert.deepEqual(verdictOn({ pods, problems }), ["healthy"]);
  });

  it("keeps minding memory that ran out long ago while the pod is not ready", () => {
    const pods = [aPod("p1", { reason: "OOMKilled", reasonAt: minutesAgo(61), isReady: false })];
    assert.deepEqual(verdictOn({ pods, replicas: { desired: 2, ready: 1 } }), [
      "degraded",
      "1 of 2 ready",
      "Pod p1 on node-a: OOMKilled",
    ]);
  });

  it("does not mind evicted pods that were replaced", () => {
    const pods = [aPod("p1", { phase: "Failed", isReady: false, reason: "Evicted" }), aPod("p2")];
    assert.deepEqual(verdictOn({ pods }), ["healthy"]);
  });

  it("takes over the problems that the inventory found", () => {
    const problems = [{ severity: "error" as const, words: say("Out of memory") }];
    assert.deepEqual(verdictOn({ problems }), ["failing", "Out of memory"]);
  });

  it("names a few pods of many", () => {
    const pods = Array.from({ length: 500 }, (_, i) => aPod(`p${i}`, { reason: "CrashLoopBackOff", isReady: false }));
    const lines = verdictOn({ pods, replicas: { desired: 500, ready: 0 } });
    assert.deepEqual([lines.length, lines.at(-1)], [8, "495 more pods are in trouble"]);
  });

  it("is idle where all pods of a job have ended well", () => {
    const pods = [aPod("p1", { phase: "Succeeded", isReady: false })];
    assert.deepEqual(verdictOn({ kind: "Job", pods, replicas: { desired: 1, ready: 0 } }), ["idle"]);
  });

  it("is degraded where a try of a job failed", () => {
    const pods = [aPod("p1", { phase: "Failed", isReady: false, reason: "Error" })];
    assert.deepEqual(verdictOn({ kind: "Job", pods, replicas: { desired: 1, ready: 0 } }), [
      "degraded",
      "Pod p1 on node-a: Error",
    ]);
  });
});

describe("the verdict on a workload above a node", () => {
  it("is degraded by the node's pressure, which it names with the pod", () => {
    const ref = { cluster: "uid-eu", group: "", kind: "Node", namespace: "", name: "node-a" };
    const node: NodeView = {
      ...{ id: "n", ref, isReady: true, pressures: ["MemoryPressure"], isUnschedulable: false },
      ...{ allocatableCores: 4, allocatableBytes: 8e9, zone: undefined, addresses: [] },
    };
    const nodeOf = (_: string, name: string) => (name === "node-a" ? node : undefined);
    const { state, reasons } = workloadHealth(aWorkload("w", { pods: [aPod("p1")] }), { ...judging, nodeOf });
    assert.deepEqual(
      [state, ...reasons.map(fill)],
      ["degraded", "Pod p1 on node-a: the node is under memory pressure"],
    );
  });
});

describe("the verdict on a pod", () => {
  const cases: readonly [string, Partial<PodView>, string][] = [
    ["ready", {}, "healthy"],
    ["starting", { isReady: false, phase: "Pending" }, "degraded"],
    ["in a crash loop", { isReady: false, reason: "CrashLoopBackOff" }, "failing"],
    ["restarted after it ran out of memory", { reason: "OOMKilled", reasonAt: minutesAgo(59) }, "degraded"],
    ["restarted after it ran out of memory long ago", { reason: "OOMKilled", reasonAt: minutesAgo(61) }, "healthy"],
    ["restarted after it ran out of memory, nobody knows when", { reason: "OOMKilled" }, "degraded"],
    ["evicted", { isReady: false, phase: "Failed", reason: "Evicted" }, "failing"],
    ["ended well", { isReady: false, phase: "Succeeded" }, "idle"],
    ["on a node that is silent", { isReady: false, phase: "Unknown" }, "unknown"],
  ];
  for (const [what, pod, state] of cases) {
    it(`is ${state} for one that is ${what}`, () => {
      assert.equal(podHealth(aPod("p", pod), now), state);
    });
  }
});

describe("the verdict on a component", () => {
  it("is unknown where it runs elsewhere and nothing troubles it", () => {
    assert.equal(componentHealth(undefined, [], judging).state, "unknown");
  });

  it("is no longer troubled by what happened an hour and more ago", () => {
    const problem = { severity: "warning" as const, words: say("Out of memory"), happenedAt: minutesAgo(61) };
    assert.equal(componentHealth({ desired: 1, ready: 1 }, [problem], judging).state, "healthy");
  });

  it("is degraded by a warning", () => {
    const problem = { severity: "warning" as const, words: say("Old") };
    assert.equal(componentHealth({ desired: 1, ready: 1 }, [problem], judging).state, "degraded");
  });
});
