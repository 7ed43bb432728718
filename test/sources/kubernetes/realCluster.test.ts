import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { ClusterSource, ListQuery } from "../../../src/mesh/ports.ts";
import { readKubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import { openCluster } from "../../../src/sources/kubernetes/openCluster.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../../cluster/controlPlane.ts";
import { eventually } from "../../support/eventually.ts";
import { Followed } from "./changes.ts";
import { configMaps, deployments, namespaces, pods } from "./kinds.ts";
import { quietLog } from "./quietLog.ts";

const skip = await controlPlaneSkip();
const { signal } = new AbortController();

// One control plane for the file; what restarts it or reads the whole audit log comes last.
describe("a source on a real control plane", { skip, timeout: 240_000 }, () => {
  let plane: ControlPlane;
  let files: string;
  let backend: Server;
  const opened: ClusterSource[] = [];

  const open = async (user: keyof ControlPlane["kubeconfigs"]) => {
    const kubeconfig = await readKubeconfig({ files: [plane.kubeconfigs[user]], env: {}, home: "/nowhere" });
    const source = openCluster(kubeconfig, user, { log: quietLog(), clock: systemClock, mayRun: () => false, env: {} });
    opened.push(source);
    return source;
  };
  const names = async (source: ClusterSource, query: ListQuery) => {
    const found: string[] = [];
    for await (const { objects } of source.list(query, signal)) found.push(...objects.map((o) => o.metadata.name));
    return found;
  };
  const configMapNames = (prefix: string) => ({
    kind: configMaps,
    scope: { namespaces: ["demo"] },
    labelSelector: `test=${prefix}`,
  });
  const create = async (prefix: string, ...made: readonly string[]) => {
    for (const name of made) {
      const body = { metadata: { name, labels: { test: prefix } }, data: { x: "1" } };
      const { status } = await plane.api("POST", "/api/v1/namespaces/demo/configmaps", body);
      assert.equal(status, 201);
    }
  };

  before(async () => {
    files = await mkdtemp(path.join(tmpdir(), "foreyard-node-"));
    await mkdir(path.join(files, "logs/demo/web"), { recursive: true });
    await writeFile(path.join(files, "logs/demo/web/app.log"), "line one\nline two\nline three\n");
    await writeFile(path.join(files, "answer"), "hello from the pod\n");
    backend = createServer((_, response) => response.end("mapped backend"));
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    plane = await startControlPlane({
      viewerNamespace: "demo",
      audit: true,
      apiServerFlags: ["--watch-cache-sizes=configmaps#0"],
      nodeFlags: [
        `--logs=${files}/logs`,
        `--exec=say hello=${files}/answer`,
        `--map=demo/web:9090=127.0.0.1:${String((backend.address() as AddressInfo).port)}`,
      ],
    });
    const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "app", image: "none" }] } };
    assert.equal((await plane.api("POST", "/api/v1/namespaces/demo/pods", pod)).status, 201);
    await plane.kubectl("wait", "pod/web", "-n", "demo", "--for=condition=Ready", "--timeout=30s");
  });
  after(async () => {
    for (const source of opened) source.dispose();
    backend.close();
    await rm(files, { recursive: true });
    await plane.stop();
  });

  it("reads the server's version and the kube-system namespace's UID", async () => {
    const { body } = await plane.api("GET", "/api/v1/namespaces/kube-system");
    const identity = await (await open("admin")).identity(signal);
    assert.equal(identity.key, (body as { metadata: { uid: string } }).metadata.uid);
    assert.match(identity.version, /^v\d+\.\d+/);
  });

  it("discovers core, named-group and cluster-scoped kinds once each", async () => {
    const kinds = await (await open("admin")).kinds(signal);
    const key = (kind: { group: string; kind: string }) => `${kind.group}/${kind.kind}`;
    assert.deepEqual(
      kinds.find(({ kind, group }) => kind === "Pod" && group === ""),
      pods,
    );
    assert.deepEqual(
      kinds.find(({ kind }) => kind === "Deployment"),
      deployments,
    );
    assert.deepEqual(
      kinds.find(({ kind }) => kind === "Namespace"),
      namespaces,
    );
    assert.equal(new Set(kinds.map(key)).size, kinds.length);
  });

  it("lists more objects than one page holds, each once", async () => {
    const made = Array.from({ length: 1203 }, (_, i) => `paged-${String(i).padStart(4, "0")}`);
    for (let i = 0; i < made.length; i += 60) {
      await Promise.all(made.slice(i, i + 60).map((name) => create("paged", name)));
    }
    assert.deepEqual((await names(await open("admin"), configMapNames("paged"))).sort(), made);
  });

  it("lists metadata alone under the object's own kind", async () => {
    const query = { kind: pods, scope: { namespaces: ["demo"] }, metadataOnly: true };
    for await (const { objects } of (await open("admin")).list(query, signal)) {
      const [pod] = objects;
      assert.equal(pod?.kind, "Pod");
      assert.equal(pod.apiVersion, "v1");
      assert.equal("spec" in pod, false);
      assert.equal("managedFields" in pod.metadata, false);
    }
  });

  it("tells creations, changes and deletions in the order they happen", async () => {
    const source = await open("admin");
    await create("order", "order-a", "order-b");
    const watch = new Followed((stop) => source.watch(configMapNames("order"), stop));
    await watch.hears("listed");
    await create("order", "order-c");
    await plane.api("DELETE", "/api/v1/namespaces/demo/configmaps/order-a");
    await watch.has("order-b", "order-c");
    await watch.end();
    assert.deepEqual(watch.types(), ["listing", "upsert", "listed", "upsert", "gone"]);
  });

  it("dry-runs an apply without changing anything, then applies it", async () => {
    const source = await open("admin");
    const object = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "applied", namespace: "demo" },
      data: { a: "1" },
    };
    const tried = await source.apply(object, configMaps, { dryRun: true, force: false }, signal);
    assert.deepEqual(tried["data"], { a: "1" });
    await assert.rejects(source.get(configMaps, "demo", "applied", signal), { kind: "not-found" });
    await source.apply(object, configMaps, { dryRun: false, force: false }, signal);
    assert.deepEqual((await source.get(configMaps, "demo", "applied", signal))["data"], { a: "1" });
  });

  it("names the owner and the field when an apply conflicts, and takes over when forced", async () => {
    const source = await open("admin");
    const object = (value: string) => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "owned", namespace: "demo" },
      data: { a: value },
    });
    await plane.api("PATCH", "/api/v1/namespaces/demo/configmaps/owned?fieldManager=gitops", object("theirs"), {
      contentType: "application/apply-patch+yaml",
    });
    await assert.rejects(source.apply(object("mine"), configMaps, { dryRun: true, force: false }, signal), (e) => {
      assert.ok(MeshError.is(e, "conflict"));
      assert.match(e.message, /gitops/);
      assert.match(e.message, /\.data\.a/);
      return true;
    });
    const taken = await source.apply(object("mine"), configMaps, { dryRun: false, force: true }, signal);
    assert.deepEqual(taken["data"], { a: "mine" });
  });

  it("says which field the server refuses", async () => {
    const source = await open("admin");
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "Not_A_Name", namespace: "demo" } };
    await assert.rejects(source.apply(object, configMaps, { dryRun: true, force: false }, signal), (e) => {
      assert.ok(MeshError.is(e, "invalid"));
      assert.match(e.message, /metadata\.name/);
      return true;
    });
  });

  it("deletes one object", async () => {
    const source = await open("admin");
    await create("deleted", "deleted");
    await source.delete(configMaps, "demo", "deleted", signal);
    await assert.rejects(source.get(configMaps, "demo", "deleted", signal), { kind: "not-found" });
  });

  it("answers what a user may do", async () => {
    const source = await open("viewer");
    const pod = { group: "", resource: "pods", namespace: "demo" };
    assert.equal(await source.mayI({ ...pod, verb: "list" }, signal), true);
    assert.equal(await source.mayI({ ...pod, verb: "delete" }, signal), false);
  });

  it("falls back to the one namespace that a user may see and says what stayed unread", async () => {
    const source = await open("viewer");
    const scope = { all: true, otherwise: ["demo", "kube-system"] } as const;
    const watch = new Followed((stop) => source.watch({ kind: pods, scope }, stop));
    const { unread } = await watch.hears("listed");
    await watch.has("web");
    await watch.end();
    assert.deepEqual(
      unread.map(({ namespace }) => namespace),
      [undefined, "kube-system"],
    );
    assert.match(
      unread[0]?.error.hint?.args.join() ?? "",
      /kubectl auth can-i list pods --all-namespaces --context viewer/,
    );
  });

  it("throws where a user may see nothing of a scope", async () => {
    const source = await open("viewer");
    await assert.rejects(names(source, { kind: pods, scope: { namespaces: ["kube-system"] } }), { kind: "forbidden" });
  });

  for (const user of ["invalid", "expired"] as const) {
    it(`says that the sign-in of a user with an ${user} token is not accepted`, async () => {
      const source = await open(user);
      await assert.rejects(source.get(pods, "demo", "web", signal), { kind: "unauthorized" });
      const watch = new Followed((stop) => source.watch({ kind: pods, scope: { namespaces: ["demo"] } }, stop));
      await eventually("the watch ends", () => MeshError.is(watch.ended, "unauthorized"), { everyMs: 5 });
    });
  }

  it("reads a log line by line", async () => {
    const lines: string[] = [];
    for await (const line of (await open("admin")).logs({ namespace: "demo", pod: "web", container: "app" }, signal)) {
      lines.push(line);
    }
    assert.deepEqual(lines, ["line one", "line two", "line three"]);
  });

  it("runs a command in a pod and gives its output and exit code", async () => {
    const source = await open("admin");
    const query = { namespace: "demo", pod: "web", container: "app" };
    const said = await source.exec({ ...query, command: ["say", "hello"] }, signal);
    assert.deepEqual(said, { exitCode: 0, output: "hello from the pod\n", errorOutput: "" });
    assert.equal((await source.exec({ ...query, command: ["exit", "3"] }, signal)).exitCode, 3);
  });

  it("gives a command its input and ends it", async () => {
    const query = { namespace: "demo", pod: "web", container: "app", command: ["cat"], input: "one\ntwo ü\n" };
    const { exitCode, output } = await (await open("admin")).exec(query, signal);
    assert.deepEqual([exitCode, output], [0, "one\ntwo ü\n"]);
  });

  it("says so when a command is to run in a pod that is not there", async () => {
    const query = { namespace: "demo", pod: "nobody", container: "app", command: ["say", "hello"] };
    await assert.rejects((await open("admin")).exec(query, signal), { kind: "not-found" });
  });

  it("forwards connections to a pod's port, several at a time, until it is disposed", async () => {
    const source = await open("admin");
    const forward = await source.forward({ namespace: "demo", pod: "web", port: 9090 }, signal);
    const url = `http://127.0.0.1:${String(forward.localPort)}/`;
    const texts = await Promise.all([1, 2, 3].map(async () => await (await fetch(url)).text()));
    assert.deepEqual(texts, ["mapped backend", "mapped backend", "mapped backend"]);
    forward.dispose();
    await assert.rejects(fetch(url));
  });

  it("ends a forward whose signal aborts", async () => {
    const stop = new AbortController();
    const forward = await (await open("admin")).forward({ namespace: "demo", pod: "web", port: 9090 }, stop.signal);
    stop.abort();
    await assert.rejects(fetch(`http://127.0.0.1:${String(forward.localPort)}/`));
  });

  it("goes on after the API server was killed and came back, without losing a change", async () => {
    const source = await open("admin");
    await create("restart", "restart-a");
    const watch = new Followed((stop) => source.watch(configMapNames("restart"), stop));
    await watch.has("restart-a");
    await plane.restartApiServer("SIGKILL");
    await create("restart", "restart-b");
    await watch.has("restart-a", "restart-b");
    await watch.end();
    assert.ok(watch.types().includes("interrupted"));
  });

  it("lists again when the server has forgotten the version to resume from", async () => {
    const source = await open("admin");
    await create("gone", "gone-a");
    const watch = new Followed((stop) => source.watch(configMapNames("gone"), stop));
    await watch.has("gone-a");
    await create("else", "else-a", "else-b");
    await plane.programs.get("kube-apiserver")?.end("SIGKILL");
    await watch.hears("interrupted");
    await plane.compact();
    await plane.restartApiServer();
    await create("gone", "gone-b");
    await watch.has("gone-a", "gone-b");
    await watch.end();
    assert.equal(watch.types().filter((type) => type === "listing").length, 2);
  });
});

describe("a source that only looks", { skip, timeout: 120_000 }, () => {
  it("makes no request but get, list, watch and access reviews", async () => {
    const plane = await startControlPlane({ bare: true, audit: true });
    try {
      const kubeconfig = await readKubeconfig({ files: [plane.kubeconfigs.admin], env: {}, home: "/nowhere" });
      const source = openCluster(kubeconfig, "admin", {
        log: quietLog(),
        clock: systemClock,
        mayRun: () => false,
        env: {},
      });
      await source.identity(signal);
      await source.kinds(signal);
      await source.mayI({ verb: "list", group: "", resource: "pods" }, signal);
      const watch = new Followed((stop) =>
        source.watch({ kind: namespaces, scope: { all: true, otherwise: [] } }, stop),
      );
      await watch.hears("listed");
      await eventually("the audit log shows the watch", async () =>
        (await plane.auditEvents()).some(({ verb }) => verb === "watch"),
      );
      await watch.end();
      source.dispose();
      const events = (await plane.auditEvents()).filter(({ user }) => user.username === "admin");
      const what = events.map(({ verb, objectRef }) =>
        verb === "create" ? `create ${objectRef?.resource ?? ""}` : verb,
      );
      assert.deepEqual([...new Set(what)].sort(), ["create selfsubjectaccessreviews", "get", "list", "watch"]);
    } finally {
      await plane.stop();
    }
  });
});
