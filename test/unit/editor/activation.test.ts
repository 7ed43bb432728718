import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { ExtensionContext } from "vscode";
import { eventually } from "../../support/eventually.ts";
import { MemoryStore } from "./support/memoryStore.ts";
import { fake } from "./support/useFakeVscode.ts";

const { activate } = await import("../../../src/extension.ts");

function aContext(): ExtensionContext {
  const context = {
    subscriptions: [] as { dispose(): unknown }[],
    workspaceState: new MemoryStore(),
    secrets: {},
    extensionUri: fake.Uri.file("/extension"),
    extension: { packageJSON: { version: "0.1.0" } },
  };
  // What activate touches of it.
  return context as unknown as ExtensionContext;
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

test("M11: activation registers every command of the manifest", () => {
  const context = aContext();
  activate(context);
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8")) as {
    contributes: { commands: { command: string }[] };
  };
  const contributed = manifest.contributes.commands.map(({ command }) => command).sort();
  assert.deepEqual([...fake.registeredCommands.keys()].sort(), contributed);
  for (const owned of context.subscriptions) owned.dispose();
});

test("M5: activation shows nothing and says nothing", () => {
  fake.shown.length = 0;
  fake.contextValues.clear();
  const context = aContext();
  activate(context);
  assert.deepEqual([fake.shown, [...fake.contextValues]], [[], []]);
  for (const owned of context.subscriptions) owned.dispose();
});

test("O14: after views were open on a live mesh, deactivation gives back every listener, registration and timer", async () => {
  const before = { ...fake.counts, timers: timers() };
  const context = aContext();
  fake.userSettings.set("foreyard.demo.connectOnOpen", true);
  activate(context);
  for (const id of ["foreyard.meshes", "foreyard.services", "foreyard.workloads"]) fake.showView(id, true);
  await eventually("the demo is ready", () => fake.contextValues.get("foreyard.state") === "ready");
  for (const owned of context.subscriptions) owned.dispose();
  const left = () => JSON.stringify({ ...fake.counts, timers: timers() });
  await eventually("all is given back", () => left() === JSON.stringify(before), { seconds: 2 });
});
