import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { eventually } from "../../support/eventually.ts";
import { QuietLog } from "./support/quietLog.ts";
import "./support/useFakeVscode.ts";

const { createEngine } = await import("../../../src/engine.ts");
const { readSettings } = await import("../../../src/editor/settings.ts");

const folder = mkdtempSync(path.join(tmpdir(), "foreyard-engine-"));
after(() => rmSync(folder, { recursive: true }));
const workspace = path.join(folder, "workspace");
mkdirSync(workspace);

/** A kubeconfig whose credentials come from a program that leaves a mark. */
function writeKubeconfig(file: string, mark: string): void {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "touch",
    args: [mark],
    interactiveMode: "Never",
  };
  const config = {
    ...{ apiVersion: "v1", kind: "Config" },
    contexts: [{ name: "here", context: { cluster: "here", user: "me" } }],
    clusters: [{ name: "here", cluster: { server: "https://127.0.0.1:9" } }],
    users: [{ name: "me", user: { exec } }],
  };
  writeFileSync(file, JSON.stringify(config));
}

async function outcomeOf(kubeconfig: string): Promise<string> {
  const mayRun = (file: string) => !file.startsWith(workspace + path.sep);
  const credentials = () => Promise.resolve(undefined);
  const engine = createEngine({ log: new QuietLog(), locale: "en", credentials, mayRun });
  const list = await engine.readContexts([kubeconfig]);
  const settings = readSettings();
  const mesh = engine.connect({ list, contexts: ["here"], expectedKeys: new Map(), settings, namespaces: undefined });
  const watching = mesh.watch();
  const error = await eventually("the connection fails", () => mesh.clusters[0]?.error);
  watching.dispose();
  mesh.dispose();
  return error.message;
}

test("O5: a kubeconfig of an untrusted workspace starts no program", async () => {
  const file = path.join(workspace, "kubeconfig");
  writeKubeconfig(file, path.join(folder, "mark"));
  await outcomeOf(file);
  assert.ok(!existsSync(path.join(folder, "mark")));
});

test("O5: a link from outside into the untrusted workspace starts none either", async () => {
  writeKubeconfig(path.join(workspace, "linked"), path.join(folder, "mark"));
  const link = path.join(folder, "link");
  symlinkSync(path.join(workspace, "linked"), link);
  await outcomeOf(link);
  assert.ok(!existsSync(path.join(folder, "mark")));
});

test("a kubeconfig from elsewhere starts its program", async () => {
  const file = path.join(folder, "kubeconfig");
  writeKubeconfig(file, path.join(folder, "mark"));
  await outcomeOf(file);
  assert.ok(existsSync(path.join(folder, "mark")));
  rmSync(path.join(folder, "mark"));
});

test("the user part of a server's address is not passed on", async () => {
  const file = path.join(folder, "userinfo");
  const clusters = "clusters: [{name: here, cluster: {server: 'https://me:hunter2@10.0.0.1:6443'}}]";
  writeFileSync(file, `${clusters}\ncontexts: [{name: here, context: {cluster: here, user: me}}]\n`);
  const engine = createEngine({
    ...{ log: new QuietLog(), locale: "en", credentials: () => Promise.resolve(undefined), mayRun: () => false },
  });
  const { contexts } = await engine.readContexts([file]);
  assert.doesNotMatch(contexts[0]?.server ?? "", /hunter2/);
  assert.match(contexts[0]?.server ?? "", /10\.0\.0\.1/);
});

test("the definition of a context changes with its server, its credentials and its namespace, and with nothing else", async () => {
  const file = path.join(folder, "defined");
  const engine = createEngine({
    ...{ log: new QuietLog(), locale: "en", credentials: () => Promise.resolve(undefined), mayRun: () => false },
  });
  const definition = async (over: { server?: string; token?: string; namespace?: string; current?: string }) => {
    const { server = "https://10.0.0.1", token = "t0ken", namespace = "shop", current = "here" } = over;
    const config = {
      "current-context": current,
      contexts: [
        { name: "here", context: { cluster: "here", user: "me", namespace } },
        { name: "there", context: { cluster: "here", user: "me" } },
      ],
      clusters: [{ name: "here", cluster: { server } }],
      users: [{ name: "me", user: { token } }],
    };
    writeFileSync(file, JSON.stringify(config));
    return (await engine.readContexts([file])).contexts[0]?.definition ?? "";
  };
  const plain = await definition({});
  assert.equal(await definition({ current: "there" }), plain);
  for (const over of [{ server: "https://10.0.0.2" }, { token: "another" }, { namespace: "pay" }]) {
    assert.notEqual(await definition(over), plain);
  }
  assert.doesNotMatch(plain, /t0ken/);
});

test("health rules that cannot be read are complained about once for each connection", () => {
  const complaints: string[][] = [];
  const engine = createEngine({
    ...{ log: new QuietLog(), locale: "en", credentials: () => Promise.resolve(undefined), mayRun: () => false },
    complain: (problems) => complaints.push(problems.map(({ text }) => text)),
  });
  const settings = { ...readSettings(), healthRules: [{ name: "(", tolerances: [] }, "all"] };
  const mesh = engine.connectDemo({ settings, namespaces: undefined });
  const watching = mesh.watch();
  watching.dispose();
  mesh.dispose();
  assert.equal(complaints.length, 1);
  assert.ok((complaints[0]?.length ?? 0) > 0);
});
