import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed } from "./feeding.ts";

const annotation = "health.kiali.io/rate";
const rate = "5xx,20,40,http,inbound";
const rated = { annotations: { [annotation]: rate } };

function aPod(body: { readonly spec?: object; readonly status?: object } = {}): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name: "cart-1", namespace: "shop" }, ...body };
}

function podOf(pod: KubeObject) {
  const [workload] = feed(anInventory(), [pod]).workloads();
  return workload?.pods[0];
}

const limited = {
  containers: [
    { name: "app", resources: { limits: { memory: "256Mi" } } },
    { name: "istio-proxy", resources: { limits: { memory: "1Gi" } } },
  ],
};
const killed = { terminated: { reason: "OOMKilled", finishedAt: "2026-11-01T10:00:00Z" } };

describe("what became of a pod", () => {
  it("names the container that ran out of memory, and its own limit in bytes", () => {
    const status = {
      phase: "Running",
      containerStatuses: [
        { name: "app", state: { running: {} } },
        { name: "istio-proxy", state: { running: {} }, lastState: killed },
      ],
    };
    const pod = podOf(aPod({ spec: limited, status }));
    assert.equal(pod?.reason, "OOMKilled");
    assert.equal(pod.container, "istio-proxy");
    assert.equal(pod.memoryLimitBytes, 1_073_741_824);
    assert.equal(pod.reasonAt, "2026-11-01T10:00:00Z");
  });

  it("has no limit where the container has none", () => {
    const status = { containerStatuses: [{ name: "app", lastState: killed }] };
    const pod = podOf(aPod({ spec: { containers: [{ name: "app" }] }, status }));
    assert.equal(pod?.container, "app");
    assert.equal("memoryLimitBytes" in pod, false);
  });

  it("names the container that waits, without a limit that has nothing to do with it", () => {
    const status = { containerStatuses: [{ name: "app", state: { waiting: { reason: "ImagePullBackOff" } } }] };
    const pod = podOf(aPod({ spec: limited, status }));
    assert.equal(pod?.container, "app");
    assert.equal("memoryLimitBytes" in pod, false);
  });

  it("names no container where the reason is the pod's own", () => {
    const pod = podOf(aPod({ spec: limited, status: { phase: "Failed", reason: "Evicted" } }));
    assert.equal(pod?.reason, "Evicted");
    assert.equal("container" in pod, false);
  });
});

describe("the annotation of tolerated failures", () => {
  const service = (metadata: object): KubeObject => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "cart", namespace: "shop", ...metadata },
    spec: { selector: { app: "cart" } },
  });
  const deployment = (metadata: object, template: object): KubeObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "cart", namespace: "shop", ...metadata },
    spec: { template: { metadata: template } },
  });
  const rateOf = (object: KubeObject) => {
    const inventory = feed(anInventory(), [object]);
    return [...inventory.services(), ...inventory.workloads()][0]?.healthRate;
  };

  it("is read of a service as it is written", () => assert.equal(rateOf(service(rated)), rate));

  it("is read of a workload", () => assert.equal(rateOf(deployment(rated, {})), rate));

  it("is read of a workload's template", () => assert.equal(rateOf(deployment({}, rated)), rate));

  it("is the workload's own where its template has another one", () => {
    assert.equal(
      rateOf(deployment({ annotations: { [annotation]: "404,1,2,http,inbound" } }, rated)),
      "404,1,2,http,inbound",
    );
  });

  it("is absent where nobody wrote it, or no text", () => {
    assert.equal(rateOf(service({})), undefined);
    assert.equal(rateOf(service({ annotations: { [annotation]: 5 } })), undefined);
  });
});
