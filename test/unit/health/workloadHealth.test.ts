import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { nodeVerdict } from "../../../src/mesh/health/nodeHealth.ts";
import { serviceHealth, workloadsVerdict, workloadVerdict } from "../../../src/mesh/health/resourceHealth.ts";
import type { Verdict } from "../../../src/mesh/health/verdict.ts";
import { componentHealth, podHealth, podVerdict, workloadHealth } from "../../../src/mesh/health/workloadHealth.ts";
import type { NodeView, PodView, WorkloadView } from "../../../src/mesh/inventory/views.ts";
import { fill, say } from "../../../src/mesh/message.ts";
import { aPod, aService, aWorkload } from "../explorer/aWorld.ts";

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
    assert.deepEqual([lines.length, lines.at(-1)], [8, "495 more like these"]);
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

function aNode(name: string, over: Partial<NodeView> = {}): NodeView {
  const ref = { cluster: "uid-eu", group: "", kind: "Node", namespace: "", name };
  return {
    ...{ id: name, ref, isReady: true, pressures: [], isUnschedulable: false },
    ...{ allocatableCores: 4, allocatableBytes: 8e9, zone: undefined, addresses: [], ...over },
  };
}

describe("the verdict on what is above a node under pressure", () => {
  const pressed = aNode("node-a", { pressures: ["MemoryPressure"] });
  const onNodes = { ...judging, nodeOf: (_: string, name: string) => (name === "node-a" ? pressed : undefined) };
  const flowing: Verdict = { state: "healthy", reasons: [] };
  const lines = ({ state, reasons }: Verdict) => [state, ...reasons.map(fill)];

  it("is degraded for the pod on it", () => {
    assert.deepEqual(lines(podVerdict(aPod("p1"), onNodes)), [
      "degraded",
      "Pod p1 on node-a: the node is under memory pressure",
    ]);
  });

  it("leaves a workload well whose pods are ready and answer, and tells of the pressure", () => {
    const workload = aWorkload("w", { pods: [aPod("p1")] });
    assert.deepEqual(lines(workloadVerdict(workload, flowing, onNodes)), [
      "healthy",
      "Pod p1 on node-a: the node is under memory pressure",
    ]);
  });

  it("tells once of many pods on the same node", () => {
    const workload = aWorkload("w", { pods: [aPod("p1"), aPod("p2"), aPod("p3")] });
    assert.deepEqual(lines(workloadVerdict(workload, flowing, onNodes)), [
      "healthy",
      "3 pods on node-a: the node is under memory pressure",
    ]);
  });

  it("is degraded for a workload of which it evicted a pod, though that was replaced", () => {
    const evicted = aPod("p1", { phase: "Failed", isReady: false, reason: "Evicted" });
    const workload = aWorkload("w", { pods: [evicted, aPod("p2", { node: "node-b" })] });
    assert.deepEqual(lines(workloadVerdict(workload, flowing, onNodes)), ["degraded", "Pod p1 on node-a: Evicted"]);
  });

  it("leaves a service well and tells of the pressure, and of the pod that ran out of memory", () => {
    const oom = aPod("p2", { reason: "OOMKilled", reasonAt: minutesAgo(5), node: "node-b" });
    const backend = aWorkload("w", { replicas: { desired: 2, ready: 2 }, pods: [aPod("p1"), oom] });
    assert.deepEqual(lines(serviceHealth(aService("reviews"), [backend], flowing, onNodes)), [
      "healthy",
      "Pod p2 on node-b: OOMKilled",
      "Pod p1 on node-a: the node is under memory pressure",
    ]);
  });

  it("is the worst of an app's workloads, with the pressure below each", () => {
    const well = aWorkload("w1", { pods: [aPod("p1")] });
    const short = aWorkload("w2", { replicas: { desired: 2, ready: 1 }, pods: [aPod("p2", { node: "node-b" })] });
    assert.deepEqual(lines(workloadsVerdict([well, short], flowing, onNodes)), [
      "degraded",
      "1 of 2 ready",
      "Pod p1 on node-a: the node is under memory pressure",
    ]);
  });

  it("is what a third party says of a node that is well by itself", () => {
    const notes = () => [{ words: say("Fan is broken"), severity: "warning" as const }];
    assert.deepEqual(lines(nodeVerdict(aNode("node-b"), { notes })), ["degraded", "Fan is broken"]);
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
