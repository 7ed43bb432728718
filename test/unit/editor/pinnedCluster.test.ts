import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import type { MeshConnection } from "../../../src/editor/connection.ts";
import type { EngineHost } from "../../../src/editor/engine.ts";
import { FakeApiServer, sendJson, sendStatus } from "../../sources/kubernetes/fakeApiServer.ts";
import { eventually } from "../../support/eventually.ts";
import { MemoryStore } from "./support/memoryStore.ts";
import { QuietLog } from "./support/quietLog.ts";
import { fake } from "./support/useFakeVscode.ts";

const connections = await import("../../../src/editor/connection.ts");
const { StoredState } = await import("../../../src/editor/storedState.ts");
const { windowStateShape } = await import("../../../src/editor/windowState.ts");
const { createEngine } = await import("../../../src/engine.ts");
const { followSurroundings } = await import("../../../src/editor/surface.ts");

const folder = mkdtempSync(path.join(tmpdir(), "foreyard-pinned-"));
const kubeconfig = path.join(folder, "kubeconfig");
after(() => rmSync(folder, { recursive: true }));

/** An API server without any kinds that says it is this cluster. */
function aCluster(uid: string): Promise<FakeApiServer> {
  return FakeApiServer.start(({ response, url }) => {
    if (url.pathname === "/version") sendJson(response, { gitVersion: "v1.36.0" });
    else if (url.pathname === "/api/v1/namespaces/kube-system") sendJson(response, { metadata: { name: "x", uid } });
    else if (/^\/apis?$/.test(url.pathname)) sendJson(response, { kind: "APIGroupDiscoveryList", items: [] });
    else sendStatus(response, 404);
  });
}

let first: FakeApiServer;
let second: FakeApiServer;
before(async () => {
  [first, second] = await Promise.all([aCluster("uid-of-first"), aCluster("uid-of-second")]);
});
after(() => Promise.all([first.close(), second.close()]));

function writeKubeconfig(server: FakeApiServer, over: { current?: string; token?: string } = {}): void {
  const { current = "prod", token = "t" } = over;
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      "current-context": current,
      clusters: [{ name: "here", cluster: { server: server.url } }],
      users: [{ name: "me", user: { token } }],
      contexts: ["prod", "staging"].map((name) => ({ name, context: { cluster: "here", user: "me" } })),
    }),
  );
}

const log = new QuietLog();
const host: EngineHost = { log, locale: "en", credentials: () => Promise.resolve(undefined), mayRun: () => false };
const store = new MemoryStore();
let connection: MeshConnection;

function openWindow(): MeshConnection {
  const state = new StoredState(store, windowStateShape, log);
  return new connections.MeshConnection(() => Promise.resolve(createEngine(host)), state, log);
}

const shown = () => connection.live?.clusters[0];
/** A cluster is remembered when a redraw has shown it. */
const isConnected = () =>
  connection.situation.state === "noIstio" && JSON.stringify([...store.values.values()]).includes(shown()?.key ?? "?");

beforeEach(() => {
  fake.userSettings.clear();
  fake.userSettings.set("foreyard.kubeconfig.files", [kubeconfig]);
  store.values.clear();
  writeKubeconfig(first);
  connection = openWindow();
});

afterEach(() => connection.dispose());

async function reload(): Promise<void> {
  connection.dispose();
  connection = openWindow();
  await connection.open();
}

test("C6: after a reload, a pinned context that leads to another cluster shows nothing of it", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  writeKubeconfig(second);
  await reload();
  await eventually("the other cluster is noticed", () => connection.situation.state === "otherCluster");
  assert.equal(shown()?.key, undefined);
  assert.equal(shown()?.foundKey, "uid-of-second");
});

test("C6: the same cluster at another address is shown without a question", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  await using moved = await aCluster("uid-of-first");
  writeKubeconfig(moved);
  await reload();
  await eventually("it is shown", isConnected);
});

test("C6: the other cluster is shown once the user says so, and remembered from then on", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  writeKubeconfig(second);
  await reload();
  await eventually("the other cluster is noticed", () => shown()?.foundKey !== undefined);
  await connection.accept("prod", "uid-of-yet-another");
  assert.equal(connection.situation.state, "otherCluster");
  await connection.accept("prod", "uid-of-second");
  await eventually("the second cluster is shown", isConnected);
  await reload();
  await eventually("it is still shown", isConnected);
  assert.equal(shown()?.key, "uid-of-second");
});

test("C6: choosing a context again whose other cluster was told about means that cluster", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  writeKubeconfig(second);
  await reload();
  await eventually("the other cluster is noticed", () => shown()?.foundKey !== undefined);
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the second cluster is shown", isConnected);
});

test("C6: a kubeconfig edited meanwhile never swaps the cluster behind an open window", async () => {
  const view = connection.view();
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  writeKubeconfig(second);
  await eventually("the other cluster is noticed", () => shown()?.foundKey === "uid-of-second");
  view.dispose();
});

test("renewed credentials in the kubeconfig are used without a reload", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  const before = connection.live;
  writeKubeconfig(first, { token: "renewed" });
  await eventually("they are sent", () => first.headers.at(-1)?.authorization === "Bearer renewed");
  assert.notEqual(connection.live, before);
});

test("C6: another current context leaves the open connection as it is", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  const before = connection.live;
  const heard = new Promise((resolve) => connection.onContextsChange(resolve));
  writeKubeconfig(first, { current: "staging" });
  await heard;
  assert.equal(connection.live, before);
});

test("a context that is chosen while no view is visible is connected all the same", async () => {
  await connection.pin({ kind: "contexts", contexts: ["staging"] });
  await eventually("it is connected", isConnected);
});

test("a window that was closed opens nothing any more", async () => {
  connection.dispose();
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  assert.equal(connection.live, undefined);
});

test("whoever disconnects from the demo mesh is not brought back by the setting that opens it", async () => {
  fake.userSettings.set("foreyard.demo.connectOnOpen", true);
  connection.dispose();
  connection = openWindow();
  await connection.open();
  assert.equal(connection.situation.demo, true);
  await connection.pin(undefined);
  assert.equal(connection.live, undefined);
  assert.equal(connection.situation.demo, false);
});

test("C6: the user is asked once about the other cluster, and it stays hidden until they answer", async () => {
  await connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the first cluster is shown", isConnected);
  connection.dispose();
  writeKubeconfig(second);
  connection = openWindow();
  fake.shown.length = 0;
  const following = followSurroundings({ connection, state: new StoredState(store, windowStateShape, log) }, log);
  await connection.open();
  await eventually("the other cluster is noticed", () => shown()?.foundKey !== undefined);
  await connection.live?.refresh(new AbortController().signal);
  await connection.reopen();
  await eventually("it is noticed again", () => shown()?.foundKey !== undefined);
  assert.deepEqual(
    fake.shown.map(({ kind }) => kind),
    ["warning"],
  );
  assert.match(fake.shown[0]?.text ?? "", /^prod leads to another cluster/);
  following.dispose();
});
