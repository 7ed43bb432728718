import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";
import { eventually } from "../support/eventually.ts";
import { meshObjects } from "../bench/largeMesh.ts";
import { listItems } from "./api.ts";
import { loadObjects } from "./bulk.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "./controlPlane.ts";
import { seedObjects } from "./seed.ts";
import { watch } from "./watching.ts";

const size = { services: 3, pods: 6, nodes: 2, namespaces: 1 };
const namespace = "team-0";

const gadgets = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "gadgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Namespaced",
    names: { plural: "gadgets", kind: "Gadget" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

const ways = [
  { name: "loadObjects", load: loadObjects },
  { name: "seedObjects", load: seedObjects },
];

for (const { name, load } of ways) {
  describe(name, { skip: await controlPlaneSkip({ bare: true }) }, () => {
    let cluster: ControlPlane;
    before(async () => {
      cluster = await startControlPlane({ bare: true });
      // The other way round, so that owners come after what they own.
      await load(cluster, meshObjects(size).toReversed());
    });
    after(() => cluster.stop());

    const get = async (url: string) => {
      const { status, body } = await cluster.api("GET", url);
      assert.equal(status, 200);
      return body as KubeObject;
    };
    const podsUrl = `/api/v1/namespaces/${namespace}/pods`;

    it("gives the server all objects", async () => {
      assert.equal((await listItems(cluster.api, "/api/v1/nodes")).length, 2);
      assert.equal((await listItems(cluster.api, `/api/v1/namespaces/${namespace}/services`)).length, 3);
      assert.equal((await listItems(cluster.api, podsUrl)).length, 6);
    });

    it("gives pods the status that they came with", async () => {
      const pods = await listItems(cluster.api, podsUrl);
      assert.ok(pods.every(({ status }) => status?.phase === "Running" && status.podIP?.startsWith("10.")));
    });

    it("lets the owner chain lead from a pod to its Deployment", async () => {
      const apps = `/apis/apps/v1/namespaces/${namespace}`;
      const deployment = await get(`${apps}/deployments/service-1`);
      const replicaSet = await get(`${apps}/replicasets/service-1-6d5f7c9b8`);
      const pod = await get(`${podsUrl}/service-1-6d5f7c9b8-00002`);
      assert.equal(replicaSet.metadata.ownerReferences?.[0]?.uid, deployment.metadata.uid);
      assert.equal(pod.metadata.ownerReferences?.[0]?.uid, replicaSet.metadata.uid);
    });

    it("leaves objects that can be changed and watched as any other", async () => {
      const url = `${podsUrl}/service-0-6d5f7c9b8-00000`;
      const { resourceVersion = "" } = (await get(url)).metadata;
      const fields = "fieldSelector=metadata.name=service-0-6d5f7c9b8-00000";
      const watching = await watch(cluster, `${podsUrl}?${fields}&resourceVersion=${resourceVersion}`);
      const contentType = "application/merge-patch+json";
      const answer = await cluster.api("PATCH", url, { metadata: { labels: { seen: "yes" } } }, { contentType });
      assert.equal(answer.status, 200);
      const event = await eventually("the change", () => watching.events.find(({ type }) => type === "MODIFIED"));
      assert.equal(event.object.metadata.name, "service-0-6d5f7c9b8-00000");
    });

    it("names a kind that the server does not have", async () => {
      const object = { apiVersion: "v1", kind: "Gizmo", metadata: { name: "one" } };
      await assert.rejects(load(cluster, [object]), /The server has no Gizmo in v1/);
    });

    it("takes custom resources once their kind is known", async () => {
      await loadObjects(cluster, [gadgets]);
      await cluster.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
      const gadget = {
        apiVersion: "example.com/v1",
        kind: "Gadget",
        metadata: { name: "one", namespace },
        spec: { a: 1 },
      };
      await load(cluster, [gadget]);
      assert.deepEqual((await get(`/apis/example.com/v1/namespaces/${namespace}/gadgets/one`))["spec"], { a: 1 });
    });

    if (load === loadObjects) {
      it("says what the server refused and why", async () => {
        const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "empty", namespace }, spec: {} };
        await assert.rejects(load(cluster, [pod]), /POST .*\/pods: 422 .*spec\.containers/);
      });
    }
  });
}
