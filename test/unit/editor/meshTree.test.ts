import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import type { TreeModel, TreeNode } from "../../../src/mesh/explorer/node.ts";
import { say } from "../../../src/mesh/message.ts";
import type { Clock } from "../../../src/mesh/ports.ts";
import type { Finding } from "../../../src/mesh/validation/finding.ts";
import "./support/useFakeVscode.ts";

const { MeshTree } = await import("../../../src/editor/explorer/meshTree.ts");

class ManualClock implements Clock {
  #now = 0;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];
  now(): number {
    return this.#now;
  }
  after(milliseconds: number, callback: () => void) {
    const timer = { at: this.#now + milliseconds, callback };
    this.#timers.push(timer);
    return { dispose: () => void (this.#timers = this.#timers.filter((each) => each !== timer)) };
  }
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
}

function aRow(id: string, parentId?: string): TreeNode {
  const hasChildren = parentId === undefined;
  return {
    ...{ id, parentId, kind: "service", label: id, facts: [say("idle")], state: "idle", tokens: [] },
    hasChildren,
  };
}

/** One namespace with three services. */
class ListModel implements TreeModel {
  nodes: readonly TreeNode[] = [aRow("shop"), aRow("shop/a", "shop"), aRow("shop/b", "shop"), aRow("shop/c", "shop")];
  roots(): readonly TreeNode[] {
    return this.nodes.filter(({ parentId }) => parentId === undefined);
  }
  children(id: string): readonly TreeNode[] {
    return this.nodes.filter(({ parentId }) => parentId === id);
  }
  find(id: string): TreeNode | undefined {
    return this.nodes.find((node) => node.id === id);
  }
  tooltip(): readonly [] {
    return [];
  }
}

let clock: ManualClock;
let model: ListModel;
let tree: InstanceType<typeof MeshTree>;
let redraws: (readonly string[] | "all")[];

beforeEach(() => {
  clock = new ManualClock();
  model = new ListModel();
  tree = new MeshTree("services", () => model, clock);
  redraws = [];
  tree.onDidChangeTreeData((rows) => void redraws.push(rows ? rows.map(({ id }) => id) : "all"));
  tree.setVisible(true);
  for (const root of tree.getChildren()) tree.getChildren(root);
});

test("V5: a row is the same object for as long as it is there, so that VS Code keeps what is open and selected", () => {
  const before = tree.getChildren(tree.row("shop"));
  tree.changed("all");
  assert.ok(tree.getChildren(tree.row("shop")).every((row, index) => row === before[index]));
});

test("V5: every item has the id of its row", () => {
  assert.equal(tree.getTreeItem(tree.row("shop/a")).id, "shop/a");
});

test("V6: every row knows its parent", () => {
  assert.equal(tree.getParent(tree.row("shop/a")), tree.row("shop"));
  assert.equal(tree.getParent(tree.row("shop")), undefined);
});

test("V7: a change redraws the changed row only, at once", () => {
  tree.changed(["shop/a"]);
  assert.deepEqual(redraws, [["shop/a"]]);
});

test("V7: many changes are redrawn together, at most four times a second", () => {
  for (let i = 0; i < 100; i++) {
    tree.changed(i % 2 === 0 ? ["shop/a"] : ["shop/b"]);
    clock.advance(10);
  }
  assert.ok(redraws.length <= 5, `${redraws.length} redraws`);
  assert.deepEqual(redraws.at(-1), ["shop/b", "shop/a"]);
});

test("V7: rows that VS Code never asked for are not redrawn", () => {
  tree.changed(["payments/x"]);
  assert.deepEqual(redraws, []);
});

test("V7: a hidden tree draws nothing, and once when it is shown again", () => {
  tree.setVisible(false);
  tree.changed(["shop/a"]);
  tree.changed(["shop/b"]);
  clock.advance(1_000);
  assert.deepEqual(redraws, []);
  tree.setVisible(true);
  assert.deepEqual(redraws, [["shop/a", "shop/b"]]);
});

test("V7: when the shape changed, the whole tree is asked for anew and nothing else is redrawn", () => {
  tree.changed(["shop/a"]);
  tree.changed("all");
  tree.changed(["shop/b"]);
  clock.advance(250);
  assert.deepEqual(redraws, [["shop/a"], "all"]);
});

test("a row that vanished while it was drawn is drawn as gone rather than failing", () => {
  model.nodes = [];
  assert.equal(tree.getTreeItem(tree.row("shop/a")).label, "No longer there");
  assert.deepEqual(tree.getChildren(), []);
});

test("V8: the tooltip is made only when it is asked for", () => {
  const item = tree.getTreeItem(tree.row("shop/a"));
  assert.equal(item.tooltip, undefined);
  assert.ok(tree.resolveTreeItem(item, tree.row("shop/a")).tooltip);
});

test("V2: no row runs a command when it is clicked, but the one that shows more", () => {
  assert.equal(tree.getTreeItem(tree.row("shop/a")).command, undefined);
  model.nodes = [...model.nodes, { ...aRow("shop/more", "shop"), kind: "more" }];
  assert.equal(tree.getTreeItem(tree.row("shop/more")).command?.command, "foreyard.showMore");
});

test("a row says how many errors and warnings were found about its object, also to a screen reader", () => {
  const found = [{ severity: "error", code: "IST0101", message: say("no such host") }] as unknown as readonly Finding[];
  const counted = new MeshTree("services", () => model, clock, {
    foundAbout: ({ name }) => (name === "a" ? found : []),
  });
  const ref = { cluster: "c1", group: "", kind: "Service", namespace: "shop", name: "a" };
  model.nodes = [aRow("shop"), { ...aRow("shop/a", "shop"), ref }, aRow("shop/b", "shop")];
  const item = counted.getTreeItem(counted.row("shop/a"));
  assert.equal(item.description, "1 error · idle");
  assert.match(item.accessibilityInformation?.label ?? "", /, 1 error$/u);
  assert.equal(counted.getTreeItem(counted.row("shop/b")).description, "idle");
});
