import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Sample } from "../../../src/mesh/telemetry/sample.ts";
import { trafficRows, type RowAnswers } from "../../../src/mesh/telemetry/trafficRows.ts";

const reviews = {
  destination_cluster: "east",
  destination_service_namespace: "shop",
  destination_service_name: "reviews",
};

function requests(value: number, labels: Readonly<Record<string, string>> = {}): Sample {
  return { labels: { ...reviews, request_protocol: "http", response_code: "200", ...labels }, value };
}

function rowsOf(answers: Partial<RowAnswers>) {
  return trafficRows({ requests: undefined, latency: undefined, tcp: undefined, ...answers }, "service");
}

describe("rows of services", () => {
  it("add up requests by how they ended", () => {
    const [row] = rowsOf({
      requests: [
        requests(10),
        requests(4, { response_code: "404" }),
        requests(3, { response_code: "503" }),
        requests(2, { response_code: "0" }),
        requests(5, { request_protocol: "grpc", grpc_response_status: "0" }),
        requests(1, { request_protocol: "grpc", grpc_response_status: "14" }),
      ],
    });
    assert.deepEqual(row?.requests, {
      rps: 25,
      errorsPerSecond: 6,
      clientErrorsPerSecond: 4,
      grpcPerSecond: 6,
      grpcErrorsPerSecond: 1,
      noResponsePerSecond: 2,
      endings: { "http 404": 4, "http 503": 3, "http -": 2, "grpc 14": 1 },
    });
  });

  it("tell idle (zeros) from absent (no part)", () => {
    const [idle] = rowsOf({ requests: [requests(0)] });
    assert.deepEqual([idle?.requests?.rps, idle && "tcp" in idle], [0, false]);
  });

  it("take a number that is none for nothing, never for 0", () => {
    assert.deepEqual(rowsOf({ requests: [requests(NaN), requests(Infinity)] }), []);
  });

  it("give an idle row empty quantiles where others have some", () => {
    const busy = { ...reviews, destination_service_name: "busy", quantile: "0.95" };
    const [idle] = rowsOf({ requests: [requests(0)], latency: [{ labels: busy, value: 0.2 }] });
    assert.deepEqual(idle?.latency, { p50: null, p95: null, p99: null });
  });

  it("give a busy row without durations no latency", () => {
    const [row] = rowsOf({ requests: [requests(3)], latency: [] });
    assert.equal(row && "latency" in row, false);
  });

  it("put each quantile in its place", () => {
    const latency = ["0.5", "0.95", "0.99"].map((quantile, i) => ({ labels: { ...reviews, quantile }, value: i + 1 }));
    assert.deepEqual(rowsOf({ latency })[0]?.latency, { p50: 1, p95: 2, p99: 3 });
  });

  it("have no cluster where the label is absent or unknown", () => {
    const rows = rowsOf({
      requests: [requests(1, { destination_cluster: "unknown" }), requests(2, { destination_cluster: "" })],
    });
    assert.deepEqual(
      rows.map((row) => [row.clusterId, row.requests?.rps]),
      [[undefined, 3]],
    );
  });

  it("have no namespace where it is unknown", () => {
    const [row] = rowsOf({ requests: [requests(1, { destination_service_namespace: "unknown" })] });
    assert.equal(row?.namespace, "");
  });

  it("keep names apart that only look joined", () => {
    const names = [
      { destination_service_namespace: "a", destination_service_name: "b/c" },
      { destination_service_namespace: "a/b", destination_service_name: "c" },
    ];
    assert.equal(rowsOf({ requests: names.map((labels) => requests(1, labels)) }).length, 2);
  });

  const noServices = [
    "unknown",
    "",
    "PassthroughCluster",
    "BlackHoleCluster",
    "InboundPassthroughCluster",
    "InboundPassthroughClusterIpv4",
    "10.0.0.7",
    "10.0.0.7:8080",
    "fd00::17",
    "[fd00::17]:8080",
  ];
  for (const name of noServices) {
    it(`leave out ${JSON.stringify(name)}`, () => {
      assert.deepEqual(rowsOf({ requests: [requests(1, { destination_service_name: name })] }), []);
    });
  }

  it("keep hosts of ServiceEntries, wildcards too", () => {
    const hosts = ["api.example.com", "*.example.com", "10-0-0-7.example.com", "cafe"];
    const rows = rowsOf({ requests: hosts.map((name) => requests(1, { destination_service_name: name })) });
    assert.deepEqual(
      rows.map(({ name }) => name),
      hosts,
    );
  });
});
