import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Unread } from "../../../src/mesh/ports.ts";
import type { SortOrder, ViewFilter } from "../../../src/mesh/live/liveMesh.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import {
  aCluster,
  aFeed,
  aMesh,
  anExplorer,
  aRow,
  aService,
  aServiceEntry,
  aStatus,
  byId,
  http,
  line,
  linesBelow,
  nodeAt,
  someRequests,
  words,
} from "./aWorld.ts";

const everything: ViewFilter = { namespaces: undefined, inMeshOnly: false, text: "" };

describe("filters", () => {
  const services = byId(
    aService("reviews"),
    aService("Ratings", { namespace: "bank" }),
    aService("legacy", { inMesh: false }),
    aServiceEntry("pay", ["api.reviews.example"]),
  );
  const shown = (filter: Partial<ViewFilter>) => {
    const tree = anExplorer({ services, filter: { ...everything, ...filter } }).tree("services");
    return tree.roots().flatMap(({ id }) => tree.children(id).map(words));
  };

  it("keep the rows of the chosen namespaces", () => {
    assert.deepEqual(shown({ namespaces: ["bank"] }), ["Ratings"]);
  });

  it("keep what is known to be in the mesh", () => {
    assert.deepEqual(shown({ inMeshOnly: true }), ["Ratings", "reviews"]);
  });

  it("find text in names and in the hosts of a ServiceEntry, whatever the case", () => {
    assert.deepEqual(shown({ text: " REV " }), ["pay", "reviews"]);
  });

  it("leave no namespace without rows", () => {
    const tree = anExplorer({ services, filter: { ...everything, text: "nothing like it" } }).tree("services");
    assert.deepEqual(tree.roots(), []);
  });

  it("redraw both trees by namespace and leave the meshes alone", () => {
    const explorer = anExplorer({ services });
    assert.deepEqual(explorer.update({ filter: everything }), { services: "all", workloads: "all" });
  });
});

describe("sorting", () => {
  const tcp = { receivedBytesPerSecond: 9999, sentBytesPerSecond: 0 };
  const slow = { p50: 1, p95: 2, p99: 3 };
  const explorer = anExplorer({
    services: byId(
      ...["a-idle", "b", "c", "d10", "d9", "e-tcp"].map((name) => aService(name)),
      aService("z-none", { cluster: "uid-x" }),
    ),
    feeds: [
      aFeed({
        services: [
          http("b", 5, { requests: someRequests({ rps: 5, errorsPerSecond: 1 }) }),
          http("c", 50, { latency: slow }),
          http("d10", 7, { requests: someRequests({ rps: 7, errorsPerSecond: 0.1 }) }),
          http("d9", 6, { latency: { p50: 0.1, p95: 0.2, p99: 0.3 } }),
          aRow("e-tcp", { tcp }),
        ],
      }),
    ],
    meshes: [aMesh([aCluster(), aCluster({ key: "uid-x", context: "x", clusterId: "x" })])],
  });
  const tree = explorer.tree("services");
  const cases: readonly [SortOrder, string][] = [
    ["name", "a-idle b c d9 d10 e-tcp z-none"],
    ["rps", "c d10 d9 b e-tcp a-idle z-none"],
    ["errors", "b d10 c d9 e-tcp a-idle z-none"],
    ["latency", "c d9 b d10 e-tcp a-idle z-none"],
  ];
  for (const [sort, order] of cases) {
    it(`by ${sort} puts rows without that number after it, idle behind, without data last`, () => {
      explorer.update({ sort });
      assert.equal(tree.children(nodeAt(tree, "shop").id).map(words).join(" "), order);
    });
  }

  it("touches the namespace when the order changes, and not when it does not", () => {
    const rows = (rates: Readonly<Record<string, number>>) =>
      [aFeed({ services: Object.entries(rates).map(([name, rps]) => http(name, rps)) })] as const;
    const two = anExplorer({ services: byId(aService("a"), aService("b")), feeds: rows({ a: 9, b: 5 }), sort: "rps" });
    const home = nodeAt(two.tree("services"), "shop");
    two.tree("services").children(home.id);
    const same = two.update({ feeds: rows({ a: 8, b: 5 }) }).services;
    const swapped = two.update({ feeds: rows({ a: 1, b: 5 }) }).services;
    assert.deepEqual([same?.includes(home.id), swapped?.includes(home.id)], [false, true]);
  });
});

describe("more than 200 children", () => {
  const names = Array.from({ length: 450 }, (_, i) => `s${String(i).padStart(3, "0")}`);
  const paged = () => {
    const explorer = anExplorer({ services: byId(...names.map((name) => aService(name))) });
    const tree = explorer.tree("services");
    const home = nodeAt(tree, "shop");
    return { explorer, tree, home, last: () => tree.children(home.id).at(-1) };
  };

  it("are cut with a row that offers the next page", () => {
    const { tree, home, last } = paged();
    const more = last();
    assert.deepEqual([tree.children(home.id).length, more && line(more)], [201, "Show 200 more: 250 not shown"]);
  });

  it("show the next page when asked, and redraw their parent", () => {
    const { explorer, tree, home, last } = paged();
    const touched = explorer.showMore("services", last()?.id ?? "");
    const more = last();
    assert.deepEqual(
      [touched, tree.children(home.id).length, more && line(more)],
      [{ services: [home.id] }, 401, "Show 50 more"],
    );
  });

  it("end without the row when all are shown", () => {
    const { explorer, tree, home, last } = paged();
    for (let page = 0; page < 2; page++) explorer.showMore("services", last()?.id ?? "");
    assert.deepEqual([tree.children(home.id).length, last() && words(last() ?? home)], [450, "s449"]);
  });

  it("are cut where the surface says, and go on by as many", () => {
    const tree = anExplorer({ services: byId(...names.map((name) => aService(name))) }, 300).tree("services");
    const home = nodeAt(tree, "shop");
    const more = tree.children(home.id).at(-1);
    assert.deepEqual([tree.children(home.id).length, more && line(more)], [301, "Show 150 more"]);
  });

  it("stay shown when a number changes", () => {
    const { explorer, tree, home, last } = paged();
    explorer.showMore("services", last()?.id ?? "");
    explorer.update({ feeds: [aFeed({ services: [http("s000", 5)] })] });
    assert.equal(tree.children(home.id).length, 401);
  });

  it("are found by their ids even beyond the page", () => {
    const { tree, home } = paged();
    const beyond = tree.children(home.id)[0]?.id.replace("s000", "s449") ?? "";
    assert.equal(tree.find(beyond)?.label, "s449");
  });

  it("are not moved by an id that is no such row", () => {
    const { explorer, home } = paged();
    assert.deepEqual([explorer.showMore("services", home.id), explorer.showMore("services", "no/such")], [{}, {}]);
  });
});

describe("lists that could not be read", () => {
  const forbidden = (what: string) => new MeshError("forbidden", say("Cannot list {0}: forbidden.", what));
  const withUnread = (...unread: readonly Unread[]) =>
    anExplorer({ meshes: [aMesh([aCluster({ unread })])], services: byId(aService("reviews")) });

  it("stand in their namespace, before its rows", () => {
    const explorer = withUnread({ namespace: "shop", error: forbidden("services"), kind: "Service" });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), [
      "Cannot list services: forbidden.: prod-eu",
      "reviews: idle [idle]",
    ]);
  });

  it("give a namespace a row of which nothing else is known", () => {
    const explorer = withUnread({ namespace: "bank", error: forbidden("services"), kind: "Service" });
    assert.deepEqual(linesBelow(explorer.tree("services"), "bank"), ["Cannot list services: forbidden.: prod-eu"]);
  });

  it("stand at the roots where they concern a whole cluster", () => {
    const explorer = withUnread({ namespace: undefined, error: forbidden("services"), kind: "Service" });
    assert.equal(linesBelow(explorer.tree("services"))[0], "Cannot list services: forbidden.: prod-eu");
  });

  it("are left out of a tree that does not show such things", () => {
    const explorer = withUnread({ namespace: "shop", error: forbidden("config maps"), kind: "ConfigMap" });
    assert.deepEqual(linesBelow(explorer.tree("services"), "shop"), ["reviews: idle [idle]"]);
  });

  it("are left out where their namespace is not chosen", () => {
    const explorer = withUnread({ namespace: "bank", error: forbidden("services"), kind: "Service" });
    explorer.update({ filter: { ...everything, namespaces: ["shop"] } });
    assert.deepEqual(explorer.tree("services").roots().map(words), ["shop"]);
  });

  it("come and go with the clusters", () => {
    const explorer = withUnread();
    const tree = explorer.tree("services");
    const home = nodeAt(tree, "shop");
    tree.children(home.id);
    const unread = [{ namespace: "shop", error: forbidden("services"), kind: "Service" }];
    const touched = explorer.update({ meshes: [aMesh([aCluster({ unread })])] });
    assert.deepEqual([touched.services, tree.children(home.id).length], [[home.id], 2]);
  });

  it("are said beside what another cluster answered when a context cannot be reached", () => {
    const status = aStatus({ context: "prod-us", key: undefined, state: "unreachable", error: forbidden("anything") });
    const explorer = anExplorer({
      feeds: [aFeed(), aFeed({}, { status, summaries: undefined })],
      services: byId(aService("a")),
    });
    assert.deepEqual(explorer.tree("services").roots().map(words), ["Cannot list anything: forbidden.", "shop"]);
  });
});
