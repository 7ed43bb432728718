import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { FakeApiServer, sendJson, sendStatus, sourceAt } from "./fakeApiServer.ts";

const { signal } = new AbortController();
const verbs = ["get", "list", "watch"];
const found = (resource: string, kind: string, more: object = {}) => ({
  resource,
  responseKind: { group: "", version: "", kind },
  scope: "Namespaced",
  verbs,
  ...more,
});

const aggregated: Readonly<Record<string, unknown>> = {
  "/api": {
    kind: "APIGroupDiscoveryList",
    items: [
      {
        metadata: {},
        versions: [
          {
            version: "v1",
            resources: [
              found("pods", "Pod"),
              found("nodes", "Node", { scope: "Cluster" }),
              found("bindings", "Binding", { verbs: ["create"] }),
            ],
          },
        ],
      },
    ],
  },
  "/apis": {
    kind: "APIGroupDiscoveryList",
    items: [
      {
        metadata: { name: "networking.istio.io" },
        versions: [
          { version: "v1", freshness: "Current", resources: [found("virtualservices", "VirtualService")] },
          {
            version: "v1beta1",
            resources: [found("virtualservices", "VirtualService"), found("proxyconfigs", "ProxyConfig")],
          },
        ],
      },
      {
        metadata: { name: "metrics.k8s.io" },
        versions: [{ version: "v1beta1", freshness: "Stale", resources: [found("pods", "PodMetrics")] }],
      },
    ],
  },
};

const plain: Readonly<Record<string, unknown>> = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/api/v1": {
    resources: [
      { name: "pods", kind: "Pod", namespaced: true, verbs },
      { name: "pods/log", kind: "Pod", namespaced: true, verbs: ["get"] },
      { name: "nodes", kind: "Node", namespaced: false, verbs },
    ],
  },
  "/apis": {
    kind: "APIGroupList",
    groups: [
      {
        name: "networking.istio.io",
        versions: [{ version: "v1beta1" }, { version: "v1" }],
        preferredVersion: { version: "v1" },
      },
      { name: "broken.example.com", versions: [{ version: "v1" }], preferredVersion: { version: "v1" } },
    ],
  },
  "/apis/networking.istio.io/v1": {
    resources: [{ name: "virtualservices", kind: "VirtualService", namespaced: true, verbs }],
  },
  "/apis/networking.istio.io/v1beta1": {
    resources: ["virtualservices VirtualService", "proxyconfigs ProxyConfig"].map((both) => {
      const [name, kind] = both.split(" ");
      return { name, kind, namespaced: true, verbs };
    }),
  },
};

const istio = "networking.istio.io";
const expected = [
  { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true },
  { group: "", version: "v1", kind: "Node", plural: "nodes", namespaced: false },
  { group: istio, version: "v1", kind: "VirtualService", plural: "virtualservices", namespaced: true },
  { group: istio, version: "v1beta1", kind: "ProxyConfig", plural: "proxyconfigs", namespaced: true },
];

describe("the kinds of a server", () => {
  for (const [how, answers, requests] of [
    ["with aggregated discovery", aggregated, 2],
    ["without it", plain, 6],
  ] as const) {
    it(`${how} are those that can be listed, in their preferred versions, without groups that do not answer`, async () => {
      await using server = await FakeApiServer.start(({ response, url }) => {
        const answer = answers[url.pathname];
        if (answer === undefined) sendStatus(response, 503);
        else sendJson(response, answer);
      });
      assert.deepEqual(await sourceAt(server.url).kinds(signal), expected);
      assert.equal(server.asked.length, requests);
    });
  }

  it("are none where the server sends something else in JSON", async () => {
    await using server = await FakeApiServer.start(({ response }) =>
      sendJson(response, { items: [5, null, { versions: 7 }] }),
    );
    assert.deepEqual(await sourceAt(server.url).kinds(signal), []);
  });

  it("are refused with what the server says", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendStatus(response, 401));
    await assert.rejects(sourceAt(server.url).kinds(signal), { kind: "unauthorized" });
  });
});

describe("the identity of a cluster", () => {
  it("is the server's address where kube-system may not be read", async () => {
    await using server = await FakeApiServer.start(({ response, url }) => {
      if (url.pathname === "/version") sendJson(response, { gitVersion: "v1.36.3" });
      else sendStatus(response, 403);
    });
    assert.deepEqual(await sourceAt(server.url).identity(signal), { key: `${server.url}/`, version: "v1.36.3" });
  });

  it("needs a version", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, { metadata: { name: "x" } }));
    await assert.rejects(sourceAt(server.url).identity(signal), { kind: "bad-data" });
  });
});
