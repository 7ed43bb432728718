import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { eventually } from "../../support/eventually.ts";
import { aWindow, type AWindow } from "./support/aWindow.ts";
import { fake } from "./support/useFakeVscode.ts";

const { followSurroundings } = await import("../../../src/editor/surface.ts");

const folder = mkdtempSync(path.join(tmpdir(), "foreyard-programs-"));
const kubeconfig = path.join(folder, "kubeconfig");
after(() => rmSync(folder, { recursive: true }));

const exec = { apiVersion: "client.authentication.k8s.io/v1", command: "./not-there", interactiveMode: "Never" };

function writeKubeconfig(user: object): void {
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      // Nothing listens at the discard port of this machine.
      clusters: [{ name: "here", cluster: { server: "https://127.0.0.1:9" } }],
      users: [{ name: "me", user }],
      contexts: ["prod", "staging"].map((name) => ({ name, context: { cluster: "here", user: "me" } })),
    }),
  );
}

let mayRun = true;
let window: AWindow;

beforeEach(async () => {
  mayRun = true;
  window = aWindow({ mayRun: () => mayRun });
  fake.userSettings.set("foreyard.kubeconfig.files", [kubeconfig]);
  await window.connection.applySettings();
});

afterEach(() => window.connection.dispose());

const said = () => fake.shown.filter(({ kind }) => kind === "information").map(({ text }) => text);

test("O5: a kubeconfig that has a program started to sign in is named once, with the first connection", async () => {
  writeKubeconfig({ exec });
  await window.connection.pin({ kind: "contexts", contexts: ["prod"] });
  assert.equal(said().length, 1);
  assert.ok(said()[0]?.startsWith(`${kubeconfig} has a program`));
  await window.connection.pin({ kind: "contexts", contexts: ["staging"] });
  await window.connection.reopen();
  assert.equal(said().length, 1);
  assert.match(JSON.stringify([...window.store.values.values()]), /toldPrograms/);
});

test("O5: a kubeconfig without such a program is not talked about, nor is one that is not connected to", async () => {
  writeKubeconfig({ exec });
  await window.connection.open();
  writeKubeconfig({ token: "t" });
  await window.connection.pin({ kind: "contexts", contexts: ["prod"] });
  assert.deepEqual(said(), []);
});

test("O5: what was refused for lack of trust is tried again once trust is granted", async () => {
  writeKubeconfig({ exec });
  mayRun = false;
  const following = followSurroundings(window, window.log);
  await window.connection.pin({ kind: "contexts", contexts: ["prod"] });
  const failure = () => window.connection.live?.clusters[0]?.error?.message ?? "";
  await eventually("it is refused", () => /trust/i.test(failure()));
  assert.deepEqual(said(), []);
  mayRun = true;
  fake.trustGrants.fire();
  await eventually("it is tried", () => failure() !== "" && !/trust/i.test(failure()));
  assert.equal(said().length, 1);
  following.dispose();
});
