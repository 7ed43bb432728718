import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Uri } from "vscode";
import type { ObjectRef } from "../../../src/mesh/model/refs.ts";
import { eventually } from "../../support/eventually.ts";
import { MemoryStore } from "./support/memoryStore.ts";
import { QuietLog } from "./support/quietLog.ts";
import { fake } from "./support/useFakeVscode.ts";

const { MeshConnection } = await import("../../../src/editor/connection.ts");
const { LiveObjects } = await import("../../../src/editor/resources/liveObjects.ts");
const { documentUri, objectOf } = await import("../../../src/editor/resources/objectUri.ts");
const { StoredState } = await import("../../../src/editor/storedState.ts");
const { windowStateShape } = await import("../../../src/editor/windowState.ts");
const { createEngine } = await import("../../../src/engine.ts");

const log = new QuietLog();
const host = { log, locale: "en", credentials: () => Promise.resolve(undefined), mayRun: () => false };
const state = new StoredState(new MemoryStore(), windowStateShape, log);
const connection = new MeshConnection(() => Promise.resolve(createEngine(host)), state, log);
const objects = new LiveObjects(connection, log);
let ref: ObjectRef;
let uri: Uri;

before(async () => {
  await connection.pin({ kind: "demo" });
  connection.view();
  const service = await eventually("a service is listed", () =>
    connection.live?.services.find((each) => each.ref.kind === "Service"),
  );
  ref = service.ref;
  const found = documentUri(connection, ref);
  assert.ok(found);
  uri = found;
});

after(() => {
  objects.dispose();
  connection.dispose();
});

function at(path: string, authority = ""): Uri {
  // The fake has what is used of VS Code's Uri.
  return fake.Uri.from({ scheme: "foreyard", authority, path }) as unknown as Uri;
}

test("R1: a document and its object lead to each other", () => {
  assert.deepEqual(objectOf(connection, uri), ref);
});

test("R1: a document of the demo mesh is never taken for one of a real context of the same name", () => {
  assert.match(uri.path, /^\/demo-eu\//);
  assert.equal(objectOf(connection, at(uri.path)), undefined);
});

test("R1: the cluster in a document's URI is its UID, in characters that VS Code leaves alone", () => {
  assert.match(uri.authority, /^[0-9a-f-]{36}$/);
});

test("R1: a live object reads as YAML with its kind and name", async () => {
  const text = new TextDecoder().decode(await objects.readFile(uri));
  assert.match(text, /^apiVersion: v1\nkind: Service\nmetadata:\n/);
  assert.match(text, new RegExp(`^ {2}name: ${ref.name}$`, "m"));
});

test("R1: what did not change keeps its time, and its size is that of its text", async () => {
  const first = await objects.stat(uri);
  const second = await objects.stat(uri);
  assert.equal(first.mtime, second.mtime);
  assert.equal(first.size, (await objects.readFile(uri)).byteLength);
});

test("R1: an object that is not there is not found", async () => {
  const path = uri.path.replace(/[^/]+\.yaml$/, "no-such-thing.yaml");
  await assert.rejects(objects.stat(at(path, uri.authority)), { code: "FileNotFound" });
});

test("R1: an object of a context that this window does not show is unavailable, and the context is named", async () => {
  const error = { code: "Unavailable", message: /elsewhere/ };
  await assert.rejects(objects.readFile(at("/elsewhere/shop/core/Service/reviews.yaml")), error);
});

test("R1: a document of another cluster than its context leads to now is unavailable, whatever is named alike", async () => {
  const error = { code: "Unavailable", message: /another cluster than the one this window shows as demo-eu/ };
  await assert.rejects(objects.readFile(at(uri.path, "5b1c0f6a-0000-4000-8000-000000000000")), error);
});

test("R1: nothing can be written, renamed or deleted", () => {
  for (const attempt of [() => objects.writeFile(uri), () => objects.delete(uri), () => objects.rename(uri)]) {
    assert.throws(attempt, { code: "NoPermissions" });
  }
});

test("R1: a document that is open hears of its object as long as it is open", async () => {
  const heard: string[] = [];
  const listening = objects.onDidChangeFile((events) => void heard.push(...events.map((event) => event.uri.path)));
  const fresh = documentUri(connection, connection.live?.services.at(-1)?.ref ?? ref);
  assert.ok(fresh);
  const watching = objects.watch(fresh);
  await eventually("the document is heard of", () => heard.length > 0);
  assert.deepEqual(heard, [fresh.path]);
  watching.dispose();
  listening.dispose();
});
