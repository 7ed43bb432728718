import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { isAbort } from "../../../src/mesh/meshError.ts";
import { FakeApiServer, sendJson, sendStatus } from "../../sources/kubernetes/fakeApiServer.ts";
import { eventually } from "../../support/eventually.ts";
import { aWindow, type AWindow } from "./support/aWindow.ts";
import { fake } from "./support/useFakeVscode.ts";

const { showDoctor } = await import("../../../src/editor/commands/helpCommands.ts");
const { refresh } = await import("../../../src/editor/commands/viewCommands.ts");
const { DoctorDocument } = await import("../../../src/editor/resources/doctorDocument.ts");

const folder = mkdtempSync(path.join(tmpdir(), "foreyard-cancelling-"));
const kubeconfig = path.join(folder, "kubeconfig");
after(() => rmSync(folder, { recursive: true }));

let server: FakeApiServer;
let isSilent = false;
/** Requests that nobody answers, and how many of them the client gave up. */
let asked = 0;
let givenUp = 0;
before(async () => {
  server = await FakeApiServer.start(({ response, url }) => {
    if (isSilent) {
      asked++;
      response.on("close", () => givenUp++);
    } else if (url.pathname === "/version") sendJson(response, { gitVersion: "v1.36.0" });
    else if (url.pathname === "/api/v1/namespaces/kube-system")
      sendJson(response, { metadata: { name: "x", uid: "uid" } });
    else if (/^\/apis?$/.test(url.pathname)) sendJson(response, { kind: "APIGroupDiscoveryList", items: [] });
    else sendStatus(response, 404);
  });
});
after(() => server.close());

let window: AWindow;
const doctor = new DoctorDocument();
after(() => doctor.dispose());

beforeEach(async () => {
  window = aWindow();
  [isSilent, asked, givenUp] = [false, 0, 0];
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      clusters: [{ name: "here", cluster: { server: server.url } }],
      users: [{ name: "me", user: { token: "t" } }],
      contexts: [{ name: "prod", context: { cluster: "here", user: "me" } }],
    }),
  );
  fake.userSettings.set("foreyard.kubeconfig.files", [kubeconfig]);
  await window.connection.applySettings();
  await window.connection.pin({ kind: "contexts", contexts: ["prod"] });
  await eventually("the cluster is there", () => window.connection.situation.state === "noIstio");
});

afterEach(() => window.connection.dispose());

test("C8: trying the contexts can be cancelled, and what was asked is given up down to the socket", async () => {
  isSilent = true;
  const run = showDoctor(window.connection, {}, doctor);
  const ended = run.then(
    () => "shown",
    (error: unknown) => (isAbort(error) ? "cancelled" : String(error)),
  );
  await eventually("the cluster is asked", () => asked > 0 && fake.progresses.length > 0);
  assert.equal(fake.progresses.at(-1)?.options.cancellable, true);
  assert.equal(fake.progresses.at(-1)?.options.location, fake.ProgressLocation.Notification);
  fake.progresses.at(-1)?.cancel();
  assert.equal(await ended, "cancelled");
  // The open mesh may have asked for something of its own, which goes on; no time limit is over within 5 s.
  await eventually("the request is given up", () => givenUp > 0, { seconds: 5 });
  assert.deepEqual(
    fake.shown.filter(({ kind }) => kind === "document"),
    [],
  );
});

test("C8: a refresh that nobody answers ends when the window goes elsewhere", async () => {
  isSilent = true;
  const ended = refresh(window.connection).then(
    () => "done",
    (error: unknown) => (isAbort(error) ? "cancelled" : String(error)),
  );
  await eventually("the cluster is asked", () => asked > 0);
  await window.connection.pin({ kind: "demo" });
  assert.equal(await ended, "cancelled");
});
