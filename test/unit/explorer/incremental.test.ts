import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Explorer } from "../../../src/mesh/explorer/explorer.ts";
import type { ClusterFeed } from "../../../src/mesh/explorer/explorerInput.ts";
import {
  aCluster,
  aFeed,
  aMesh,
  anExplorer,
  aPod,
  aService,
  aWorkload,
  byId,
  http,
  line,
  linesBelow,
  nodeAt,
  now,
  touchedWords,
  walk,
} from "./aWorld.ts";

const count = 5000;
const perNamespace = 100;
const place = (i: number) => ({ name: `svc-${i}`, namespace: `ns-${Math.floor(i / perNamespace)}` });

function bigFeed(rate: (i: number) => number): ClusterFeed {
  const rows = Array.from({ length: count }, (_, i) => http(place(i).name, rate(i), { namespace: place(i).namespace }));
  return aFeed({ services: rows, workloads: rows });
}

function bigWorld(): Explorer {
  const ids = Array.from({ length: count }, (_, i) => place(i));
  const workloads = ids.map(({ name, namespace }) => aWorkload(name, { namespace }));
  const services = ids.map(({ name, namespace }, i) =>
    aService(name, { namespace, workloads: [workloads[i]?.id ?? ""] }),
  );
  return anExplorer({ services: byId(...services), workloads: byId(...workloads), feeds: [bigFeed((i) => i)] });
}

describe("a metric tick over 5,000 services that are all shown", () => {
  const explorer = bigWorld();
  const tree = explorer.tree("services");
  for (const { id } of tree.roots()) tree.children(id);
  let tick = 0;

  it("touches the 50 rows that changed, and nothing else", () => {
    const feed = bigFeed((i) => (i % perNamespace === 7 ? i + 1000 * ++tick : i));
    const touched = explorer.update({ feeds: [feed], nowMillis: now + 15_000 }).services;
    assert.deepEqual(
      touchedWords(tree, touched),
      Array.from({ length: 50 }, (_, n) => `svc-${n * perNamespace + 7}`).sort(),
    );
  });

  it("touches nothing when the same numbers come again", () => {
    const same = bigFeed((i) => i);
    explorer.update({ feeds: [same] });
    assert.deepEqual(explorer.update({ feeds: [{ ...same, summaries: structuredClone(same.summaries) }] }), {});
  });

  it("touches nothing when numbers change by less than a row shows", () => {
    explorer.update({ feeds: [bigFeed((i) => i + 0.1)] });
    const touched = explorer.update({ feeds: [bigFeed((i) => (i >= 100 ? i + 0.1001 : i + 0.1))] });
    assert.equal(touched.services, undefined);
  });

  it("touches only what somebody has asked for", () => {
    const fresh = bigWorld();
    const home = nodeAt(fresh.tree("services"), "ns-3");
    fresh.tree("services").children(home.id);
    const touched = fresh.update({ feeds: [bigFeed((i) => i * 2)] });
    assert.deepEqual(
      touchedWords(fresh.tree("services"), touched.services),
      Array.from({ length: perNamespace }, (_, n) => `svc-${300 + n}`).sort(),
    );
  });

  it("keeps the identity of every row it does not touch", () => {
    const before = new Map(
      tree
        .roots()
        .flatMap(({ id }) => tree.children(id))
        .map((node) => [node.id, node]),
    );
    const touched = explorer.update({ feeds: [bigFeed((i) => (i === 42 ? 777 : i >= 100 ? i + 0.1001 : i + 0.1))] });
    const kept = tree
      .roots()
      .flatMap(({ id }) => tree.children(id))
      .filter((node) => before.get(node.id) === node);
    assert.deepEqual([touchedWords(tree, touched.services), kept.length], [["svc-42"], count - 1]);
  });
});

describe("one object's change", () => {
  const workload = aWorkload("reviews-v2", { pods: [aPod("a"), aPod("b")], replicas: { desired: 2, ready: 2 } });
  const service = aService("reviews", { workloads: [workload.id] });
  const linked = { ...workload, services: [service.id] };
  const start = () => {
    const explorer = anExplorer({
      services: byId(service, aService("ratings")),
      workloads: byId(linked, aWorkload("ratings-v1")),
      feeds: [aFeed({ workloads: [http("reviews-v2", 5)] })],
    });
    for (const name of ["services", "workloads", "meshes"] as const) walk(explorer.tree(name));
    return explorer;
  };

  it("touches the pod, its workload, and the namespace that counts it", () => {
    const explorer = start();
    const sick = { ...linked, pods: [aPod("a"), aPod("b", { isReady: false })], replicas: { desired: 2, ready: 1 } };
    const touched = explorer.update({ workloads: byId(sick) });
    assert.deepEqual(
      [
        touchedWords(explorer.tree("workloads"), touched.workloads),
        touchedWords(explorer.tree("services"), touched.services),
        touched.meshes,
      ],
      [["b", "reviews-v2", "shop"], ["b", "reviews-v2"], undefined],
    );
  });

  it("redraws the branch of a namespace that gets a row", () => {
    const explorer = start();
    const touched = explorer.update({ services: byId(aService("details")) });
    assert.deepEqual(touchedWords(explorer.tree("services"), touched.services), ["shop"]);
  });

  it("redraws the branch of a workload that gets a pod", () => {
    const explorer = start();
    const touched = explorer.update({ workloads: byId({ ...linked, pods: [...linked.pods, aPod("c")] }) });
    assert.deepEqual(touchedWords(explorer.tree("workloads"), touched.workloads), ["reviews-v2"]);
  });

  it("redraws the tree when a namespace comes or goes", () => {
    const explorer = start();
    const elsewhere = aService("pay", { namespace: "bank" });
    const came = explorer.update({ services: byId(elsewhere) }).services;
    const went = explorer.update({ services: new Map([[elsewhere.id, undefined]]) }).services;
    assert.deepEqual([came, went, linesBelow(explorer.tree("services")).length], ["all", "all", 1]);
  });

  it("shows what else changed when the whole tree is redrawn", () => {
    const explorer = start();
    explorer.update({ services: byId(aService("pay", { namespace: "bank" }), aService("details")) });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop").slice(0, 1), ["details: idle [idle]"]);
  });

  it("takes a row from the tree with its last member", () => {
    const explorer = start();
    explorer.update({ services: new Map([[service.id, undefined]]) });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), ["ratings: idle [idle]"]);
  });

  it("counts of a cluster touch the meshes tree alone", () => {
    const explorer = start();
    const cluster = aCluster({ pods: { sidecar: 37, ambient: 0, gateway: 2, none: 3 } });
    const touched = explorer.update({ meshes: [aMesh([cluster])] });
    assert.deepEqual(
      [touchedWords(explorer.tree("meshes"), touched.meshes), Object.keys(touched)],
      [["Data plane"], ["meshes"]],
    );
  });

  it("moves every row when a cluster joins another mesh", () => {
    const explorer = start();
    const touched = explorer.update({ meshes: [aMesh([aCluster()], { id: "mesh-2", name: "other" })] });
    assert.deepEqual(
      [touched, line(nodeAt(explorer.tree("services"), "shop", "ratings"))],
      [{ meshes: "all", services: "all", workloads: "all" }, "ratings: idle [idle]"],
    );
  });
});

describe("the badge", () => {
  it("counts services in trouble by rows, not by members", () => {
    const failing = {
      rps: 10,
      errorsPerSecond: 5,
      clientErrorsPerSecond: 0,
      grpcPerSecond: 0,
      grpcErrorsPerSecond: 0,
      noResponsePerSecond: 0,
    };
    const us = aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" });
    const explorer = anExplorer({
      meshes: [aMesh([aCluster(), us])],
      services: byId(aService("reviews"), aService("reviews", { cluster: "uid-us" }), aService("ratings")),
      feeds: [
        aFeed({
          services: [
            http("reviews", 10, { requests: failing }),
            http("reviews", 10, { requests: failing, clusterId: "us" }),
            http("ratings", 10, { requests: { ...failing, errorsPerSecond: 0.1 } }),
          ],
        }),
      ],
    });
    assert.deepEqual(explorer.trouble, { failing: 1, degraded: 1 });
  });
});
