import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Log } from "../../../../../src/mesh/ports.ts";
import { readSelection } from "../../../../../src/mesh/topology/reading/readSelection.ts";
import { readTopology } from "../../../../../src/mesh/topology/reading/readTopology.ts";
import type { TopologyInput, TopologyReading } from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { ManualClock } from "../../../live/manualClock.ts";
import { entryOf, FakeStore, query } from "./fakeStore.ts";

const log: Log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const tools = { clock: new ManualClock(), log };
const { signal } = new AbortController();

const cart = "shop/front@eu -> shop/cart > shop/cart@eu";
const orders = "shop/front@eu -> shop/orders > shop/orders@eu";
const both = [
  `source ${cart} | http 200 | 5`,
  `destination ${cart} | http 200 mtls=mutual_tls host=cart.shop.svc.cluster.local by=spiffe://a | 3`,
  `destination ${cart} | http 200 mtls=mutual_tls host=cart by=spiffe://b | 2`,
  `source ${orders} | http 200 | 7`,
].join("\n");

async function readingOf(...stores: readonly FakeStore[]) {
  const contexts = ["demo-eu", "demo-us"];
  const entries = stores.map((store, i) => entryOf(store, contexts[i] ?? "", ["eu", "us"][i]));
  const input: TopologyInput = { stores: entries, facts: undefined };
  return { input, reading: await readTopology(input, query, tools, signal) };
}

function callsTo({ calls }: TopologyReading, service: string) {
  return calls.filter((call) => call.service?.name === service);
}

describe("a selection of calls", () => {
  it("is asked for by its labels, with what may lack them", async () => {
    const store = new FakeStore("eu", both);
    const { input, reading } = await readingOf(store);
    await readSelection(input, { reading, calls: callsTo(reading, "cart") }, tools, signal);
    const asked = store.asked[1];
    assert.equal(asked?.withDetails, true);
    assert.deepEqual([asked.atMillis, asked.windowSeconds], [reading.atMillis, reading.windowSeconds]);
    assert.deepEqual(asked.where, [
      { label: "source_cluster", anyOf: ["", "eu", "unknown"] },
      { label: "destination_cluster", anyOf: ["", "eu", "unknown"] },
      { label: "source_workload_namespace", anyOf: ["shop"] },
      { label: "source_workload", anyOf: ["front"] },
      { label: "destination_service_namespace", anyOf: ["", "shop", "unknown"] },
      { label: "destination_service_name", anyOf: ["cart"] },
      { label: "destination_workload_namespace", anyOf: ["shop"] },
      { label: "destination_workload", anyOf: ["cart"] },
    ]);
  });

  it("comes with hosts and principals, each request once, and without others that came along", async () => {
    const { input, reading } = await readingOf(new FakeStore("eu", both));
    const { calls } = await readSelection(input, { reading, calls: callsTo(reading, "cart") }, tools, signal);
    assert.deepEqual(calls.map(({ host, sourcePrincipal, rps }) => [host, sourcePrincipal, rps]).sort(), [
      ["cart", "spiffe://b", 2],
      ["cart.shop.svc.cluster.local", "spiffe://a", 3],
    ]);
  });

  it("is counted from the stores that were taken for the picture, whatever else holds a part of it", async () => {
    // In the picture us is its own store's, which has nothing of this selection now.
    const other = "destination shop/b@us -> shop/c > shop/c@us | http 200 mtls=none | 1";
    const fromEu = "source shop/front@eu -> shop/cart > shop/cart@us | http 200 | 5";
    const central = new FakeStore("central", `${fromEu}\n${fromEu.replace("source", "destination")}`);
    const own = new FakeStore("own", `${fromEu.replace("source", "destination").replace("| 5", "| 4")}\n${other}`);
    const { input, reading } = await readingOf(central, own);
    own.says = other;
    const { calls } = await readSelection(input, { reading, calls: callsTo(reading, "cart") }, tools, signal);
    assert.deepEqual(
      calls.map(({ rps }) => rps),
      [5],
      "the caller's report, not the central store's copy of the destination's",
    );
  });

  it("of nothing asks nobody", async () => {
    const store = new FakeStore("eu", both);
    const { input, reading } = await readingOf(store);
    const { calls } = await readSelection(input, { reading, calls: [] }, tools, signal);
    assert.deepEqual([calls.length, store.asked.length], [0, 1]);
  });
});
