import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import type { MeshConnection } from "../../../src/editor/connection.ts";
import type { EngineHost } from "../../../src/editor/engine.ts";
import { eventually } from "../../support/eventually.ts";
import { MemoryStore } from "./support/memoryStore.ts";
import { QuietLog } from "./support/quietLog.ts";
import { fake } from "./support/useFakeVscode.ts";

const connections = await import("../../../src/editor/connection.ts");
const { StoredState } = await import("../../../src/editor/storedState.ts");
const { windowStateShape } = await import("../../../src/editor/windowState.ts");
const { offerContext } = await import("../../../src/editor/commands/connectCommands.ts");
const { createEngine } = await import("../../../src/engine.ts");

const folder = mkdtempSync(path.join(tmpdir(), "foreyard-connection-"));
const kubeconfig = path.join(folder, "kubeconfig");
after(() => rmSync(folder, { recursive: true }));

function writeKubeconfig(current: string, ...names: readonly string[]): void {
  const entries = names.map((name) => `{name: ${name}, context: {cluster: here, user: me}}`);
  // Nothing listens at the discard port of this machine.
  const clusters = "clusters: [{name: here, cluster: {server: 'http://127.0.0.1:9'}}]";
  writeFileSync(
    kubeconfig,
    `apiVersion: v1\nkind: Config\ncurrent-context: ${current}\n${clusters}\nusers: [{name: me, user: {}}]\ncontexts: [${entries.join(", ")}]\n`,
  );
}

const log = new QuietLog();
const host: EngineHost = { log, locale: "en", credentials: () => Promise.resolve(undefined), mayRun: () => false };
let connection: MeshConnection;
let state: InstanceType<typeof StoredState<typeof windowStateShape.initial>>;
let loads: number;

beforeEach(() => {
  fake.userSettings.clear();
  fake.shown.length = 0;
  fake.userSettings.set("foreyard.kubeconfig.files", [kubeconfig]);
  state = new StoredState(new MemoryStore(), windowStateShape, log);
  loads = 0;
  const loadEngine = () => {
    loads++;
    return Promise.resolve(createEngine(host));
  };
  connection = new connections.MeshConnection(loadEngine, state, log);
});

afterEach(() => {
  connection.dispose();
  rmSync(kubeconfig, { force: true });
});

test("C6: a window with pinned contexts loads, reads and reaches nothing before a view is visible", async () => {
  await state.update({ choice: { kind: "demo" } });
  assert.equal(loads, 0);
  assert.equal(connection.live, undefined);
});

test("C6: a visible view opens what is pinned", async () => {
  await state.update({ choice: { kind: "demo" } });
  const view = connection.view();
  await eventually("the demo is ready", () => connection.situation.state === "ready");
  assert.equal(connection.situation.demo, true);
  view.dispose();
});

test("V4: without any context the state is noKubeconfig", async () => {
  await connection.open();
  assert.equal(connection.situation.state, "noKubeconfig");
});

test("V4: with contexts, none of them chosen, the state is noContext, and the current one is not taken", async () => {
  writeKubeconfig("staging", "prod-eu", "staging");
  await connection.open();
  assert.equal(connection.situation.state, "noContext");
  assert.equal(connection.live, undefined);
});

test("C6: a pinned context that vanished is named, and no other takes its place", async () => {
  writeKubeconfig("staging", "staging");
  await connection.pin({ kind: "contexts", contexts: ["prod-eu"] });
  assert.equal(connection.live, undefined);
  assert.deepEqual(connection.situation.gone, ["prod-eu"]);
});

test("C6: of several pinned contexts, those that are there are shown and the others named", async () => {
  writeKubeconfig("staging", "prod-eu", "staging");
  await connection.pin({ kind: "contexts", contexts: ["prod-eu", "prod-us"] });
  assert.deepEqual(
    connection.live?.clusters.map(({ context }) => context),
    ["prod-eu"],
  );
  assert.deepEqual(connection.situation.gone, ["prod-us"]);
});

test("V4: a cluster that does not answer makes the state unreachable, with words for it", async () => {
  writeKubeconfig("prod-eu", "prod-eu");
  const view = connection.view();
  await connection.pin({ kind: "contexts", contexts: ["prod-eu"] });
  await eventually("the cluster does not answer", () => connection.situation.state === "unreachable");
  assert.match(connection.live?.clusters[0]?.error?.message ?? "", /127\.0\.0\.1:9/);
  view.dispose();
});

test("a choice that comes while another one is opened wins", async () => {
  writeKubeconfig("staging", "staging");
  const first = connection.pin({ kind: "contexts", contexts: ["staging"] });
  await Promise.all([first, connection.pin({ kind: "demo" })]);
  assert.equal(connection.situation.demo, true);
  assert.ok(connection.live?.clusters.every(({ context }) => context !== "staging"));
});

test("S4: another order is shown in place, another window of time opens the mesh anew", async () => {
  await connection.pin({ kind: "demo" });
  const before = connection.live;
  fake.userSettings.set("foreyard.explorer.sort", "rps");
  await connection.applySettings();
  assert.equal(connection.live, before);
  assert.equal(connection.live?.sort, "rps");
  fake.userSettings.set("foreyard.metrics.windowSeconds", 300);
  await connection.applySettings();
  assert.notEqual(connection.live, before);
  assert.ok(connection.live);
});

test("S4: changed settings open nothing in a window that shows nothing", async () => {
  fake.userSettings.set("foreyard.metrics.windowSeconds", 300);
  await connection.applySettings();
  assert.equal(loads, 0);
});

test("C6: another current context is offered once, and the window stays where it is", async () => {
  writeKubeconfig("prod-eu", "prod-eu", "staging");
  await connection.pin({ kind: "contexts", contexts: ["prod-eu"] });
  const neverAgain = () => undefined;
  await offerContext(connection, state, { current: "staging", neverAgain });
  await offerContext(connection, state, { current: "staging", neverAgain });
  assert.deepEqual(
    fake.shown.map(({ kind }) => kind),
    ["information"],
  );
  assert.deepEqual(connection.choice, { kind: "contexts", contexts: ["prod-eu"] });
});

test("C6: a current context that is shown already, or a demo, is not talked about", async () => {
  writeKubeconfig("prod-eu", "prod-eu", "staging");
  await connection.pin({ kind: "contexts", contexts: ["prod-eu", "staging"] });
  await offerContext(connection, state, { current: "staging", neverAgain: () => undefined });
  await connection.pin({ kind: "demo" });
  await offerContext(connection, state, { current: "prod-eu", neverAgain: () => undefined });
  assert.deepEqual(fake.shown, []);
});
