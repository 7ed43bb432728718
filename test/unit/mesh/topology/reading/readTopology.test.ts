import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../../../src/mesh/meshError.ts";
import { fill, say } from "../../../../../src/mesh/message.ts";
import type { Log } from "../../../../../src/mesh/ports.ts";
import { readTopology } from "../../../../../src/mesh/topology/reading/readTopology.ts";
import { isStale, isStalePlace } from "../../../../../src/mesh/topology/reading/staleCalls.ts";
import type {
  StoreEntry,
  TopologyQuery,
  TopologyReading,
} from "../../../../../src/mesh/topology/reading/topologyReading.ts";
import { ManualClock } from "../../../live/manualClock.ts";
import { callsText, tableOf } from "../../telemetry/edges/seriesText.ts";
import { bareEntry, entryOf, FakeStore, nothingFlows, query } from "./fakeStore.ts";

const log: Log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const flow = "destination shop/front@eu -> shop/cart > shop/cart@eu | http 200 mtls=mutual_tls | 5";
const flowInUs = "destination shop/front@us -> shop/cart > shop/cart@us | http 200 mtls=mutual_tls | 3";

interface Asking {
  readonly change?: Partial<TopologyQuery>;
  readonly previous?: TopologyReading;
  readonly clock?: ManualClock;
  readonly signal?: AbortSignal;
}

function read(stores: readonly StoreEntry[], { change, previous, clock, signal }: Asking = {}) {
  const tools = { clock: clock ?? new ManualClock(), log, previous };
  const asked = { ...query, ...change };
  return readTopology({ stores, facts: undefined }, asked, tools, signal ?? new AbortController().signal);
}

function problemsOf({ problems }: TopologyReading): readonly string[] {
  return problems.map(({ words }) => fill(words));
}

describe("reading a topology from several stores", () => {
  it("asks a store once that two contexts found", async () => {
    const central = new FakeStore("central", `${flow}\n${flowInUs}`);
    const reading = await read([entryOf(central, "demo-eu", "eu"), entryOf(central, "demo-us", "us")]);
    assert.equal(central.asked.length, 1);
    assert.deepEqual(
      reading.stores.map(({ cluster, label, state }) => [cluster, label, state]),
      [
        ["demo-eu", "Store central", "ready"],
        ["demo-us", "Store central", "ready"],
      ],
    );
  });

  it("names the clusters of a store that is asked without any", async () => {
    const reading = await read([bareEntry(new FakeStore("central", `${flow}\n${flowInUs}`))]);
    assert.deepEqual(reading.stores.map(({ cluster }) => cluster).sort(), ["eu", "us"]);
  });

  it("draws what one store says though the other fails, and says which and why", async () => {
    const lost = new FakeStore("lost", new MeshError("timeout", say("No answer within {0} seconds", 30)));
    const reading = await read([entryOf(new FakeStore("good", flow), "demo-eu", "eu"), entryOf(lost, "demo-us", "us")]);
    assert.equal(reading.calls.length, 1);
    assert.deepEqual(problemsOf(reading), ["Store lost: No answer within 30 seconds"]);
    assert.deepEqual(
      reading.problems.map(({ id, canRetry, severity }) => [id, canRetry, severity]),
      [["store/lost", true, "error"]],
    );
    assert.equal(reading.stores[1]?.state, "error");
  });

  it("keeps the last numbers of a store that fails, stale since they were measured", async () => {
    const clock = new ManualClock();
    const began = clock.now();
    const lost = new FakeStore("lost", flowInUs);
    const stores = [entryOf(new FakeStore("good", flow), "demo-eu", "eu"), entryOf(lost, "demo-us", "us")];
    const previous = await read(stores, { clock });
    lost.says = new MeshError("unreachable", say("The connection was refused"));
    await clock.advance(30_000);
    const reading = await read(stores, { clock, previous });
    assert.equal(callsText(reading.calls), callsText(previous.calls));
    assert.deepEqual(
      reading.stores.map(({ state, measuredAt }) => [state, measuredAt]),
      [
        ["ready", began + 30_000],
        ["stale", began],
      ],
    );
    await clock.advance(30_000);
    const later = await read(stores, { clock, previous: reading });
    assert.equal(later.stores[1]?.measuredAt, began, "a stale answer stays as old as it is");
  });

  it("takes no older answer to another question for one", async () => {
    const lost = new FakeStore("lost", flow);
    const previous = await read([entryOf(lost, "demo-eu", "eu")], { change: { namespaces: ["shop"] } });
    lost.says = new MeshError("unreachable", say("The connection was refused"));
    const reading = await read([entryOf(lost, "demo-eu", "eu")], { previous, change: { namespaces: ["other"] } });
    assert.equal(reading.calls.length, 0);
    assert.equal(reading.empty?.cause, "noAnswer");
    const past = await read([entryOf(lost, "demo-eu", "eu")], { previous, change: { atMillis: 0 } });
    assert.equal(past.calls.length, 0);
  });

  for (const [what, change] of [
    ["another window", { windowSeconds: 86_400 }],
    ["idle edges, too", { withIdleEdges: true }],
  ] as const) {
    it(`takes no older answer without ${what} for one with it`, async () => {
      const lost = new FakeStore("lost", flow);
      const previous = await read([entryOf(lost, "demo-eu", "eu")]);
      lost.says = new MeshError("unreachable", say("The connection was refused"));
      const reading = await read([entryOf(lost, "demo-eu", "eu")], { previous, change });
      assert.deepEqual([reading.calls.length, reading.stores[0]?.state], [0, "error"]);
    });
  }

  for (const [windowSeconds, minutes] of [
    [60, 15],
    [3600, 60],
  ] as const) {
    it(`keeps an answer over ${windowSeconds} seconds for ${minutes} minutes and no longer`, async () => {
      const clock = new ManualClock();
      const lost = new FakeStore("lost", flow);
      const asking = { clock, change: { windowSeconds } };
      const first = await read([entryOf(lost, "demo-eu", "eu")], asking);
      lost.says = new MeshError("unreachable", say("The connection was refused"));
      await clock.advance(minutes * 60_000);
      const still = await read([entryOf(lost, "demo-eu", "eu")], { ...asking, previous: first });
      assert.deepEqual([still.calls.length, still.stores[0]?.state], [1, "stale"]);
      await clock.advance(1000);
      const later = await read([entryOf(lost, "demo-eu", "eu")], { ...asking, previous: still });
      assert.deepEqual([later.calls.length, later.stores[0]?.state], [0, "error"]);
    });
  }

  it("tells calls of a stale store from others, also those that only end there", async () => {
    const crossing = "source shop/front@eu -> shop/pay > shop/pay@us | http 200 mtls=mutual_tls | 2";
    const lost = new FakeStore("lost", flowInUs);
    const stores = [entryOf(new FakeStore("good", `${flow}\n${crossing}`), "demo-eu", "eu"), entryOf(lost, "demo-us")];
    const previous = await read(stores);
    lost.says = new MeshError("unreachable", say("The connection was refused"));
    const reading = await read(stores, { previous });
    const staleIn = (one: TopologyReading) =>
      one.calls
        .filter((call) => isStale(one, { calls: [call] }))
        .map(({ source, service }) => `${source.place.label} ${service?.name}`)
        .sort();
    assert.deepEqual(staleIn(reading), ["eu pay", "us cart"]);
    assert.deepEqual(staleIn(previous), []);
    const places = new Map(reading.calls.map(({ source: { place } }) => [place.label, place]));
    assert.deepEqual(
      ["eu", "us"].map((label) => isStalePlace(reading, places.get(label))),
      [false, true],
    );
  });

  it("lets a central store that answers speak for a cluster whose own one is stale", async () => {
    const central = new FakeStore("central", `${flow}\n${flowInUs}`);
    const own = new FakeStore("own", flowInUs.replace("| 3", "| 9"));
    const stores = [entryOf(central, "demo-eu", "eu"), entryOf(own, "demo-us", "us")];
    const previous = await read(stores);
    own.says = new MeshError("unreachable", say("The connection was refused"));
    const reading = await read(stores, { previous });
    const inUs = reading.calls.find(({ source }) => source.place.label === "us");
    assert.equal(inUs?.rps, 3);
    assert.equal(previous.calls.find(({ source }) => source.place.label === "us")?.rps, 9);
  });

  it("says of a cluster what keeps it from being read, and of namespaces, too", async () => {
    const error = new MeshError("forbidden", say("You may not list pods in namespace {0}", "pay"));
    const down = entryOf(undefined, "demo-us", "us");
    const refused = new MeshError("unreachable", say("The connection was refused"));
    const failed: StoreEntry = {
      ...down,
      status: down.status && { ...down.status, state: "unreachable", error: refused },
    };
    const cluster = { context: "demo-eu", unread: [{ namespace: "pay", kind: "Pod", error }] };
    const facts = {
      meshes: [{ clusters: [cluster] }],
      services: [],
      workloads: [],
      config: { unread: ["Gateway in x"] },
    };
    const reading = await readTopology(
      { stores: [entryOf(new FakeStore("good", flow), "demo-eu", "eu"), failed], facts: facts as never },
      query,
      { clock: new ManualClock(), log },
      new AbortController().signal,
    );
    assert.deepEqual(problemsOf(reading), [
      "demo-us: The connection was refused",
      "pay: Pod cannot be read. You may not list pods in namespace pay",
      "Some configuration cannot be read, so badges are missing: Gateway in x",
    ]);
    assert.equal(reading.calls.length, 1);
  });

  it("says what a store could not answer, with the query, and leaves out what it never had", async () => {
    const store = new FakeStore("half", flow);
    store.missing = [
      { what: say("Requests of old proxies"), why: say("too many series"), about: "requests" },
      { what: say("Latency"), why: say("there is none"), about: "latency", isAbsent: true },
    ];
    const reading = await read([bareEntry(store)]);
    assert.deepEqual(problemsOf(reading), ["Store half: Requests of old proxies. too many series"]);
    assert.equal(reading.problems[0]?.query, "sum(rate(istio_requests_total[1m]))");
  });

  it("rejects with the signal's reason and nothing else", async () => {
    const reason = new Error("left");
    await assert.rejects(read([bareEntry(new FakeStore("a", flow))], { signal: AbortSignal.abort(reason) }), reason);
  });

  it("names the address of a store once where the failure names it already", async () => {
    const store = new FakeStore("a", new MeshError("unreachable", say("{0} cannot be reached", "Store a")));
    assert.deepEqual(problemsOf(await read([bareEntry(store)])), ["Store a cannot be reached"]);
  });

  it("survives a mistake in a store", async () => {
    const reading = await read([bareEntry(new FakeStore("a", flow)), bareEntry(new FakeStore("b", new Error("oops")))]);
    assert.equal(reading.calls.length, 1);
    assert.deepEqual(problemsOf(reading), ["Store b: oops"]);
  });
});

describe("the time of a reading", () => {
  const at = Date.UTC(2025, 11, 31, 12, 0, 7, 300);

  it("is exact where nobody aligns it", async () => {
    const reading = await read([bareEntry(new FakeStore("a", flow))], { change: { atMillis: at } });
    assert.equal(reading.atMillis, at);
  });

  it("is now where a later one is asked for", async () => {
    const clock = new ManualClock();
    const change = { atMillis: clock.now() + 60_000 };
    const reading = await read([bareEntry(new FakeStore("a", flow))], { change, clock });
    assert.equal(reading.atMillis, clock.now());
  });

  for (const [windowSeconds, step] of [
    [60, 6],
    [150, 15],
    [3600, 15],
  ] as const) {
    it(`of ${windowSeconds} seconds is a multiple of ${step}`, async () => {
      const change = { atMillis: at, isAligned: true, windowSeconds };
      const { atMillis } = await read([bareEntry(new FakeStore("a", flow))], { change });
      assert.equal(atMillis % (step * 1000), 0);
      assert.ok(at - atMillis < step * 1000 && atMillis <= at);
    });
  }

  it("widens a window that is shorter than two and a half scrapes of the slowest store, and says so", async () => {
    const stores = [bareEntry(new FakeStore("a", flow), 15), bareEntry(new FakeStore("b", flowInUs), 30)];
    const reading = await read(stores);
    assert.equal(reading.windowSeconds, 75);
    assert.deepEqual(problemsOf(reading), [
      "The window is 75 seconds instead of 60: a rate needs two and a half scrapes",
    ]);
    assert.equal(reading.problems[0]?.severity, "info");
  });
});

describe("a reading without calls", () => {
  const silent = () => new FakeStore("a");

  it("says that there is no Prometheus", async () => {
    const { empty } = await read([entryOf(undefined, "demo-eu")]);
    assert.deepEqual([empty?.cause, empty?.wayOut], ["noPrometheus", "setPrometheus"]);
  });

  it("says that no store answered", async () => {
    const store = new FakeStore("a", new MeshError("unreachable", say("The connection was refused")));
    const { empty } = await read([bareEntry(store)]);
    assert.deepEqual([empty?.cause, empty?.wayOut], ["noAnswer", "retry"]);
  });

  it("says that there are no series, with the query to copy", async () => {
    const store = silent();
    store.presence = () => ({ ...nothingFlows, seriesExist: false });
    const { empty } = await read([bareEntry(store)]);
    assert.deepEqual([empty?.cause, empty?.wayOut, empty?.query], ["noSeries", "runDoctor", "count(x)"]);
  });

  it("says that there are no data of a past time where there are series now", async () => {
    const clock = new ManualClock();
    const saidAt = async (since: number): Promise<string> => {
      const store = silent();
      store.presence = (_, atMillis) => ({ ...nothingFlows, seriesExist: atMillis >= since });
      const { empty } = await read([bareEntry(store)], { change: { atMillis: 1000 }, clock });
      assert.equal(empty?.cause, "noSeries");
      return fill(empty.words);
    };
    assert.match(await saidAt(clock.now()), /has no data at that time/);
    assert.match(await saidAt(Infinity), /holds none of Istio's series/);
  });

  it("says which labels are missing", async () => {
    const store = silent();
    store.presence = () => ({ ...nothingFlows, labelsFit: false, missingLabels: ["source_workload"] });
    const { empty } = await read([bareEntry(store)]);
    assert.equal(empty?.cause, "wrongLabels");
    assert.match(fill(empty.words), /source_workload/);
  });

  it("says where traffic flows instead of the namespaces that are chosen", async () => {
    const store = silent();
    store.presence = () => ({ ...nothingFlows, flowingNamespaces: ["shop", "pay"] });
    const { empty } = await read([bareEntry(store)], { change: { namespaces: ["idle"] } });
    assert.deepEqual([empty?.cause, empty?.wayOut], ["filtered", "allNamespaces"]);
    assert.match(fill(empty?.words ?? say("")), /pay, shop/);
  });

  it("says that the window may be too short where no scrape interval is known and a longer one has traffic", async () => {
    const store = silent();
    store.presence = (windowSeconds) => ({ ...nothingFlows, flowingNamespaces: windowSeconds >= 300 ? ["shop"] : [] });
    const entry = { ...bareEntry(store), capabilities: undefined };
    const { empty } = await read([entry]);
    assert.deepEqual([empty?.cause, empty?.wayOut, empty?.windowSeconds], ["shortWindow", "widenWindow", 300]);
  });

  it("says that nothing flows, and offers a longer window, in the end idle edges", async () => {
    const { empty } = await read([bareEntry(silent())]);
    assert.deepEqual([empty?.cause, empty?.wayOut, empty?.windowSeconds], ["noTraffic", "widenWindow", 300]);
    const day = await read([bareEntry(silent())], { change: { windowSeconds: 86_400 } });
    assert.deepEqual([day.empty?.cause, day.empty?.wayOut], ["noTraffic", "showIdle"]);
  });

  it("says that none of the traffic is of the kind that is chosen", async () => {
    const ztunnel = "ztunnel source shop/a@eu -> shop/b > shop/b@eu | tcp mtls=mutual_tls | 5 down 6";
    const { empty } = await read([bareEntry(new FakeStore("a", ztunnel))], { change: { ambient: "waypoint" } });
    assert.equal(empty?.cause, "filtered");
  });

  it("explains nothing where there are calls", async () => {
    assert.equal((await read([bareEntry(new FakeStore("a", flow))])).empty, undefined);
  });
});

describe("latencies of a reading", () => {
  const withLatency = { change: { withLatency: true } };

  function answering(p95: number, cluster: string) {
    return (by: readonly string[]) => {
      if (!by.includes("source_workload") || !by.includes("destination_service_name")) return undefined;
      const labels = {
        ...{ source_cluster: "eu", source_workload_namespace: "shop", source_workload: "front" },
        ...{ destination_cluster: cluster, destination_service_namespace: "shop", destination_service_name: "cart" },
        request_protocol: "http",
      };
      const table = tableOf([{ metric: "requests", labels, value: 1 }]);
      const all = { p50: Float64Array.of(1), p95: Float64Array.of(p95), p99: Float64Array.of(9) };
      return { by: by as never, length: 1, strings: table.strings, labels: table.labels, ...all };
    };
  }

  it("are those of the store that counts for the destination's cluster", async () => {
    const crossing = "shop/front@eu -> shop/cart > shop/cart@us | http 200";
    const source = new FakeStore("eu", `source ${crossing} | 5`);
    const destination = new FakeStore("us", `destination ${crossing} mtls=mutual_tls | 5`);
    source.latency = answering(3, "us");
    destination.latency = answering(2, "us");
    const reading = await read([entryOf(source, "demo-eu", "eu"), entryOf(destination, "demo-us", "us")], withLatency);
    const rows = reading.latency.find(({ scope }) => scope === "callerToService")?.rows ?? [];
    assert.deepEqual(
      rows.map(({ p95 }) => p95),
      [2],
    );
    assert.equal(rows[0]?.destinationPlace, reading.calls[0]?.service?.place, "places are the calls' own");
  });

  it("of requests whose cluster nobody told are the caller's cluster's", async () => {
    const store = new FakeStore("eu", "source shop/front@eu -> shop/cart > ?@? | http 503 flags=UH | 5");
    store.latency = answering(4, "unknown");
    const reading = await read([entryOf(store, "demo-eu", "eu")], withLatency);
    const [row] = reading.latency.find(({ scope }) => scope === "callerToService")?.rows ?? [];
    assert.deepEqual([row?.p95, row?.destinationPlace.label], [4, "eu"]);
  });

  it("of calls that name no service are asked for apart, of just these", async () => {
    const store = new FakeStore("eu", "destination shop/front@eu -> ? > shop/cart@eu | http 200 mtls=none | 5");
    await read([entryOf(store, "demo-eu", "eu")], withLatency);
    assert.deepEqual(store.asked[1]?.where, [{ label: "destination_service_name", anyOf: ["", "unknown"] }]);
    assert.equal(store.asked.length, 2);
  });

  it("are not asked for where they are not shown", async () => {
    const store = new FakeStore("eu", flow);
    await read([entryOf(store, "demo-eu", "eu")]);
    assert.deepEqual(
      store.asked.map(({ latencyBy }) => latencyBy),
      [[]],
    );
  });
});
