import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { PlaceNames } from "../../../../../src/mesh/topology/graph/placeNames.ts";
import { systemClock } from "../../../../../src/sources/kubernetes/systemClock.ts";
import { Slices } from "../../../../../src/mesh/telemetry/edges/slices.ts";
import { graphInSlices } from "../../../../../src/mesh/topology/graph/graphOf.ts";
import { cluster, facts } from "./facts.ts";
import { drawn, Ends, format, graph, nodeNamed, readingOf } from "./readings.ts";

describe("clusters in a graph", () => {
  const ends = new Ends();
  const call = ends.call("eu/shop/front", "eu/shop/api", "eu/shop/api-v1", { rps: 1 });

  it("are named by their context where the label is not theirs alone, whether both have traffic or not", () => {
    const shared = [
      cluster("a", { key: "uid-a", clusterId: "Kubernetes" }),
      cluster("b", { key: "uid-b", clusterId: "Kubernetes" }),
    ];
    const source = ends.workload("x/shop/front", { place: ends.place("Kubernetes", { key: "uid-a" }) });
    const { boxes } = graph([{ ...call, source }], "workload", facts({ clusters: shared }));
    assert.ok(boxes.some(({ id, name }) => id === "box/Kubernetes (context-a)" && name === "Kubernetes (context-a)"));
  });

  it("are one where some series name the cluster and others do not, and its nodes are marked as derived", () => {
    const derived = ends.workload("eu/shop/front", { place: ends.place("eu", { isDerived: true }) });
    const drawing = graph([call, { ...call, source: derived }]);
    assert.equal(drawn(drawing)[0], "workload/eu/shop/front => service/eu/shop/api http 2");
    assert.equal(nodeNamed(drawing, "workload/eu/shop/front").place.isDerived, true);
  });

  it("are never taken for one because a context is called as another cluster's label is", () => {
    const connected = [
      cluster("eu", { key: "uid-1" }),
      cluster("other", { key: "uid-2", clusterId: "context-eu" }),
    ].map((view) => (view.key === "uid-1" ? { ...view, clusterId: undefined } : view));
    const unlabelled = { place: ends.place("", { key: "uid-1" }) };
    const labelled = { place: ends.place("context-eu", { key: "uid-2" }) };
    const calls = [unlabelled, labelled].map((at) => ({
      ...call,
      source: ends.workload("x/shop/front", at),
      service: undefined,
      destination: ends.workload("x/shop/api-v1", at),
    }));
    const { boxes } = graph(calls, "workload", facts({ clusters: connected }));
    assert.deepEqual(
      boxes.filter(({ kind }) => kind === "cluster").map(({ name }) => name),
      ["context-eu (uid-1)", "context-eu"],
    );
  });

  it("have different names where they are different, whatever they and their contexts are called", () => {
    const text = fc.constantFrom("", "a", "b", "a (b)", "Kubernetes");
    const known = fc.uniqueArray(fc.record({ key: fc.constantFrom("k1", "k2", "k3", "k4"), label: text }), {
      selector: ({ key }) => key,
    });
    fc.assert(
      fc.property(known, fc.array(text), (connected, strangers) => {
        const clusters = connected.map(({ key, label }, i) => ({
          ...cluster("any", { key, clusterId: label, context: ["a", "b", "a (b)", "Kubernetes (a)"][i] ?? "d" }),
          ...(label === "" && { clusterId: undefined }),
        }));
        const places = [
          ...connected.map(({ key, label }) => ({ label, key, isDerived: false })),
          ...[...new Set(strangers)]
            .filter((label) => label !== "")
            .map((label) => ({ label, key: undefined, isDerived: false })),
        ];
        const names = new PlaceNames(new Set(places), facts({ clusters }));
        const given = places.map((place) => names.of(place).name);
        assert.equal(new Set(given).size, places.length, given.join(" | "));
      }),
    );
  });

  it("have no box where nothing tells their name", () => {
    const nowhere = ends.call("/shop/front", "/shop/api", "/shop/api-v1", { rps: 1 });
    assert.deepEqual(
      graph([nowhere], "workload").boxes.map(({ id }) => id),
      ["box//shop"],
    );
  });
});

describe("a graph made in slices", () => {
  const ends = new Ends();
  const calls = Array.from({ length: 5000 }, (_, i) =>
    ends.call(`eu/shop/c${i % 70}`, `eu/shop/s${i % 90}`, `eu/shop/w${i % 90}`, { rps: 1 }),
  );

  it("is the one made at once", async () => {
    const slices = new Slices({ clock: systemClock, signal: new AbortController().signal });
    const options = { withIdleNodes: false, format };
    assert.deepEqual(await graphInSlices(readingOf(calls), undefined, options, slices), graph(calls));
  });

  it("ends with the signal's reason", async () => {
    const abort = new AbortController();
    const reason = new Error("the page is hidden");
    abort.abort(reason);
    const slices = new Slices({ clock: systemClock, signal: abort.signal });
    const making = graphInSlices(readingOf(calls), undefined, { withIdleNodes: false, format }, slices);
    await assert.rejects(making, reason);
  });
});
