import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import { meshesOf } from "../../../src/mesh/inventory/meshes/meshes.ts";
import { meshServicesOf } from "../../../src/mesh/inventory/meshes/meshServices.ts";
import type { MeshView } from "../../../src/mesh/inventory/views.ts";
import { fill } from "../../../src/mesh/message.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, fixture } from "./feeding.ts";

function pair(name: string): readonly ClusterInventory[] {
  return [1, 2].map((number) => feed(anInventory(`uid-${number}`), fixture(`${name}-${number}`)));
}

function only(meshes: readonly MeshView[]): MeshView {
  const [mesh, ...others] = meshes;
  assert.ok(mesh);
  assert.deepEqual(others, []);
  return mesh;
}

interface Primary {
  readonly clusterId?: string;
  readonly watches?: readonly string[];
  readonly roots?: readonly string[];
  readonly config?: string;
  readonly admits?: string;
}

/** A cluster with an istiod of its own, named "uid-<number>". */
function primary(number: number, options: Primary): ClusterInventory {
  const { clusterId = `cluster${number}`, watches = [], roots = [], config = "{}", admits } = options;
  const namespace = "istio-system";
  const bundle = roots.map((root) => `-----BEGIN CERTIFICATE-----\n${root}\n-----END CERTIFICATE-----\n`).join("");
  const annotations = admits === undefined ? {} : { "topology.istio.io/controlPlaneClusters": admits };
  const objects: KubeObject[] = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, annotations } },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "istiod", namespace, labels: { app: "istiod", "istio.io/rev": "default" } },
      spec: {
        template: {
          spec: {
            containers: [
              { name: "discovery", image: "istio/pilot:1.29.1", env: [{ name: "CLUSTER_ID", value: clusterId }] },
            ],
          },
        },
      },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "istio", namespace }, data: { mesh: config } },
    ...watches.map((id) => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `istio-remote-secret-${id}`, namespace, labels: { "istio/multiCluster": "true" } },
    })),
  ];
  if (bundle !== "") {
    const metadata = { name: "istio-ca-root-cert", namespace };
    objects.push({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { "root-cert.pem": bundle } });
  }
  return feed(anInventory(`uid-${number}`), objects);
}

function joined(a: Primary, b: Primary): boolean {
  return meshesOf([primary(1, a), primary(2, b)]).length === 1;
}

describe("topologies are told apart", () => {
  test("multi-primary", () => {
    const mesh = only(meshesOf(pair("topology-multi-primary")));
    assert.equal(mesh.topology, "multi-primary");
    assert.deepEqual(
      mesh.clusters.map(({ role, network }) => [role, network]),
      [
        ["primary", "network1"],
        ["primary", "network2"],
      ],
    );
    assert.deepEqual(mesh.problems, []);
    assert.equal(mesh.name, "mesh1");
  });

  test("primary-remote", () => {
    const mesh = only(meshesOf(pair("topology-primary-remote")));
    assert.equal(mesh.topology, "primary-remote");
    assert.deepEqual(
      mesh.clusters.map(({ role, clusterId, network }) => [role, clusterId, network]),
      [
        ["primary", "cluster1", "network1"],
        ["remote", "cluster2", "network2"],
      ],
    );
  });

  test("external", () => {
    const host = feed(anInventory("uid-1"), fixture("control-plane-external-host"));
    const remote = feed(anInventory("uid-2"), fixture("control-plane-external-remote"));
    const mesh = only(meshesOf([host, remote]));
    assert.equal(mesh.topology, "external");
    assert.deepEqual(
      mesh.clusters.map(({ role }) => role),
      ["external", "remote"],
    );
  });

  test("ambient multi-network", () => {
    assert.equal(only(meshesOf(pair("topology-ambient"))).topology, "ambient-multi-network");
  });

  test("a lone cluster is a mesh by itself", () => {
    const mesh = only(meshesOf([feed(anInventory(), fixture("control-plane-1.24"))]));
    assert.deepEqual([mesh.topology, mesh.name], ["single", "cluster.local"]);
  });

  test("one half of a bigger mesh does not claim to be all of it", () => {
    const [first] = pair("topology-multi-primary");
    assert.ok(first);
    assert.equal(only(meshesOf([first])).topology, "unknown");
  });

  test("the east-west gateways have that role", () => {
    const [first] = pair("topology-multi-primary");
    assert.deepEqual(
      first?.view().gateways.map(({ role }) => role),
      ["east-west"],
    );
  });
});

describe("clusters are one mesh", () => {
  test("when they watch each other, even with nothing else in common", () => {
    assert.equal(joined({ watches: ["cluster2"] }, { watches: ["cluster1"] }), true);
  });

  test("when one watches the other and nothing speaks against it", () => {
    assert.equal(joined({ watches: ["cluster2"] }, {}), true);
  });

  test("when one watches the other, which admits it, whatever their roots", () => {
    assert.equal(joined({ watches: ["cluster2"], roots: ["a"] }, { admits: "cluster1", roots: ["b"] }), true);
  });

  test("when they trust a common root and one trust domain", () => {
    assert.equal(joined({ roots: ["a", "old"] }, { roots: ["b", "old"] }), true);
  });

  test("when they share a mesh ID that somebody set", () => {
    const config = "defaultConfig: { meshId: mesh1 }";
    assert.equal(joined({ config }, { config }), true);
  });

  test("when they share a trust domain that somebody set", () => {
    const config = "trustDomain: corp.example";
    assert.equal(joined({ config }, { config }), true);
  });

  test("when a third one joins them", () => {
    const meshes = meshesOf([
      primary(1, { watches: ["cluster3"] }),
      primary(2, { watches: ["cluster3"] }),
      primary(3, {}),
    ]);
    assert.equal(meshes.length, 1);
  });
});

describe("clusters are meshes of their own", () => {
  test("when only the default trust domain is common to them", () => {
    assert.equal(joined({}, {}), false);
  });

  test("when both have the default trust domain and roots of their own", () => {
    assert.equal(joined({ roots: ["a"] }, { roots: ["b"] }), false);
  });

  test("when one watches a cluster of the other's name, but their roots have nothing in common", () => {
    assert.equal(joined({ watches: ["cluster2"], roots: ["a"] }, { roots: ["b"] }), false);
  });

  test("when they share a root and have different mesh IDs", () => {
    const a = { roots: ["corp"], config: "defaultConfig: { meshId: dev }" };
    const b = { roots: ["corp"], config: "defaultConfig: { meshId: prod }" };
    assert.equal(joined(a, b), false);
  });

  test("when they share a root and have different trust domains", () => {
    const a = { roots: ["corp"], config: "trustDomain: dev.example" };
    const b = { roots: ["corp"], config: "trustDomain: prod.example" };
    assert.equal(joined(a, b), false);
  });

  test("when a secret names an ID that several of them have", () => {
    const meshes = meshesOf([
      primary(1, { clusterId: "hub", watches: ["Kubernetes"] }),
      primary(2, { clusterId: "Kubernetes" }),
      primary(3, { clusterId: "Kubernetes" }),
    ]);
    assert.equal(meshes.length, 3);
  });
});

describe("problems of a mesh", () => {
  test("two clusters with the same ID, such as the default one", () => {
    const config = "defaultConfig: { meshId: mesh1 }";
    const mesh = only(
      meshesOf([primary(1, { clusterId: "Kubernetes", config }), primary(2, { clusterId: "Kubernetes", config })]),
    );
    assert.deepEqual(
      mesh.problems.map((problem) => fill(problem.words)),
      [
        "Clusters ctx-uid-1, ctx-uid-2 have the same cluster ID Kubernetes: Istio cannot tell their endpoints and numbers apart.",
      ],
    );
  });

  test("two clusters that watch each other and trust no common root", () => {
    const mesh = only(
      meshesOf([
        primary(1, { watches: ["cluster2"], roots: ["a"] }),
        primary(2, { watches: ["cluster1"], roots: ["b"] }),
      ]),
    );
    assert.deepEqual(
      mesh.problems.map((problem) => [problem.severity, fill(problem.words)]),
      [
        [
          "error",
          "Clusters ctx-uid-1 and ctx-uid-2 are in one mesh but trust no common root certificate: mTLS between them fails.",
        ],
      ],
    );
  });

  test("none while a rotation leaves one root in common", () => {
    assert.deepEqual(only(meshesOf(pair("topology-multi-primary"))).problems, []);
  });
});

describe("the services of a mesh", () => {
  test("are one for each namespace and name, with a member for each cluster", () => {
    const inventories = pair("topology-multi-primary");
    const services = meshServicesOf(only(meshesOf(inventories)), inventories);
    assert.deepEqual(
      services.map(({ namespace, name, members }) => [namespace, name, members.map(({ ref }) => ref.cluster)]),
      [
        ["shop", "cart", ["uid-1", "uid-2"]],
        ["shop", "web", ["uid-1"]],
      ],
    );
  });

  test("are counted once, however many clusters have them", () => {
    assert.equal(only(meshesOf(pair("topology-multi-primary"))).services.all, 2);
  });

  test("of two meshes are not mixed", () => {
    const inventories = [primary(1, {}), primary(2, {})];
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "cart", namespace: "shop" } };
    for (const inventory of inventories) inventory.upsert("services", [service]);
    const members = meshesOf(inventories).map((mesh) =>
      meshServicesOf(mesh, inventories).map((meshService) => meshService.members.length),
    );
    assert.deepEqual(members, [[1], [1]]);
  });
});

test("a mesh that did not change keeps its identity", () => {
  const inventories = pair("topology-multi-primary");
  const before = meshesOf(inventories);
  const [first] = inventories;
  first?.upsert("services", [{ apiVersion: "v1", kind: "Service", metadata: { name: "cart", namespace: "shop" } }]);
  const after = meshesOf(inventories, before);
  assert.equal(after[0], before[0]);
});
