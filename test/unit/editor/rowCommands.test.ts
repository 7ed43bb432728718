import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { aWindow, openDemo, openInput, type AWindow } from "./support/aWindow.ts";
import { fake } from "./support/useFakeVscode.ts";

const { chooseNamespaces } = await import("../../../src/editor/commands/connectCommands.ts");
const { chooseSort, copyName, openDocument, setFilter } = await import("../../../src/editor/commands/viewCommands.ts");

let window: AWindow;
let opened: string[];
let copied: string[];
const { executeCommand } = fake.commands;
const { writeText } = fake.env.clipboard;

beforeEach(async () => {
  window = aWindow();
  [opened, copied] = [[], []];
  fake.commands.executeCommand = (id, ...args) => {
    if (id === "vscode.open") opened.push(String(args[0]));
    return Promise.resolve();
  };
  fake.env.clipboard.writeText = (...args: readonly unknown[]) => {
    copied.push(String(args[0]));
    return Promise.resolve();
  };
  await openDemo(window);
});

afterEach(() => {
  fake.commands.executeCommand = executeCommand;
  fake.env.clipboard.writeText = writeText;
  window.connection.dispose();
});

/** Rows of the first namespace of services that stand for an object. */
function someRows() {
  const tree = window.connection.live?.tree("services");
  const [home] = tree?.roots() ?? [];
  const nodes = (home && tree?.children(home.id).filter(({ ref }) => ref)) ?? [];
  return nodes.map(({ id, ref }) => ({ row: { tree: "services", id }, name: ref?.name ?? "" }));
}

test("V16: with one row, its name is copied and its document opened", async () => {
  const [first] = someRows();
  await copyName(window.connection, first?.row, undefined);
  await openDocument(window.connection, first?.row, undefined);
  assert.deepEqual([copied, opened.length], [[first?.name], 1]);
});

test("V16: with a selection, every name is copied and every document opened, in its order", async () => {
  const rows = someRows().slice(0, 2);
  const selected = rows.map(({ row }) => row);
  await copyName(window.connection, selected[0], selected);
  await openDocument(window.connection, selected[0], selected);
  assert.deepEqual(copied, [rows.map(({ name }) => name).join("\n")]);
  assert.equal(new Set(opened).size, rows.length);
});

test("C1: Escape in the filter brings the earlier one back", async () => {
  const filterText = () => window.connection.live?.filter.text;
  const run = setFilter(window.connection);
  const input = await openInput();
  input.type("review");
  assert.equal(filterText(), "review");
  input.escape();
  await run;
  assert.deepEqual([filterText(), fake.openInputs.length], ["", 0]);
});

test("C1: Escape in the pick of namespaces leaves no trace", async () => {
  const before = JSON.stringify([...window.store.values]);
  const run = chooseNamespaces(window.connection, window.state);
  (await openInput()).escape();
  await run;
  assert.equal(JSON.stringify([...window.store.values]), before);
  assert.equal(window.connection.live?.filter.namespaces, undefined);
});

test("C2: the pick of the order marks the current one, and Escape changes nothing", async () => {
  await chooseSort(window.connection, window.state);
  const items = fake.asked.at(-1)?.items as readonly { readonly description: string }[];
  assert.deepEqual(
    items.map(({ description }) => description),
    ["current", "", "", ""],
  );
  assert.equal(window.state.value.sort, undefined);
});

test("C2: namespaces that are shown are picked already, and what is typed is looked for in descriptions, too", async () => {
  const live = window.connection.live;
  const namespace = live?.services[0]?.ref.namespace ?? "";
  live?.setFilter({ ...live.filter, namespaces: [namespace] });
  const run = chooseNamespaces(window.connection, window.state);
  const pick = await openInput();
  assert.deepEqual([pick.matchOnDescription, pick.canSelectMany], [true, true]);
  assert.deepEqual(
    pick.selectedItems.map((item) => (item as { readonly label: string }).label),
    [namespace],
  );
  pick.escape();
  await run;
});
