import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runCli } from "./runCli.ts";

type Json = Readonly<Record<string, unknown>>;

interface OverviewRow extends Json {
  readonly rps: number;
  readonly errorRate: number;
  readonly clusters: readonly (Json & { readonly rps: number })[];
  readonly namespaces: readonly (Json & { readonly namespace: string; readonly rps: number | null })[];
  readonly controlPlane: { readonly cores: number; readonly memoryBytes: number; readonly parts: readonly Json[] };
  readonly worst: Readonly<Record<string, readonly { readonly value: number }[]>>;
}

interface ServiceRow {
  readonly namespace: string;
  readonly rps: number | null;
  readonly errorRate: number | null;
}

async function json<T>(what: string): Promise<readonly T[]> {
  const { code, out, err } = await runCli(["list", what, "--demo", "--format", "json"]);
  assert.equal(code, 0, err);
  return JSON.parse(out) as readonly T[];
}

describe("foreyard list overview --demo", () => {
  let rows: readonly OverviewRow[] = [];
  let services: readonly ServiceRow[] = [];
  before(async () => {
    [rows, services] = await Promise.all([json<OverviewRow>("overview"), json<ServiceRow>("services")]);
  });

  it("gives one entry for each mesh, with exactly the promised fields", () => {
    assert.equal(rows.length, 1);
    assert.deepEqual(Object.keys(rows[0] ?? {}), [
      ...["mesh", "topology", "health", "reasons", "rps", "errorRate", "receivedBytesPerSecond"],
      ...[
        "sentBytesPerSecond",
        "p95",
        "services",
        "workloads",
        "pods",
        "clusters",
        "namespaces",
        "controlPlane",
        "worst",
      ],
    ]);
  });

  it("adds up to the services' own numbers, as far as two calls some moments apart can", () => {
    const [row] = rows;
    assert.ok(row);
    const sum = (of: readonly ServiceRow[]) => of.reduce((total, { rps }) => total + (rps ?? 0), 0);
    assert.ok(Math.abs(row.rps / sum(services) - 1) < 0.02, `${row.rps} and ${sum(services)}`);
    const shop = row.namespaces.find(({ namespace }) => namespace === "shop");
    const ofShop = sum(services.filter(({ namespace }) => namespace === "shop"));
    assert.ok(Math.abs((shop?.rps ?? 0) / ofShop - 1) < 0.02);
    const byCluster = row.clusters.reduce((total, { rps }) => total + rps, 0);
    assert.ok(Math.abs(byCluster / row.rps - 1) < 1e-9);
  });

  it("tells what the control plane uses and of which parts it is", () => {
    const { controlPlane } = rows[0] ?? {};
    assert.ok(controlPlane);
    assert.ok(controlPlane.cores > 0 && controlPlane.cores < 100);
    assert.ok(controlPlane.memoryBytes > 1e6);
    const roles = new Set(controlPlane.parts.map(({ role }) => role));
    for (const role of ["istiod", "ingress", "waypoint", "ztunnel", "cni"]) assert.ok(roles.has(role), role);
  });

  it("names at most six of the worst of each kind, worst first", () => {
    for (const [kind, list] of Object.entries(rows[0]?.worst ?? {})) {
      assert.ok(list.length > 0 && list.length <= 6, kind);
      const values = list.map(({ value }) => value);
      assert.deepEqual(
        values,
        values.toSorted((a, b) => b - a),
      );
    }
  });

  it("prints tables whose lines hold no more than what people read", async () => {
    const { code, out, err } = await runCli(["list", "overview", "--demo"]);
    assert.equal(code, 0, err);
    for (const title of ["NAMESPACE", "ROLE", "WORST ERRORS", "WORST LATENCY", "MOST THROUGHPUT"]) {
      assert.match(out, new RegExp(`^${title}`, "m"));
    }
    assert.doesNotMatch(out, /NaN|undefined|null/);
  });
});
