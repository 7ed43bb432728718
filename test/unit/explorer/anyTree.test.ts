import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Explorer } from "../../../src/mesh/explorer/explorer.ts";
import type { ExplorerChange } from "../../../src/mesh/explorer/explorerInput.ts";
import type { TreeNode } from "../../../src/mesh/explorer/node.ts";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { anyChange, anyWorld, hostileNames } from "./anyWorld.ts";
import { anExplorer, aService, byId, line, linesBelow, tooltipOf, walk, words } from "./aWorld.ts";

const treeNames = ["meshes", "services", "workloads"] as const;
const format = createFormat("en");

function explorerOf(...changes: readonly ExplorerChange[]): Explorer {
  const explorer = new Explorer(format);
  for (const change of changes) explorer.update(change);
  return explorer;
}

/** All that a surface shows of a tree. */
function drawn(explorer: Explorer): readonly string[] {
  return treeNames.flatMap((name) =>
    walk(explorer.tree(name)).map((node) =>
      [node.id, node.parentId, line(node), node.staleSince, node.hasChildren, ...node.tokens].join(" | "),
    ),
  );
}

for (const name of treeNames) {
  describe(`the ${name} tree of any world`, () => {
    const check = (test: (explorer: Explorer, nodes: readonly TreeNode[]) => void) =>
      fc.assert(
        fc.property(anyWorld, (world) => {
          const explorer = explorerOf(world);
          test(explorer, walk(explorer.tree(name)));
        }),
        { numRuns: 60 },
      );

    it("gives every node an id of its own", () => {
      check((_, nodes) => assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length));
    });

    it("tells the parent of every node", () => {
      check((explorer) => {
        const tree = explorer.tree(name);
        const below = (nodes: readonly TreeNode[], parent: string | undefined): void => {
          for (const node of nodes) {
            assert.equal(node.parentId, parent);
            below(tree.children(node.id), node.id);
          }
        };
        below(tree.roots(), undefined);
      });
    });

    it("says of every node whether it has children", () => {
      check((explorer, nodes) => {
        for (const node of nodes)
          assert.equal(node.hasChildren, explorer.tree(name).children(node.id).length > 0, node.id);
      });
    });

    it("finds every node by its id, also before anybody opened its branch", () => {
      fc.assert(
        fc.property(anyWorld, (world) => {
          const known = walk(explorerOf(world).tree(name));
          const fresh = explorerOf(world).tree(name);
          assert.deepEqual(
            known.toReversed().map(({ id }) => fresh.find(id)?.id),
            known.toReversed().map(({ id }) => id),
          );
        }),
        { numRuns: 60 },
      );
    });

    it("has at most three facts in a row, and a tooltip that can be asked for", () => {
      check((explorer, nodes) => {
        for (const node of nodes) {
          assert.ok(node.facts.length <= 3, line(node));
          for (const text of tooltipOf(explorer.tree(name), node)) assert.doesNotMatch(text, /undefined|NaN|\[object/);
        }
      });
    });

    it("keeps ids across a refresh that changes nothing", () => {
      fc.assert(
        fc.property(anyWorld, (world) => {
          const explorer = explorerOf(world);
          const before = walk(explorer.tree(name)).map(({ id }) => id);
          explorer.update({ ...world, services: new Map(), workloads: new Map() });
          assert.deepEqual(
            walk(explorer.tree(name)).map(({ id }) => id),
            before,
          );
        }),
        { numRuns: 60 },
      );
    });
  });
}

describe("updates of any world", () => {
  it("lead to the trees that a fresh explorer would build", () => {
    fc.assert(
      fc.property(anyWorld, fc.array(anyChange, { maxLength: 4 }), (world, changes) => {
        const followed = explorerOf(world);
        drawn(followed);
        for (const change of changes) {
          followed.update(change);
          drawn(followed);
        }
        assert.deepEqual(drawn(followed), drawn(explorerOf(merged([world, ...changes]))));
      }),
      { numRuns: 150 },
    );
  });

  it("name every node that looks different afterwards", () => {
    fc.assert(
      fc.property(anyWorld, anyChange, (world, change) => {
        const explorer = explorerOf(world);
        for (const name of treeNames) {
          const tree = explorer.tree(name);
          const before = new Map(walk(tree).map((node) => [node.id, line(node)]));
          const touched = explorer.update(change)[name] ?? [];
          if (touched === "all") continue;
          const isNamed = (id: string) => touched.some((one) => id === one || id.startsWith(`${one}/`));
          for (const node of walk(tree)) {
            if (before.get(node.id) !== line(node)) assert.ok(isNamed(node.id), `${node.id}: ${line(node)}`);
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

function merged(changes: readonly ExplorerChange[]): ExplorerChange {
  return changes.reduce((all, change) => ({
    ...all,
    ...change,
    services: new Map([...(all.services ?? []), ...(change.services ?? [])]),
    workloads: new Map([...(all.workloads ?? []), ...(change.workloads ?? [])]),
  }));
}

describe("a hostile name", () => {
  for (const name of hostileNames) {
    it(`stays the text it is: ${JSON.stringify(name.slice(0, 24))}`, () => {
      const explorer = anExplorer({ services: byId(aService(name, { namespace: name })) });
      const tree = explorer.tree("services");
      const [home] = tree.roots();
      const [row] = tree.children(home?.id ?? "");
      assert.deepEqual([home && words(home), row && words(row)], [name, name]);
    });
  }

  it("is an argument of a message, never its text", () => {
    const explorer = anExplorer({ services: byId(aService("reviews", { hosts: ["{0}<b>"] })) });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop", "reviews")[0], "Hosts: {0}<b>");
  });
});
