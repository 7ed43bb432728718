import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDemoMesh } from "../../../src/sources/demo/demoMesh.ts";
import { demoTruth } from "../../../src/sources/demo/demoTruth.ts";
import { faultTruth } from "../../../src/sources/demo/faultTruth.ts";
import { faultNames, type FaultName } from "../../../src/sources/demo/world/faults.ts";
import { DemoClock } from "./demoClock.ts";
import { listAll, never } from "./demoShop.ts";

const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
const flags: Readonly<Record<string, readonly string[]>> = {
  misroutedRule: ["NC", "UH"],
  mtlsMismatch: ["UF"],
  trippedBreaker: ["UO"],
};

function open(fault: FaultName, seed: number) {
  const clock = new DemoClock();
  const mesh = createDemoMesh({ clock, seed, fault, services: seed > 4 ? 120 : 0 });
  const [eu] = mesh.clusters;
  assert.ok(eu);
  const { services } = demoTruth(mesh, { windowSeconds: 300, atMillis: clock.now() });
  const failing = services
    .filter(({ errorRate }) => (errorRate ?? 0) > 0.03)
    .map(({ namespace, name }) => `${namespace}/${name}`);
  return { clock, mesh, eu, failing: [...new Set(failing)] };
}

async function troubles(mesh: ReturnType<typeof open>["mesh"]) {
  const found = { killed: [] as string[], pressed: [] as string[] };
  for (const cluster of mesh.clusters) {
    for (const pod of await listAll(cluster, "Pod")) {
      if (JSON.stringify(pod["status"]).includes("OOMKilled")) found.killed.push(pod.metadata.name);
    }
    for (const node of await listAll(cluster, "Node")) {
      if (JSON.stringify(node["status"]).includes("KubeletHasInsufficientMemory"))
        found.pressed.push(node.metadata.name);
    }
  }
  return found;
}

describe("a planted fault", () => {
  for (const fault of faultNames) {
    if (fault === "none") continue;
    it(`makes one service fail, by one thing that exists: ${fault}`, async () => {
      for (const seed of seeds) {
        const { mesh, eu, failing } = open(fault, seed);
        const truth = faultTruth(mesh);
        assert.ok(truth);
        const where: string = `${fault} of seed ${seed}`;
        assert.deepEqual(failing, [`${truth.namespace}/${truth.service}`], where);
        assert.equal(truth.ref.cluster, (await eu.identity(never)).key);
        const objects = await listAll(eu, truth.ref.kind);
        const blamed = objects.find(({ metadata }) => {
          return metadata.name === truth.ref.name && (metadata.namespace ?? "") === truth.ref.namespace;
        });
        assert.ok(blamed, `${where}: ${truth.ref.kind} ${truth.ref.name}`);
      }
    });
  }

  it("is in other services for other seeds", () => {
    for (const fault of faultNames) {
      if (fault === "none") continue;
      const places = new Set(seeds.map((seed) => JSON.stringify(faultTruth(open(fault, seed).mesh)?.ref.name)));
      assert.ok(places.size > 1, fault);
    }
  });

  it("shows in pods and nodes only where it is one of theirs", async () => {
    for (const fault of faultNames) {
      const { mesh } = open(fault, 3);
      const { killed, pressed } = await troubles(mesh);
      const name = faultTruth(mesh)?.ref.name ?? "";
      assert.deepEqual(killed, fault === "oomKilled" ? [name] : [], fault);
      assert.deepEqual(pressed, fault === "nodePressure" ? [name] : [], fault);
    }
  });

  it("of configuration ends requests at their callers with the flags of its kind", async () => {
    for (const [fault, expected] of Object.entries(flags)) {
      const { mesh, eu, clock } = open(fault as FaultName, 2);
      const truth = faultTruth(mesh);
      const { source } = await mesh.findTelemetry(eu, never);
      assert.ok(truth && source?.levels);
      const toMillis = clock.now();
      const answer = await source.levels.trafficCharts(
        {
          of: { what: "service", namespace: truth.namespace, name: truth.service },
          direction: "inbound",
          cluster: { id: "eu", withUnplaced: true },
          charts: [{ chart: "requests", by: "flags" }],
          windowSeconds: 60,
          range: { fromMillis: toMillis, toMillis, stepSeconds: 60 },
        },
        never,
      );
      const seen = answer.charts[0]?.series.map(({ name }) => name).filter((name) => name !== "-") ?? [];
      assert.equal(seen.length, 1, fault);
      assert.ok(expected.includes(seen[0] ?? ""), `${fault}: ${seen.join()}`);
    }
  });

  it("leaves a mesh that is well where there is none", async () => {
    for (const seed of seeds) {
      const { mesh, failing } = open("none", seed);
      assert.equal(faultTruth(mesh), undefined);
      assert.deepEqual(failing, []);
      assert.deepEqual(await troubles(mesh), { killed: [], pressed: [] });
    }
  });
});
