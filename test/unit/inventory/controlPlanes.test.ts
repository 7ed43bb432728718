import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ClusterView, ControlPlane, Problem } from "../../../src/mesh/inventory/views.ts";
import { fill } from "../../../src/mesh/message.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, fixture, nameOf } from "./feeding.ts";

function viewOf(name: string): ClusterView {
  return feed(anInventory(), fixture(name)).view();
}

function onlyPlane(view: ClusterView): ControlPlane {
  const [plane, ...others] = view.controlPlanes;
  assert.ok(plane);
  assert.deepEqual(others, []);
  return plane;
}

function words(problems: readonly Problem[]): readonly string[] {
  return problems.map((problem) => fill(problem.words));
}

const isDefault = true;

describe("Istio 1.5, the first istiod", () => {
  test("has a version and no revision", () => {
    const { version, revision, vendorBuild, tags } = onlyPlane(viewOf("control-plane-1.5"));
    assert.deepEqual(
      { version, revision, vendorBuild, tags },
      { version: "1.5.10", revision: undefined, vendorBuild: false, tags: [] },
    );
  });

  test("owns the proxies, which name no revision", () => {
    assert.equal(onlyPlane(viewOf("control-plane-1.5")).proxies, 1);
  });

  test("is a primary whose cluster ID only its proxies tell", () => {
    const { role, clusterId, problems } = viewOf("control-plane-1.5");
    assert.deepEqual({ role, clusterId, problems }, { role: "primary", clusterId: "Kubernetes", problems: [] });
  });

  test("shows what its mesh configuration sets, and defaults for the rest", () => {
    const { trustDomain, autoMtls, outboundPolicy } = onlyPlane(viewOf("control-plane-1.5"));
    assert.deepEqual(trustDomain, { value: "cluster.local", isDefault });
    assert.deepEqual(autoMtls, { value: "true", isDefault: false });
    assert.deepEqual(outboundPolicy, { value: "ALLOW_ANY", isDefault: false });
  });

  test("is one control plane with Mixer, not three", () => {
    const plane = onlyPlane(viewOf("control-plane-1.5-mixer"));
    assert.equal(plane.ref.name, "istiod");
    assert.equal(plane.usesMixer, true);
  });

  test("without Mixer says nothing of it", () => {
    assert.equal(onlyPlane(viewOf("control-plane-1.5")).usesMixer, undefined);
  });
});

describe("Istio 1.24", () => {
  test("shows version, revision, replicas and proxies", () => {
    const { version, revision, replicas, proxies, external } = onlyPlane(viewOf("control-plane-1.24"));
    assert.deepEqual(
      { version, revision, replicas, proxies, external },
      { version: "1.24.2", revision: "default", replicas: { desired: 2, ready: 2 }, proxies: 2, external: false },
    );
  });

  test("marks what nobody set as Istio's default", () => {
    const { trustDomain, rootNamespace, autoMtls, outboundPolicy } = onlyPlane(viewOf("control-plane-1.24"));
    assert.deepEqual(trustDomain, { value: "cluster.local", isDefault });
    assert.deepEqual(rootNamespace, { value: "istio-system", isDefault });
    assert.deepEqual(autoMtls, { value: "true", isDefault });
    assert.deepEqual(outboundPolicy, { value: "ALLOW_ANY", isDefault });
  });

  test("tells the cluster's ID, network and role", () => {
    const { clusterId, network, role, pods } = viewOf("control-plane-1.24");
    assert.deepEqual({ clusterId, network, role }, { clusterId: "cluster1", network: "network1", role: "primary" });
    assert.deepEqual(pods, { sidecar: 2, ambient: 0, gateway: 0, none: 0 });
  });
});

describe("Istio 1.32 before its release", () => {
  test("has a version with its stage, and upstream's image is no vendor's", () => {
    const { version, vendorBuild } = onlyPlane(viewOf("control-plane-1.32"));
    assert.deepEqual({ version, vendorBuild }, { version: "1.32-alpha", vendorBuild: false });
  });

  test("shows what was set as set", () => {
    const { trustDomain, rootNamespace, autoMtls, outboundPolicy } = onlyPlane(viewOf("control-plane-1.32"));
    assert.deepEqual(trustDomain, { value: "corp.example", isDefault: false });
    assert.deepEqual(rootNamespace, { value: "istio-config", isDefault: false });
    assert.deepEqual(autoMtls, { value: "false", isDefault: false });
    assert.deepEqual(outboundPolicy, { value: "REGISTRY_ONLY", isDefault: false });
  });

  test("counts native sidecars as proxies", () => {
    const view = viewOf("control-plane-1.32");
    assert.equal(onlyPlane(view).proxies, 1);
    assert.equal(view.meshId, "mesh1");
  });
});

describe("ambient", () => {
  test("shows ztunnel and istio-cni with their versions and nodes", () => {
    const { cni, ztunnel } = viewOf("control-plane-ambient");
    assert.deepEqual([cni?.version, cni?.replicas], ["1.28.0", { desired: 3, ready: 3 }]);
    assert.deepEqual([ztunnel?.version, ztunnel?.replicas], ["1.28.0", { desired: 3, ready: 2 }]);
  });

  test("warns once of a ztunnel that ran out of memory and is ready again, with its limit and the time", () => {
    const problems = viewOf("control-plane-ambient").ztunnel?.problems ?? [];
    assert.deepEqual(
      problems.map(({ severity, happenedAt }) => [severity, happenedAt]),
      [["warning", "2026-11-02T10:00:00Z"]],
    );
    assert.match(words(problems)[0] ?? "", /istio-proxy of pod ztunnel-abcde .* 256Mi/);
  });

  test("lists the waypoint as a gateway of that role", () => {
    const gateways = viewOf("control-plane-ambient").gateways.map(({ ref, role, version }) => [
      ref.name,
      role,
      version,
    ]);
    assert.deepEqual(gateways, [["waypoint", "waypoint", "1.28.0"]]);
  });

  test("counts captured pods as ambient and ztunnel itself as nothing", () => {
    assert.deepEqual(viewOf("control-plane-ambient").pods, { sidecar: 0, ambient: 1, gateway: 1, none: 2 });
  });

  test("warns of a pod that is enrolled and not captured", () => {
    const inventory = feed(anInventory(), fixture("control-plane-ambient"));
    const web = inventory.workloads().find((workload) => nameOf(workload) === "Deployment shop/web");
    assert.equal(web?.dataPlane, "none");
    assert.match(words(web.problems)[0] ?? "", /^Not captured: 1 of 1 pods/);
  });
});

describe("two revisions with tags", () => {
  const planes = viewOf("control-plane-two-revisions").controlPlanes;

  test("are two control planes, each with its own tag, version and proxies", () => {
    assert.deepEqual(
      planes.map(({ revision, tags, version, proxies }) => ({ revision, tags, version, proxies })),
      [
        { revision: "1-23-4", tags: ["prod-stable"], version: "1.23.4", proxies: 2 },
        { revision: "1-24-2", tags: ["prod-canary"], version: "1.24.2", proxies: 1 },
      ],
    );
  });

  test("have their own mesh configurations", () => {
    assert.deepEqual(
      planes.map(({ outboundPolicy }) => outboundPolicy.value),
      ["ALLOW_ANY", "REGISTRY_ONLY"],
    );
  });

  test("show the revision of each workload's proxies", () => {
    const inventory = feed(anInventory(), fixture("control-plane-two-revisions"));
    assert.deepEqual(
      inventory.workloads().flatMap((workload) => (workload.inMesh ? [[nameOf(workload), workload.revision]] : [])),
      [
        ["Deployment lab/cart", "1-24-2"],
        ["Deployment shop/cart", "1-23-4"],
        ["Deployment shop/web", "1-23-4"],
      ],
    );
  });
});

describe("an external control plane", () => {
  test("is shown in the cluster of the proxies as one that runs elsewhere", () => {
    const view = viewOf("control-plane-external-remote");
    const { external, revision, version, replicas, proxies, ref } = onlyPlane(view);
    assert.deepEqual(
      { external, revision, version, replicas, proxies },
      { external: true, revision: "default", version: undefined, replicas: undefined, proxies: 1 },
    );
    assert.equal(ref.name, "istio-sidecar-injector");
  });

  test("makes that cluster a remote one, whose ID the injection path tells", () => {
    const { role, clusterId, network } = viewOf("control-plane-external-remote");
    assert.deepEqual({ role, clusterId, network }, { role: "remote", clusterId: "cluster2", network: "network1" });
  });

  test("makes its own cluster external, and does not give it the other's ID", () => {
    const { role, clusterId, controlPlanes } = viewOf("control-plane-external-host");
    assert.deepEqual({ role, clusterId }, { role: "external", clusterId: undefined });
    assert.deepEqual(
      controlPlanes.map(({ external, version }) => ({ external, version })),
      [{ external: false, version: "1.29.1" }],
    );
  });

  test("says unknown of the settings that are not in this cluster", () => {
    const { trustDomain } = onlyPlane(viewOf("control-plane-external-remote"));
    assert.deepEqual(trustDomain, { value: "unknown", isDefault: false });
  });
});

describe("a build that is not upstream's", () => {
  test("keeps its full image and the version it builds on", () => {
    const { image, version, vendorBuild } = onlyPlane(viewOf("control-plane-vendor"));
    assert.deepEqual(
      { image, version, vendorBuild },
      {
        image: "us-docker.pkg.dev/gloo-mesh/istio-1cf99a48c9d8/pilot:1.24.3-solo-distroless",
        version: "1.24.3",
        vendorBuild: true,
      },
    );
  });

  test("has an unknown version where neither tag nor label tells", () => {
    const { version, vendorBuild } = onlyPlane(viewOf("control-plane-unrecognised"));
    assert.deepEqual({ version, vendorBuild }, { version: undefined, vendorBuild: false });
  });

  test("has unknown settings where its configuration is no YAML, and says so", () => {
    const view = viewOf("control-plane-unrecognised");
    assert.deepEqual(onlyPlane(view).outboundPolicy, { value: "unknown", isDefault: false });
    assert.deepEqual(words(view.problems), [
      "The mesh configuration in ConfigMap istio-system/istio is not readable as YAML.",
    ]);
  });
});

describe("a proxy that names another cluster than istiod", () => {
  const objects = fixture("control-plane-1.24");
  const strangers = objects.map((object) =>
    object.kind === "Pod" && object.metadata.labels?.["app"] === "cart" ? renamedCluster(object, "cluster9") : object,
  );

  test("is one problem with the pod, what was found and what was expected", () => {
    assert.deepEqual(words(feed(anInventory(), strangers).view().problems), [
      "The proxy of pod shop/cart-7d9f8b6c5-abcde says it is in cluster cluster9; istiod calls this cluster cluster1.",
    ]);
  });

  test("is none while all agree", () => {
    assert.deepEqual(feed(anInventory(), objects).view().problems, []);
  });

  test("stays one problem when there are more of them", () => {
    const all = objects.map((object) => (object.kind === "Pod" ? renamedCluster(object, "cluster9") : object));
    assert.deepEqual(words(feed(anInventory(), all).view().problems), [
      "The proxies of pod shop/cart-7d9f8b6c5-abcde and 1 more say they are in cluster cluster9; istiod calls this cluster cluster1.",
    ]);
  });
});

describe("the role of a cluster", () => {
  test("is none where everything was read and nothing is Istio's", () => {
    assert.equal(feed(anInventory(), []).view().role, "none");
  });

  test("is unknown until the Deployments were read", () => {
    const inventory = anInventory();
    inventory.listing("webhooks");
    inventory.listed("webhooks", []);
    assert.equal(inventory.view().role, "unknown");
  });

  test("is unknown where Deployments may not be read, whatever proxies there are", () => {
    const error = new MeshError("forbidden", say("no"));
    const inventory = feed(
      anInventory(),
      fixture("control-plane-1.24").filter(({ kind }) => kind !== "Deployment"),
    );
    inventory.listing("deployments");
    inventory.listed("deployments", [{ namespace: undefined, error }]);
    const { role, controlPlanes, unread } = inventory.view();
    assert.deepEqual({ role, controlPlanes }, { role: "unknown", controlPlanes: [] });
    assert.deepEqual(unread, [{ namespace: undefined, error, kind: "Deployment" }]);
  });

  test("is none where only a webhook was left behind, which is a problem", () => {
    const leftBehind = fixture("control-plane-1.24").filter(({ kind }) => kind === "MutatingWebhookConfiguration");
    const { role, problems } = feed(anInventory(), leftBehind).view();
    assert.equal(role, "none");
    assert.match(words(problems)[0] ?? "", /istio-sidecar-injector calls Service istio-system\/istiod, which does not/);
  });
});

function renamedCluster(pod: KubeObject, clusterId: string): KubeObject {
  return JSON.parse(JSON.stringify(pod).replace('"value":"cluster1"', `"value":"${clusterId}"`)) as KubeObject;
}
