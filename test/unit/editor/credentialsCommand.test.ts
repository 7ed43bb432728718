import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { MeshConnection } from "../../../src/editor/connection.ts";
import { eventually } from "../../support/eventually.ts";
import { MemorySecrets } from "./support/memorySecrets.ts";
import { MemoryStore } from "./support/memoryStore.ts";
import { QuietLog } from "./support/quietLog.ts";
import { fake } from "./support/useFakeVscode.ts";

const connections = await import("../../../src/editor/connection.ts");
const { CredentialStore, setCredentials } = await import("../../../src/editor/credentials.ts");
const { StoredState } = await import("../../../src/editor/storedState.ts");
const { windowStateShape } = await import("../../../src/editor/windowState.ts");
const { createEngine } = await import("../../../src/engine.ts");

const log = new QuietLog();
const noCredentials = () => Promise.resolve(undefined);
let secrets: MemorySecrets;
let connection: MeshConnection;
let context: string;

beforeEach(async () => {
  fake.userSettings.clear();
  fake.asked.length = 0;
  secrets = new MemorySecrets();
  const state = new StoredState(new MemoryStore(), windowStateShape, log);
  const host = { log, locale: "en", credentials: noCredentials, mayRun: () => false };
  connection = new connections.MeshConnection(() => Promise.resolve(createEngine(host)), state, log);
  await connection.pin({ kind: "demo" });
  await eventually("the demo is there", () => connection.live?.clusters.every(({ key }) => key !== undefined) ?? false);
  context = connection.live?.clusters[0]?.context ?? "";
});

afterEach(() => {
  fake.answers.pick = undefined;
  fake.answers.input = undefined;
  connection.dispose();
});

/** Picks the first of what is offered, and answers prompts in order. */
function answer(...texts: readonly (string | undefined)[]): void {
  const left = [...texts];
  fake.answers.pick = (_title, items) => items[0];
  fake.answers.input = () => left.shift();
}

const sources = () => fake.userSettings.get("foreyard.prometheus.sources");

test("S3: where the store was found by looking, the address is asked for with the reason, and named in the settings", async () => {
  answer("http://prometheus.istio-system.svc:9090", "abc");
  await setCredentials(connection, new CredentialStore(secrets));
  assert.deepEqual(sources(), { [context]: { url: "http://prometheus.istio-system.svc:9090" } });
  assert.deepEqual([...secrets.values.values()], ['{"bearer":"abc"}']);
  const prompts = fake.shown.filter(({ kind }) => kind === "input").map(({ text }) => text);
  assert.match(prompts.at(0) ?? "", /only to an address that you name.*foreyard\.prometheus\.sources/);
});

test("S3: an address that is named already is not asked for, and stays as it is", async () => {
  const named = { "*": { url: "https://metrics.example" } };
  fake.userSettings.set("foreyard.prometheus.sources", named);
  await connection.applySettings();
  await eventually("the demo is there", () => connection.live?.clusters.every(({ key }) => key !== undefined) ?? false);
  answer("abc");
  await setCredentials(connection, new CredentialStore(secrets));
  assert.deepEqual(sources(), named);
  assert.equal(secrets.values.size, 1);
});

test("S3: what the settings say for all contexts stays true of one whose address is named", async () => {
  const forAll = { "*": { headers: { "X-Scope-OrgID": "shop" } } };
  fake.userSettings.set("foreyard.prometheus.sources", forAll);
  await connection.applySettings();
  await eventually("the demo is there", () => connection.live?.clusters.every(({ key }) => key !== undefined) ?? false);
  answer("https://metrics.example/prometheus", "abc");
  await setCredentials(connection, new CredentialStore(secrets));
  const own = { headers: { "X-Scope-OrgID": "shop" }, url: "https://metrics.example/prometheus" };
  assert.deepEqual(sources(), { ...forAll, [context]: own });
});

for (const text of ["", "prometheus:9090", "ftp://p.example", "https://me:hunter2@p.example", "https://"]) {
  test(`S3: ${JSON.stringify(text)} is no address, and nothing is kept`, async () => {
    answer(text, "abc");
    await setCredentials(connection, new CredentialStore(secrets));
    assert.deepEqual([sources(), secrets.values.size], [undefined, 0]);
  });
}

const escapes: readonly (readonly [where: string, answers: readonly (string | undefined)[]])[] = [
  ["at the address", [undefined]],
  ["at the token", ["https://metrics.example", undefined]],
];
for (const [where, answers] of escapes) {
  test(`C1: Escape ${where} leaves no trace`, async () => {
    const before = connection.live;
    answer(...answers);
    await setCredentials(connection, new CredentialStore(secrets));
    assert.deepEqual([sources(), secrets.values.size], [undefined, 0]);
    assert.equal(connection.live, before);
  });
}
