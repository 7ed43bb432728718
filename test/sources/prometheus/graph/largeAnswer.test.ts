import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { EdgeAnswer } from "../../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import { edgeLabels } from "../../../../src/mesh/telemetry/edges/edgeTable.ts";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import { sendJson, startFakeStore, vectorOf, type FakeStore } from "../fakeStore.ts";
import { realClock, silentLog } from "../surroundings.ts";

const seriesCount = 75_000;

/** Series as a store writes them that was asked for every label of Istio's. */
function largeVector(): Buffer {
  const parts: string[] = ['{"status":"success","data":{"resultType":"vector","result":['];
  for (let i = 0; i < seriesCount; i++) {
    const labels: [string, string][] = edgeLabels.map((label) => [label, `value-of-${label}-${i % 997}`]);
    labels.push([
      "destination_principal",
      `spiffe://cluster.local/ns/team-${i % 60}/sa/service-account-of-${i % 5000}`,
    ]);
    labels.push(["destination_service", `service-${i % 5000}.team-${i % 60}.svc.cluster.local`]);
    labels.push(["source_canonical_revision", "latest"], ["source_workload", `workload-number-${i}`]);
    parts.push(JSON.stringify({ metric: Object.fromEntries(labels), value: [1_700_000_000.123, String(i / 7)] }));
    parts.push(i === seriesCount - 1 ? "" : ",");
  }
  parts.push("]}}");
  return Buffer.from(parts.join(""));
}

describe("an answer of 75,000 series", () => {
  let store: FakeStore;
  let answer: EdgeAnswer | undefined;
  let turns = 0;
  let longestMillis = 0;

  before(async () => {
    const body = largeVector();
    store = await startFakeStore(({ params }, response) => {
      if (!params.get("query")?.includes("istio_tcp")) {
        response.writeHead(200, { "content-type": "application/json" }).end(body);
      } else sendJson(response, vectorOf());
    });
    const source = openPrometheus({ url: store.url }, { log: silentLog, clock: realClock });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let isRunning = true;
    const turn = (): void => {
      turns++;
      if (isRunning) setImmediate(turn);
    };
    delay.enable();
    setImmediate(turn);
    answer = await source.graph?.edges(
      { windowSeconds: 60, atMillis: 1_700_000_000_000, namespaces: undefined, withIdle: false, latencyBy: [] },
      AbortSignal.timeout(60_000),
    );
    isRunning = false;
    delay.disable();
    longestMillis = delay.max / 1e6;
    source.dispose();
  });

  after(() => store.close());

  it("is read whole", () => {
    assert.ok(answer);
    const { edges, cost } = answer;
    assert.equal(edges.length, seriesCount);
    const last = seriesCount - 1;
    assert.equal(edges.strings[edges.labels.source_workload?.[last] ?? 0], `workload-number-${last}`);
    assert.equal(edges.values[last], Number(String(last / 7)));
    assert.ok(cost.bytes > 60_000_000, `${cost.bytes} bytes`);
  });

  it("lets others have their turn at least once in each MiB", (t) => {
    assert.ok(answer);
    const { bytes, decodeMillis, waitMillis } = answer.cost;
    t.diagnostic(
      `${(bytes / 1e6).toFixed(1)} MB: decoding ${decodeMillis.toFixed(0)} ms, all of it ${waitMillis.toFixed(0)} ms, ` +
        `longest gap of the event loop ${longestMillis.toFixed(1)} ms`,
    );
    assert.ok(turns >= bytes / (1 << 20), `${turns} turns`);
  });
});
