import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describedObject } from "../../../../src/editor/resources/describedObject.ts";

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "reviews-0", namespace: "shop", labels: { app: "reviews", version: "v2" } },
  spec: { nodeName: "node-b", containers: [{ name: "app", image: "reviews:2" }] },
  status: { phase: "Running" },
};

describe("a described object", () => {
  it("says cluster, name and labels, then the fields by kubectl's words, then events", () => {
    const event = {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "e" },
      type: "Warning",
      reason: "BackOff",
      message: "Back-off\nrestarting",
      lastTimestamp: "2026-01-02T03:04:05Z",
      count: 3,
      source: { component: "kubelet" },
    };
    assert.equal(
      describedObject({ context: "prod-eu", object: pod, events: [event], noEvents: "None." }),
      `Context:                prod-eu
Name:                   reviews-0
Namespace:              shop
Kind:                   Pod (v1)
Labels:                 app=reviews
                        version=v2
Spec:
  Node Name:            node-b
  Containers:
    - Name:             app
      Image:            reviews:2
Status:
  Phase:                Running
Events:
  2026-01-02T03:04:05Z  Warning  BackOff  kubelet ×3  Back-off restarting
`,
    );
  });

  it("says so where there are no events", () => {
    const text = describedObject({ context: "prod-eu", object: pod, events: undefined, noEvents: "May not be read." });
    assert.match(text, /Events:\n {2}May not be read\.\n$/);
  });
});
