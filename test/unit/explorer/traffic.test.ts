import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClusterFeed } from "../../../src/mesh/explorer/explorerInput.ts";
import { assessService } from "../../../src/mesh/explorer/join/assessment.ts";
import { TrafficJoin, type TrafficReading } from "../../../src/mesh/explorer/join/traffic.ts";
import type { ClusterView, ServiceView, WorkloadView } from "../../../src/mesh/inventory/views.ts";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { fill, say } from "../../../src/mesh/message.ts";
import type { TrafficRow } from "../../../src/mesh/telemetry/summaries.ts";
import {
  aCluster,
  aFeed,
  aPod,
  aRow,
  aService,
  aServiceEntry,
  aStatus,
  aWorkload,
  now,
  http,
  someCapabilities,
  someRequests,
} from "./aWorld.ts";

const eu = aCluster();
const us = aCluster({ key: "uid-us", context: "prod-us", clusterId: "us" });
const usStatus = aStatus({ context: "prod-us", key: "uid-us" });

function joined(feeds: readonly ClusterFeed[], clusters: readonly ClusterView[] = [eu]): TrafficJoin {
  const join = new TrafficJoin();
  join.setFeeds(feeds, clusters);
  return join;
}

function readingOf(
  view: ServiceView,
  feeds: readonly ClusterFeed[],
  clusters?: readonly ClusterView[],
): TrafficReading {
  const join = joined(feeds, clusters);
  join.claims.claim(view);
  return join.service(view);
}

function told(reading: TrafficReading): readonly unknown[] {
  return [reading.kind, reading.requests?.rps ?? null, ...(reading.why ? [fill(reading.why)] : [])];
}

function aGateway(): WorkloadView {
  return aWorkload("ingress", { dataPlane: "gateway" });
}

function services(...rows: readonly TrafficRow[]): ClusterFeed {
  return aFeed({ services: rows });
}

describe("joining rows to clusters", () => {
  it("takes a row by Istio's cluster ID", () => {
    assert.deepEqual(told(readingOf(aService("reviews"), [services(http("reviews", 5))])), ["flowing", 5]);
  });

  it("takes a row without a cluster ID for the source's own cluster", () => {
    const feed = services(http("reviews", 5, { clusterId: undefined }));
    assert.deepEqual(told(readingOf(aService("reviews"), [feed])), ["flowing", 5]);
  });

  it("leaves rows of clusters that are not connected alone", () => {
    const feed = services(http("reviews", 5, { clusterId: "other" }));
    assert.deepEqual(told(readingOf(aService("reviews"), [feed])), ["idle", null]);
  });

  it("takes the only cluster ID it finds where the cluster cannot tell its own", () => {
    const unnamed = aCluster({ clusterId: undefined });
    const feed = services(http("reviews", 5, { clusterId: "Kubernetes" }));
    assert.deepEqual(told(readingOf(aService("reviews"), [feed], [unnamed])), ["flowing", 5]);
  });

  it("has no data, not idle, where the cluster cannot tell its ID and several are found", () => {
    const unnamed = aCluster({ clusterId: undefined });
    const feed = services(http("ratings", 5, { clusterId: "a" }), http("details", 5, { clusterId: "b" }));
    assert.deepEqual(told(readingOf(aService("reviews"), [feed], [unnamed])), [
      "none",
      null,
      "Istio's cluster ID of prod-eu is not known, so its rows cannot be told from other clusters'",
    ]);
  });

  it("takes the source's own cluster where two share the default ID", () => {
    const clusters = [aCluster({ clusterId: "Kubernetes" }), { ...us, clusterId: "Kubernetes" }];
    const feeds = [
      services(http("reviews", 5, { clusterId: "Kubernetes" })),
      aFeed({ services: [http("reviews", 7, { clusterId: "Kubernetes" })] }, { status: usStatus }),
    ];
    const join = joined(feeds, clusters);
    const rates = ["uid-eu", "uid-us"].map((cluster) => join.service(aService("reviews", { cluster })).requests?.rps);
    assert.deepEqual(rates, [5, 7]);
  });

  it("does not count twice what a central store and the cluster's own both hold", () => {
    const central = services(http("reviews", 5), http("reviews", 7, { clusterId: "us" }));
    const own = aFeed({ services: [http("reviews", 7, { clusterId: "us" })] }, { status: usStatus });
    assert.deepEqual(told(readingOf(aService("reviews", { cluster: "uid-us" }), [central, own], [eu, us])), [
      "flowing",
      7,
    ]);
  });

  it("takes another cluster's store, and says so, where the cluster's own is silent", () => {
    const central = services(http("reviews", 7, { clusterId: "us" }));
    assert.deepEqual(told(readingOf(aService("reviews", { cluster: "uid-us" }), [central], [eu, us])), [
      "flowing",
      7,
      "Seen from prod-eu: what other clusters send is not in it",
    ]);
  });

  it("adds up rows of proxies with and without a cluster label, and gives no quantile of the two", () => {
    const reading = readingOf(aService("reviews"), [
      services(http("reviews", 5), http("reviews", 2, { clusterId: undefined })),
    ]);
    assert.deepEqual([reading.requests?.rps, reading.latency], [7, undefined]);
  });

  it("ignores a row that has nothing in it", () => {
    assert.deepEqual(told(readingOf(aService("reviews"), [services(aRow("reviews"))])), ["idle", null]);
  });
});

describe("one store asked for two clusters", () => {
  const provenance = [{ sourceId: "central", query: "q", windowSeconds: 60, atMillis: 0 }];
  const readings = (row: TrafficRow, clusters: readonly ClusterView[]) => {
    const rows = { services: [row] };
    const join = joined(
      [
        aFeed(rows, { summariesOver: { provenance } }),
        aFeed(rows, { status: usStatus, summariesOver: { provenance } }),
      ],
      clusters,
    );
    return ["uid-eu", "uid-us"].map((cluster) => told(join.service(aService("reviews", { cluster }))));
  };
  const why =
    "Prometheus monitoring/prometheus-k8s holds numbers of several clusters and does not say which these are of";
  const nobodys = [
    ["none", null, why],
    ["none", null, why],
  ];

  it("gives a row to the cluster that its label names, and nothing to the other", () => {
    assert.deepEqual(readings(http("reviews", 5, { clusterId: "us" }), [eu, us]), [
      ["idle", null],
      ["flowing", 5],
    ]);
  });

  it("gives a row without a label to neither: both would show it, and the mesh count it twice", () => {
    assert.deepEqual(readings(http("reviews", 5, { clusterId: undefined }), [eu, us]), nobodys);
  });

  it("gives a row to neither where both share the default ID", () => {
    const clusters = [eu, us].map((cluster) => ({ ...cluster, clusterId: "Kubernetes" }));
    assert.deepEqual(readings(http("reviews", 5, { clusterId: "Kubernetes" }), clusters), nobodys);
  });

  it("gives a row to neither where neither cluster can tell its ID", () => {
    const clusters = [eu, us].map((cluster) => ({ ...cluster, clusterId: undefined }));
    assert.deepEqual(readings(http("reviews", 5, { clusterId: "Kubernetes" }), clusters), nobodys);
  });

  it("still gives a row without a label to the cluster where two contexts lead to one", () => {
    const rows = { services: [http("reviews", 5, { clusterId: undefined })] };
    const join = joined([
      aFeed(rows, { summariesOver: { provenance } }),
      aFeed(rows, { status: aStatus({ context: "again" }), summariesOver: { provenance } }),
    ]);
    assert.deepEqual(told(join.service(aService("reviews"))), ["flowing", 5]);
  });
});

describe("joining rows to things", () => {
  it("joins a ServiceEntry's host that names no namespace where one entry alone declares it", () => {
    const entry = aServiceEntry("pay", ["api.pay.example"]);
    const feed = services(http("api.pay.example", 3, { namespace: "", clusterId: undefined }));
    assert.deepEqual(told(readingOf(entry, [feed])), ["flowing", 3]);
  });

  it("has no data on a host without namespace that two entries declare", () => {
    const entries = [aServiceEntry("a", ["x.example"]), aServiceEntry("b", ["x.example"], { namespace: "bank" })];
    const join = joined([services(http("x.example", 3, { namespace: "unknown", clusterId: undefined }))]);
    for (const entry of entries) join.claims.claim(entry);
    const why = "Several ServiceEntries declare x.example, and the metrics do not say which is meant";
    assert.deepEqual(
      entries.map((entry) => told(join.service(entry))),
      [
        ["none", null, why],
        ["none", null, why],
      ],
    );
  });

  const workloads = aFeed({ workloads: [http("batch", 4)] });
  const twoNamed = (pods: WorkloadView["pods"]): readonly [WorkloadView, WorkloadView] => [
    aWorkload("batch", { pods: [aPod("a")] }),
    aWorkload("batch", { kind: "StatefulSet", pods, replicas: { desired: pods.length, ready: pods.length } }),
  ];

  it("has no data on two workloads of one name that both run, since the metrics hold no kind", () => {
    const [a, b] = twoNamed([aPod("b")]);
    assert.deepEqual(told(joined([workloads]).workload(a, [b])), [
      "none",
      null,
      "The metrics cannot tell Deployment batch from StatefulSet batch",
    ]);
  });

  it("gives the row to the only one that runs", () => {
    const [a] = twoNamed([]);
    assert.deepEqual(told(joined([workloads]).workload(a, [])), ["flowing", 4]);
  });

  it("calls the one that does not run idle", () => {
    const [a, b] = twoNamed([]);
    assert.deepEqual(told(joined([workloads]).workload(b, [a])), ["idle", null]);
  });

  it("adds up what a custom controller's pods report under several names", () => {
    const view = aWorkload("set", { telemetryName: "set-a", otherTelemetryNames: ["set-b"] });
    const feed = aFeed({ workloads: [http("set-a", 4), http("set-b", 6)] });
    assert.deepEqual(told(joined([feed]).workload(view, [])), ["flowing", 10]);
  });
});

describe("a row of an answer with holes", () => {
  const bytes = { receivedBytesPerSecond: 5, sentBytesPerSecond: 7 };

  it("is not called healthy where the question about its requests failed", () => {
    const missing = [{ what: say("Requests"), why: say("timed out"), about: "requests", rows: "services" } as const];
    const reading = readingOf(aService("reviews"), [
      aFeed({ services: [aRow("reviews", { tcp: bytes })] }, { summariesOver: { missing } }),
    ]);
    assert.deepEqual(
      [
        reading.kind,
        assessService(reading, aService("reviews"), [], { format: createFormat("en"), nowMillis: now }).verdict.state,
      ],
      ["flowing", "unknown"],
    );
  });

  it("keeps its numbers, and says that there may be more, where the store warns of a partial answer", () => {
    const feed = aFeed({ services: [http("reviews", 5)] }, { summariesOver: { warnings: ["a store is down"] } });
    assert.deepEqual(told(readingOf(aService("reviews"), [feed])), [
      "flowing",
      5,
      "The answer of Prometheus monitoring/prometheus-k8s may be incomplete: a store is down",
    ]);
  });
});

describe("a gateway", () => {
  const read = (rows: Parameters<typeof aFeed>[0]): readonly unknown[] => {
    const { kind, requests, isForwarded } = joined([aFeed(rows)]).workload(aGateway(), []);
    return [kind, requests?.rps, isForwarded];
  };

  it("shows what it passes on, marked as that", () => {
    assert.deepEqual(read({ forwarded: [http("ingress", 9)] }), ["flowing", 9, true]);
  });

  it("is not given both what is sent to it and what it passes on: that is the same traffic", () => {
    assert.deepEqual(read({ forwarded: [http("ingress", 9)], workloads: [http("ingress", 8)] }), ["flowing", 9, true]);
  });

  it("shows what is sent to it where it reports nothing itself, as a waypoint does", () => {
    assert.deepEqual(read({ workloads: [http("ingress", 8)] }), ["flowing", 8, undefined]);
  });

  it("is idle where its reports say that nothing passes", () => {
    assert.deepEqual(read({ forwarded: [http("ingress", 0)] }), ["idle", 0, true]);
  });

  it("takes its own cluster's rows alone", () => {
    assert.deepEqual(read({ forwarded: [http("ingress", 9, { clusterId: "us" })] }), ["none", undefined, undefined]);
  });

  it("lends its numbers to no other workload of the name", () => {
    const join = joined([aFeed({ forwarded: [http("ingress", 9)] })]);
    assert.equal(join.workload(aWorkload("ingress"), []).kind, "idle");
  });
});

describe("a thing without a row", () => {
  const ask = (over: Parameters<typeof aStatus>[0], feedOver: Partial<ClusterFeed> = {}) =>
    told(readingOf(aService("reviews"), [aFeed({}, { status: aStatus(over), ...feedOver })]));

  it("is idle where the store is up and holds such metrics", () => {
    assert.deepEqual(ask({}), ["idle", null]);
  });

  it("has no data where no store was found", () => {
    assert.deepEqual(ask({ telemetry: { state: "none" } }, { summaries: undefined }), [
      "none",
      null,
      "No metrics source was found for prod-eu",
    ]);
  });

  it("has no data before the first answer", () => {
    assert.deepEqual(ask({}, { summaries: undefined }), [
      "none",
      null,
      "No numbers have arrived yet from Prometheus monitoring/prometheus-k8s",
    ]);
  });

  it("has no data where its namespace was not asked for", () => {
    assert.deepEqual(ask({}, { namespaces: ["bank"] }), ["none", null, "Not asked for: namespace shop is not chosen"]);
  });

  it("has no data where the store holds no such metrics, and says which were looked for", () => {
    const capabilities = someCapabilities({ http: { present: false, lookedFor: ["istio_requests_total"] } });
    assert.deepEqual(ask({ telemetry: { capabilities } }), [
      "none",
      null,
      "Prometheus monitoring/prometheus-k8s holds no such metrics. Looked for: istio_requests_total",
    ]);
  });

  it("is idle in ambient where the store holds TCP alone, which ztunnel reports for all traffic", () => {
    const capabilities = someCapabilities({ http: { present: false, lookedFor: [] } });
    const view = aService("reviews", { dataPlanes: ["ambient"] });
    assert.equal(readingOf(view, [aFeed({}, { status: aStatus({ telemetry: { capabilities } }) })]).kind, "idle");
  });

  it("has no data where a part of the answer is missing", () => {
    const missing = [{ what: say("Request rates"), why: say("the query timed out") }];
    assert.deepEqual(told(readingOf(aService("reviews"), [aFeed({}, { summariesOver: { missing } })])), [
      "none",
      null,
      "Request rates: the query timed out",
    ]);
  });

  const failed = {
    what: say("Requests of services"),
    why: say("timed out"),
    about: "requests",
    rows: "services",
  } as const;

  it("is idle where the part that failed is not its own", () => {
    const tcpOnly = aService("db", { ports: [{ name: "tcp", port: 1, protocol: "tcp" }] });
    assert.equal(readingOf(tcpOnly, [aFeed({}, { summariesOver: { missing: [failed] } })]).kind, "idle");
  });

  it("is idle where the store holds no TCP at all, which nobody missed", () => {
    const missing = [{ what: say("TCP bytes"), why: say("There is no series."), isAbsent: true as const }];
    assert.equal(readingOf(aService("reviews"), [aFeed({}, { summariesOver: { missing } })]).kind, "idle");
  });

  it("has no data, not idle, where the store says that its answer is partial", () => {
    assert.deepEqual(
      told(readingOf(aService("reviews"), [aFeed({}, { summariesOver: { warnings: ["a store is down"] } })])),
      ["none", null, "The answer of Prometheus monitoring/prometheus-k8s may be incomplete: a store is down"],
    );
  });

  it("has no data where its bytes are zero and the question about its requests failed", () => {
    const row = aRow("reviews", { tcp: { receivedBytesPerSecond: 0, sentBytesPerSecond: 0 } });
    const feed = aFeed({ services: [row] }, { summariesOver: { missing: [failed] } });
    assert.deepEqual(told(readingOf(aService("reviews"), [feed])), ["none", null, "Requests of services: timed out"]);
  });

  it("has no data where it is the Service of a gateway, which no series names", () => {
    const forwarded = [http("ingress", 9)];
    const reading = joined([aFeed({ forwarded })]).service(aService("ingress", { dataPlanes: ["gateway"] }));
    assert.deepEqual(told(reading), [
      "none",
      null,
      "The metrics do not name the Service of a gateway. What passes is shown at its workload and counted at the services behind",
    ]);
  });

  it("has no data, not idle, where it is a gateway that reports nothing", () => {
    const why = "No series of its own tells what it passes on; the services behind count it";
    assert.deepEqual(told(joined([aFeed()]).workload(aGateway(), [])), ["none", null, why]);
  });

  it("has no data for the store's reason, gateway or not, where the store is the trouble", () => {
    const feed = aFeed({}, { status: aStatus({ telemetry: { state: "none" } }), summaries: undefined });
    assert.deepEqual(told(joined([feed]).workload(aGateway(), [])), [
      "none",
      null,
      "No metrics source was found for prod-eu",
    ]);
  });

  it("has no data where no feed speaks of its cluster", () => {
    assert.deepEqual(told(readingOf(aService("reviews"), [])), ["none", null, "No metrics source was looked for"]);
  });
});

describe("feeds that change", () => {
  it("name the clusters whose readings may have changed", () => {
    const join = new TrafficJoin();
    const [a, b] = [services(http("reviews", 5)), aFeed({}, { status: usStatus })];
    join.setFeeds([a, b], [eu, us]);
    const status = aStatus({ ...usStatus, telemetry: { state: "error" } });
    assert.deepEqual(join.setFeeds([a, { ...b, status }], [eu, us]).clusters, new Set(["uid-us"]));
  });

  it("name the things whose rows came, went or changed", () => {
    const join = new TrafficJoin();
    const views = ["same", "changed", "came", "went"].map((name) => aService(name));
    for (const view of views) join.claims.claim(view);
    const { status } = services();
    join.setFeeds([{ ...services(http("same", 1), http("changed", 1), http("went", 1)), status }], [eu]);
    const next = { ...services(http("same", 1), http("changed", 2), http("came", 1)), status };
    assert.deepEqual(join.setFeeds([next], [eu]), {
      clusters: new Set(),
      ids: new Set(views.slice(1).map(({ id }) => id)),
    });
  });

  it("name the gateways whose forwarded traffic changed", () => {
    const join = new TrafficJoin();
    const view = aGateway();
    join.claims.claim(view);
    const { status } = services();
    join.setFeeds([{ ...aFeed({ forwarded: [http("ingress", 1)] }), status }], [eu]);
    const { ids } = join.setFeeds([{ ...aFeed({ forwarded: [http("ingress", 2)] }), status }], [eu]);
    assert.deepEqual(ids, new Set([view.id]));
  });

  it("are all read again when a cluster learns its ID", () => {
    const join = new TrafficJoin();
    const feed = services(http("reviews", 5, { requests: someRequests({ rps: 5 }) }));
    join.setFeeds([feed], [aCluster({ clusterId: undefined })]);
    assert.equal(join.setFeeds([feed], [eu]).clusters, "all");
  });
});
