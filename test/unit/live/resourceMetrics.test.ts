import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readNodeMetrics, readPodMetrics } from "../../../src/mesh/live/resourceMetrics.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";

const now = Date.UTC(2026, 10, 1, 12, 0, 30);

function aPodMetrics(name: string, timestamp: string, ...containers: readonly unknown[]): KubeObject {
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind: "PodMetrics",
    metadata: { name, namespace: "shop" },
    timestamp,
    window: "15s",
    containers,
  };
}

describe("what metrics.k8s.io measured", () => {
  it("is cores and bytes by container", () => {
    const { rows } = readPodMetrics(
      [
        aPodMetrics(
          "cart-1",
          "2026-11-01T12:00:10Z",
          { name: "app", usage: { cpu: "12500000n", memory: "20480Ki" } },
          { name: "istio-proxy", usage: { cpu: "4m", memory: "52428800" } },
        ),
      ],
      now,
    );
    const pod = { namespace: "shop", name: "cart-1" };
    assert.deepEqual(rows, [
      { ...pod, container: "app", cores: 0.0125, memoryBytes: 20_971_520 },
      { ...pod, container: "istio-proxy", cores: 0.004, memoryBytes: 52_428_800 },
    ]);
  });

  it("is no data, and not 0, where it says nothing or nonsense", () => {
    const { rows } = readPodMetrics(
      [aPodMetrics("cart-1", "2026-11-01T12:00:10Z", { name: "app", usage: { memory: "lots" } })],
      now,
    );
    assert.deepEqual([rows[0]?.cores, rows[0]?.memoryBytes], [NaN, NaN]);
  });

  it("is as old as the oldest of it", () => {
    const pods = [aPodMetrics("a", "2026-11-01T12:00:20Z"), aPodMetrics("b", "2026-11-01T12:00:05Z")];
    assert.equal(readPodMetrics(pods, now).atMillis, Date.UTC(2026, 10, 1, 12, 0, 5));
  });

  it("is never of the future, and of now where no time is told", () => {
    assert.equal(readPodMetrics([aPodMetrics("a", "2026-11-01T13:00:00Z"), aPodMetrics("b", "?")], now).atMillis, now);
  });

  it("is one row without a container for a node", () => {
    const node: KubeObject = {
      apiVersion: "metrics.k8s.io/v1beta1",
      kind: "NodeMetrics",
      metadata: { name: "node-a" },
      timestamp: "2026-11-01T12:00:00Z",
      usage: { cpu: "1500m", memory: "2Gi" },
    };
    assert.deepEqual(readNodeMetrics(node, now), {
      rows: [{ namespace: "", name: "node-a", container: "", cores: 1.5, memoryBytes: 2_147_483_648 }],
      atMillis: Date.UTC(2026, 10, 1, 12),
    });
  });

  it("is read of any object without an exception", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (containers, timestamp) => {
        const object = { ...aPodMetrics("a", ""), containers, timestamp };
        return Number.isFinite(readPodMetrics([object], now).atMillis);
      }),
    );
  });
});
