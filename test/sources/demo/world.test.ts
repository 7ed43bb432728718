import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { demoTruth } from "../../../src/sources/demo/demoTruth.ts";
import { listAll, never, openShop, truthFor } from "./demoShop.ts";

/** Everything a reader can see of a mesh, as one hash. */
export async function fingerprint(seed: number): Promise<string> {
  const { mesh, clock } = openShop({ seed, services: 60 });
  const hash = createHash("sha256");
  for (const cluster of mesh.clusters) {
    for (const kind of await cluster.kinds(never)) {
      for await (const page of cluster.list({ kind, scope: { all: true, otherwise: [] } }, never))
        hash.update(JSON.stringify(page));
    }
  }
  hash.update(JSON.stringify(demoTruth(mesh, { windowSeconds: 300, atMillis: clock.now() })));
  return hash.digest("hex");
}

if (process.argv[2] === "fingerprint") process.stdout.write(await fingerprint(Number(process.argv[3])));
else describeWorld();

function describeWorld(): void {
  describe("the demo world", () => {
    it("is the same for the same seed and time, in another process too", async () => {
      const self = fileURLToPath(import.meta.url);
      const { stdout } = await promisify(execFile)(process.execPath, [self, "fingerprint", "4"]);
      assert.equal(stdout, await fingerprint(4));
    });

    it("is another one for another seed", async () => {
      assert.notEqual(await fingerprint(1), await fingerprint(2));
    });

    it("leads from a failing service to one pod on one node under memory pressure", async () => {
      const shop = openShop();
      const errors = truthFor(shop, "services", "reviews").errorRate ?? 0;
      assert.ok(errors > 0.05 && errors < 0.12, `${errors} of reviews fail`);
      const { services, workloads, pods } = demoTruth(shop.mesh, { windowSeconds: 60, atMillis: shop.clock.now() });
      const troubled = services.filter(({ errorRate }) => (errorRate ?? 0) > 0).map(({ name }) => name);
      assert.deepEqual(troubled, ["reviews"]);
      const failing = workloads.filter(({ errorRate }) => (errorRate ?? 0) > 0.05).map(({ name }) => name);
      assert.deepEqual(failing, ["reviews-v2"]);
      const sick = pods.filter(({ errorRate }) => (errorRate ?? 0) > 0.3);
      assert.equal(sick.length, 1);
      const pod = (await listAll(shop.eu, "Pod")).find(({ metadata }) => metadata.name === sick[0]?.name);
      const spec = pod?.["spec"] as { nodeName: string };
      const status = pod?.["status"] as
        | {
            containerStatuses: { restartCount: number; lastState: { terminated?: { reason: string } } }[];
          }
        | undefined;
      assert.equal(status?.containerStatuses[0]?.lastState.terminated?.reason, "OOMKilled");
      assert.ok(status.containerStatuses[0].restartCount > 5);
      const pressed = (await listAll(shop.eu, "Node")).filter((node) => {
        const { conditions } = node["status"] as { conditions: { type: string; status: string }[] };
        return conditions.some(({ type, status: is }) => type === "MemoryPressure" && is === "True");
      });
      assert.deepEqual(
        pressed.map(({ metadata }) => metadata.name),
        [spec.nodeName],
      );
    });

    it("has every pod on a node that exists, below an owner that exists", async () => {
      const { eu } = openShop({ services: 100 });
      const nodes = new Set((await listAll(eu, "Node")).map(({ metadata }) => metadata.name));
      const owners = new Set<string | undefined>();
      for (const kind of ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "Deployment", "Rollout", "CronJob"]) {
        for (const { metadata } of await listAll(eu, kind)) owners.add(metadata.uid);
      }
      for (const kind of ["Pod", "ReplicaSet", "Job"]) {
        for (const object of await listAll(eu, kind)) {
          const [owner] = object.metadata.ownerReferences ?? [];
          assert.ok(owners.has(owner?.uid), `${kind} ${object.metadata.name}`);
          if (kind === "Pod") assert.ok(nodes.has((object["spec"] as { nodeName: string }).nodeName));
        }
      }
    });

    it("has services that select the pods of their workloads", async () => {
      const { eu } = openShop();
      const pods = await listAll(eu, "Pod");
      for (const service of await listAll(eu, "Service")) {
        const { selector } = service["spec"] as { selector: Record<string, string> };
        const chosen = pods.filter(({ metadata }) => {
          const isNear = metadata.namespace === service.metadata.namespace;
          return isNear && Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value);
        });
        // The wishlist is switched off: its workload has no replicas.
        const isOff = service.metadata.name === "wishlist";
        assert.equal(chosen.length > 0, !isOff, `${service.metadata.namespace}/${service.metadata.name}`);
      }
    });

    it("has the number of mesh services that was asked for", () => {
      for (const wanted of [40, 500]) {
        const { world } = openShop({ services: wanted }).mesh.history;
        const own = world.services.filter(({ namespace }) => !namespace.startsWith("istio-"));
        assert.equal(new Set(own.map(({ namespace, name }) => `${namespace}/${name}`)).size, wanted);
      }
    });

    it("gives numbers for 10,000 services and lists their pods in pages", async () => {
      const { mesh, clock, eu } = openShop({ services: 10_000 });
      const { services } = demoTruth(mesh, { windowSeconds: 60, atMillis: clock.now() });
      assert.ok(services.length > 8000);
      assert.ok(services.every(({ rps, receivedBytesPerSecond }) => rps !== null || receivedBytesPerSecond !== null));
      const pages = eu.list(
        {
          kind: { group: "", version: "v1", kind: "Pod", plural: "pods", namespaced: true },
          scope: { all: true, otherwise: [] },
        },
        never,
      );
      const first: number[] = [];
      for await (const { objects } of pages) first.push(objects.length);
      assert.ok(first.length > 10 && first.every((length) => length <= 500));
    });
  });
}
