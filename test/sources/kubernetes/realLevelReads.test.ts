import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createLiveMesh } from "../../../src/mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "../../../src/mesh/live/liveMesh.ts";
import { textAt } from "../../../src/mesh/model/fields.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { ClusterSource } from "../../../src/mesh/ports.ts";
import { readKubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import { openCluster } from "../../../src/sources/kubernetes/openCluster.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../../cluster/controlPlane.ts";
import { eventually } from "../../support/eventually.ts";
import { findNothing } from "../../unit/live/recordedTelemetry.ts";
import { quietLog } from "./quietLog.ts";

const skip = await controlPlaneSkip();
const { signal } = new AbortController();
const nameOf = ({ metadata }: KubeObject) => metadata.name;
const settings = { windowSeconds: 60, refreshSeconds: 15, appLabels: ["app"], versionLabels: ["version"] };

// One control plane with two nodes, a pod in demo and one in elsewhere; the viewer may read demo only.
describe("the reads of a level on a real control plane", { skip, timeout: 240_000 }, () => {
  let plane: ControlPlane;
  let files: string;
  const opened: LiveMesh[] = [];
  const sources: ClusterSource[] = [];

  /** A live mesh whose lists are in, as one user sees the cluster. */
  const open = async (user: "admin" | "viewer") => {
    const kubeconfig = await readKubeconfig({ files: [plane.kubeconfigs[user]], env: {}, home: "/nowhere" });
    const source = openCluster(kubeconfig, user, { log: quietLog(), clock: systemClock, mayRun: () => false, env: {} });
    const live = createLiveMesh({
      clusters: [{ source, findTelemetry: findNothing, defaultNamespace: "demo" }],
      clock: systemClock,
      log: quietLog(),
      settings: { ...settings, namespaces: ["demo"], locale: "en" },
    });
    opened.push(live);
    sources.push(source);
    live.watch();
    await live.refresh(signal);
    await eventually("the lists are in", () => live.scopes[0]?.isComplete === true);
    const cluster = live.clusters[0]?.key ?? "";
    const pod = { cluster, group: "", kind: "Pod", namespace: "demo", name: "web" };
    return { live, cluster, pod, reads: live.drilldown().reads };
  };
  const nodeOf = async (namespace: string, pod: string) => {
    const { body } = await plane.api("GET", `/api/v1/namespaces/${namespace}/pods/${pod}`);
    return textAt((body as { spec?: unknown }).spec, "nodeName") ?? "";
  };
  const allOf = async (lines: AsyncIterable<string>, atMost = Infinity) => {
    const found: string[] = [];
    for await (const line of lines) if (found.push(line) >= atMost) break;
    return found;
  };

  before(async () => {
    files = await mkdtemp(path.join(tmpdir(), "foreyard-node-"));
    const logs = path.join(files, "logs/demo/web");
    await mkdir(logs, { recursive: true });
    await writeFile(path.join(logs, "app.log"), "app one\napp two\n");
    await writeFile(path.join(logs, "app.previous.log"), "app before\npanic: out of luck\n");
    await writeFile(path.join(logs, "istio-proxy.log"), "proxy one\n");
    plane = await startControlPlane({ viewerNamespace: "demo", nodeFlags: [`--logs=${files}/logs`] });
    await plane.api("POST", "/api/v1/namespaces", { metadata: { name: "elsewhere" } });
    const containers = ["app", "istio-proxy"].map((name) => ({ name, image: "none" }));
    for (const namespace of ["demo", "elsewhere"]) {
      // Both on one node.
      const body = { metadata: { name: "web" }, spec: { containers, nodeName: "node-1" } };
      assert.equal((await plane.api("POST", `/api/v1/namespaces/${namespace}/pods`, body)).status, 201);
      await plane.kubectl("wait", "pod/web", "-n", namespace, "--for=condition=Ready", "--timeout=30s");
    }
    const loose = { metadata: { name: "loose" }, spec: { containers } };
    assert.equal((await plane.api("POST", "/api/v1/namespaces/demo/pods", loose)).status, 201);
    await plane.kubectl("wait", "pod/loose", "-n", "demo", "--for=condition=Ready", "--timeout=30s");
  });
  after(async () => {
    for (const live of opened) live.dispose();
    await plane.stop();
    await rm(files, { recursive: true });
  });

  it("know the nodes with what is allocatable, their zones and addresses", async () => {
    const { nodes, nodesUnread } = (await open("admin")).live.drilldown();
    assert.deepEqual(nodesUnread, []);
    assert.deepEqual(
      nodes.map(({ ref, isReady, pressures, allocatableCores, allocatableBytes, zone, addresses }) => [
        [ref.name, isReady, pressures, allocatableCores, allocatableBytes],
        [zone, addresses],
      ]),
      [
        [
          ["node-1", true, [], 1000, 4 * 2 ** 40],
          ["zone-a", ["127.0.0.1", "node-1"]],
        ],
        [
          ["node-2", true, [], 1000, 4 * 2 ** 40],
          ["zone-b", ["127.0.0.1", "node-2"]],
        ],
      ],
    );
  });

  it("tell a user who may not read nodes so, and everything else of the namespace", async () => {
    const { live } = await open("viewer");
    const { nodes, nodesUnread } = live.drilldown();
    assert.deepEqual(nodes, []);
    assert.deepEqual(
      nodesUnread.map(({ error }) => error?.kind),
      ["forbidden"],
    );
    assert.deepEqual(live.workloads.map(({ ref }) => ref.name).sort(), ["loose", "web"]);
    assert.equal(live.workloads.find(({ ref }) => ref.name === "web")?.pods[0]?.node, "node-1");
  });

  it("give the scheduler's event of a pod, and none of another pod", async () => {
    const { reads, pod } = await open("viewer");
    const loose = { ...pod, name: "loose" };
    await eventually("the scheduler has told", async () => (await reads.events(loose, signal)).length > 0);
    const events = await reads.events(loose, signal);
    assert.deepEqual(
      events.map((event) => textAt(event, "reason")),
      ["Scheduled"],
    );
    assert.match(textAt(events[0], "message") ?? "", new RegExp(await nodeOf("demo", "loose")));
    assert.deepEqual(await reads.events(pod, signal), []);
  });

  it("give a node's events, which stand in the namespace default", async () => {
    const { reads, cluster } = await open("admin");
    const node = { cluster, group: "", kind: "Node", namespace: "", name: "node-1" };
    await eventually("the node controller has told", async () => (await reads.events(node, signal)).length > 0);
    const about = (await reads.events(node, signal)).map((event) => textAt(event["involvedObject"], "name"));
    assert.deepEqual([...new Set(about)], ["node-1"]);
  });

  it("read the log of each container, and of the container before", async () => {
    const { reads, cluster } = await open("viewer");
    const query = { namespace: "demo", pod: "web" };
    const read = (container: string, more = {}) => allOf(reads.logs(cluster, { ...query, container, ...more }, signal));
    assert.deepEqual(await read("app"), ["app one", "app two"]);
    assert.deepEqual(await read("istio-proxy"), ["proxy one"]);
    assert.deepEqual(await read("app", { tailLines: 1 }), ["app two"]);
    assert.deepEqual(await read("app", { previous: true }), ["app before", "panic: out of luck"]);
  });

  it("say what the server says where there was no container before, or there is none of that name", async () => {
    const { reads, cluster } = await open("viewer");
    const query = { namespace: "demo", pod: "web" };
    await assert.rejects(
      allOf(reads.logs(cluster, { ...query, container: "istio-proxy", previous: true }, signal)),
      /previous terminated container .*istio-proxy.* not found/,
    );
    await assert.rejects(allOf(reads.logs(cluster, { ...query, container: "nobody" }, signal)), /nobody/);
  });

  it("follow a log until the reader leaves or the signal ends it", async () => {
    const { reads, cluster } = await open("viewer");
    const query = { namespace: "demo", pod: "web", container: "app", follow: true, tailLines: 1 };
    assert.deepEqual(await allOf(reads.logs(cluster, query, signal), 3), ["app two", "app one", "app two"]);
    const stop = new AbortController();
    const reading = (async () => {
      for await (const line of reads.logs(cluster, query, stop.signal)) if (line === "app one") stop.abort();
    })();
    await assert.rejects(reading, (e) => e === stop.signal.reason);
  });

  it("forbid the log of a namespace that may not be read", async () => {
    const { reads, cluster } = await open("viewer");
    const query = { namespace: "elsewhere", pod: "web", container: "app" };
    await assert.rejects(allOf(reads.logs(cluster, query, signal)), { kind: "forbidden" });
  });

  it("find all pods of a node for who may list them all", async () => {
    const { reads, cluster } = await open("admin");
    const { pods, unread } = await reads.podsOfNode(cluster, "node-1", signal);
    const expected = ["demo/web", "elsewhere/web"];
    if ((await nodeOf("demo", "loose")) === "node-1") expected.unshift("demo/loose");
    assert.deepEqual(pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).sort(), expected);
    assert.equal(unread, undefined);
  });

  it("find those of the namespaces that a user may read, and say that others are missing", async () => {
    const { reads, cluster } = await open("viewer");
    const { pods, unread } = await reads.podsOfNode(cluster, "node-1", signal);
    assert.ok(pods.map(nameOf).includes("web"));
    assert.ok(pods.every(({ metadata }) => metadata.namespace === "demo"));
    assert.equal(unread?.kind, "forbidden");
  });

  it("are proven to be the cluster's by the API server's own answers, so that nobody is asked again", async () => {
    const { live, reads, cluster, pod } = await open("admin");
    await eventually("nothing else is being read", () => live.scopes[0]?.isComplete === true);
    const source = sources.at(-1);
    const before = source?.unproven?.(cluster);
    assert.equal(typeof before, "number");
    await reads.object(pod, signal);
    await reads.podsOfNode(cluster, "node-1", signal);
    await assert.rejects(reads.object({ ...pod, name: "nobody" }, signal), { kind: "not-found" });
    assert.equal(source?.unproven?.(cluster), before);
    assert.ok((source?.unproven?.("the UID of another one") ?? Infinity) > 0);
  });

  it("do not find metrics of a cluster without a metrics server", async () => {
    const { reads, cluster } = await open("admin");
    await assert.rejects(reads.podMetrics(cluster, "demo", signal), { kind: "not-found" });
    await assert.rejects(reads.nodeMetrics(cluster, "node-1", signal), { kind: "not-found" });
  });
});
