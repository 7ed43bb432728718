import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { runCli, startCli, type Ended } from "./runCli.ts";

type Row = Readonly<Record<string, unknown>>;

const trafficFields = [
  ...["cluster", "context", "clusterUid", "namespace", "name", "kind", "health", "rps", "errorRate", "p50", "p95"],
  ...["p99", "receivedBytesPerSecond", "sentBytesPerSecond", "inMesh", "reasons"],
];
const meshFields = [
  ...["mesh", "cluster", "context", "version", "revisions", "dataPlane", "servicesInMesh", "services", "health"],
  "reasons",
];
const healths = ["healthy", "degraded", "failing", "idle", "unknown"];

async function rowsOf(args: readonly string[]): Promise<readonly Row[]> {
  const { code, out, err } = await runCli([...args, "--format", "json"]);
  assert.equal(code, 0, err);
  return JSON.parse(out) as readonly Row[];
}

describe("foreyard list --demo --format json", () => {
  let services: readonly Row[] = [];
  let workloads: readonly Row[] = [];
  before(async () => {
    services = await rowsOf(["list", "services", "--demo"]);
    workloads = await rowsOf(["list", "workloads", "--demo"]);
  });
  const named = (namespace: string, name: string) =>
    services.filter((row) => row["namespace"] === namespace && row["name"] === name);

  for (const what of ["services", "workloads"]) {
    it(`gives rows of ${what} with exactly the promised fields and kinds of values`, () => {
      const rows = what === "services" ? services : workloads;
      assert.ok(rows.length > 20);
      for (const row of rows) {
        assert.deepEqual(Object.keys(row), trafficFields);
        for (const field of ["cluster", "context", "clusterUid", "namespace", "name", "kind"]) {
          assert.equal(typeof row[field], "string", field);
        }
        for (const field of ["rps", "errorRate", "p50", "p95", "p99", "receivedBytesPerSecond", "sentBytesPerSecond"]) {
          const value = row[field];
          assert.ok(value === null || (typeof value === "number" && value >= 0), `${field} ${String(value)}`);
        }
        assert.ok(healths.includes(String(row["health"])));
        assert.ok([true, false, null].includes(row["inMesh"] as boolean | null));
        assert.ok(Array.isArray(row["reasons"]) && row["reasons"].every((reason) => typeof reason === "string"));
      }
    });
  }

  it("gives numbers at the first call: rates, shares of 0 to 1, seconds", () => {
    const reviews = named("shop", "reviews").find(({ cluster }) => cluster === "eu");
    assert.ok(reviews);
    assert.ok(Number(reviews["rps"]) > 1);
    assert.ok(Number(reviews["errorRate"]) > 0 && Number(reviews["errorRate"]) < 1);
    assert.ok(Number(reviews["p95"]) > 0.01 && Number(reviews["p95"]) < 10);
    assert.ok(Number(reviews["p50"]) <= Number(reviews["p95"]));
  });

  it("gives idle rows 0 requests and null for errors and latencies", () => {
    const [legacy] = named("shop", "legacy");
    assert.equal(legacy?.["health"], "idle");
    assert.deepEqual([legacy["rps"], legacy["errorRate"], legacy["p95"]], [0, null, null]);
  });

  it("gives pure TCP bytes and no requests", () => {
    const [database] = named("shop", "orders-db");
    assert.ok(Number(database?.["receivedBytesPerSecond"]) > 0);
    assert.deepEqual([database?.["rps"], database?.["errorRate"]], [null, null]);
  });

  it("gives one row for each member of a mesh service", () => {
    const charge = named("payments", "charge");
    assert.deepEqual(charge.map(({ cluster }) => cluster).sort(), ["eu", "us"]);
    assert.equal(new Set(charge.map(({ clusterUid }) => clusterUid)).size, 2);
  });

  it("gives one row for each cluster of a mesh", async () => {
    const rows = await rowsOf(["list", "meshes", "--demo"]);
    assert.equal(rows.length, 2);
    for (const row of rows) assert.deepEqual(Object.keys(row), meshFields);
    assert.equal(new Set(rows.map(({ mesh }) => mesh)).size, 1);
  });

  it("keeps to the contexts and namespaces asked for", async () => {
    const rows = await rowsOf(["list", "services", "--demo", "--context", "demo-us", "-n", "shop"]);
    assert.ok(rows.length > 0);
    assert.ok(rows.every(({ context, namespace }) => context === "demo-us" && namespace === "shop"));
  });

  it("gives an empty list, not an error, where nothing matches", async () => {
    assert.deepEqual(await rowsOf(["list", "services", "--demo", "-n", "nowhere"]), []);
  });
});

describe("foreyard list --demo, as a table", () => {
  it("aligns columns under their titles, with units, idle and no-data words", async () => {
    const { code, out } = await runCli(["list", "services", "--demo", "-n", "shop", "--context", "demo-eu"]);
    assert.equal(code, 0);
    const [title = "", ...lines] = out.trimEnd().split("\n");
    assert.deepEqual(title.split(/ {2,}/), [
      ...["NAMESPACE", "NAME", "KIND", "HEALTH", "RATE", "ERRORS", "P95", "RECEIVED", "SENT", "MESH"],
    ]);
    const health = title.indexOf("HEALTH");
    for (const line of lines) assert.ok(healths.includes(line.slice(health).split(" ")[0] ?? ""), line);
    const cells = (name: string) => lines.find((line) => line.split(/ +/)[1] === name)?.split(/ {2,}/) ?? [];
    assert.match(cells("reviews")[4] ?? "", /^[\d.]+ rps$/);
    assert.match(cells("reviews")[5] ?? "", /^[\d.]+%$/);
    assert.match(cells("reviews")[6] ?? "", /^[\d.]+ (ms|s)$/);
    assert.deepEqual(cells("legacy").slice(3), ["idle", "idle", "–", "–", "–", "–", "no"]);
    assert.equal(cells("orders-db")[4], "–");
    assert.match(cells("orders-db")[7] ?? "", /^[\d.]+ k?B\/s$/);
  });

  it("says that there is nothing instead of printing titles without rows", async () => {
    const { code, out, err } = await runCli(["list", "services", "--demo", "-n", "nowhere"]);
    assert.deepEqual({ code, out, err }, { code: 0, out: "", err: "There are no services to list.\n" });
  });

  it("says which window it used where the demo's history is shorter than the one asked for", async () => {
    const { code, err } = await runCli(["list", "services", "--demo", "--window", "2h"]);
    assert.equal(code, 0);
    assert.equal(err, "The demo mesh has 60 minutes of history: its rates are of these, not of --window.\n");
  });

  it("says nothing of the demo's history where it is long enough", async () => {
    const { err } = await runCli(["list", "services", "--demo", "--window", "1h"]);
    assert.equal(err, "");
  });

  it("shows the cluster where there are several", async () => {
    const { out } = await runCli(["list", "workloads", "--demo", "-n", "shop"]);
    assert.match(out, /^CLUSTER {2}/);
    assert.match(out, /^us /m);
  });

  it("lists meshes with versions, revisions and counts", async () => {
    const { out } = await runCli(["list", "meshes", "--demo"]);
    assert.match(out, /^MESH +CLUSTER +ISTIO +REVISIONS +DATA PLANE +IN MESH +HEALTH\n/);
    assert.match(out, / 1\.\d+\.\d+ .* \d+ of \d+ /);
  });

  it("writes no colour where stdout is no terminal", async () => {
    const { out } = await runCli(["list", "services", "--demo"], { env: { TERM: "xterm-256color" } });
    assert.equal(out.includes("\u001b"), false);
  });

  it("writes numbers in the user's locale", async () => {
    const { out } = await runCli(["list", "services", "--demo"], { env: { LANG: "de_DE.UTF-8" } });
    assert.match(out, /\d,\d+ rps/);
  });
});

describe("foreyard list, ended from outside", () => {
  it("ends quietly when its reader goes away", async () => {
    const home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
    const running = startCli(["list", "services", "--demo", "--format", "json"], home);
    running.closeOutput();
    const { code, err } = await running.ended;
    assert.equal(err, "");
    assert.equal(code, 0);
    await rm(home, { recursive: true });
  });
});

describe("foreyard list with a kubeconfig", () => {
  let home = "";
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
  });
  after(() => rm(home, { recursive: true, force: true }));

  async function withKubeconfig(text: string, args: readonly string[] = []): Promise<Ended> {
    const file = path.join(home, "kubeconfig");
    await writeFile(file, text);
    return startCli(["list", "services", "--kubeconfig", file, ...args], home).ended;
  }

  function kubeconfig(servers: Readonly<Record<string, string>>, current?: string): string {
    const named = (body: (name: string, server: string) => object) =>
      Object.entries(servers).map(([name, server]) => ({ name, ...body(name, server) }));
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: named((_, server) => ({ cluster: { server } })),
      contexts: named((name) => ({ context: { cluster: name, user: name } })),
      users: named(() => ({ user: { token: "s3cr3t-token" } })),
      ...(current === undefined ? {} : { "current-context": current }),
    });
  }

  it("says where it looked and what to do where there is none", async () => {
    const { code, out, err } = await startCli(["list", "services"], home).ended;
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /kubeconfig/i);
    assert.match(err, /--demo/);
  });

  for (const [what, text] of [
    ["an empty kubeconfig", ""],
    ["one without contexts", "apiVersion: v1\nkind: Config\n"],
  ] as const) {
    it(`says of ${what} that it holds none, not that it was not found`, async () => {
      const { code, err } = await withKubeconfig(text);
      assert.equal(code, 1);
      assert.ok(err.startsWith(`foreyard: The kubeconfig ${path.join(home, "kubeconfig")} holds no contexts. `), err);
    });
  }

  it("says of a folder that it is no kubeconfig", async () => {
    const { code, err } = await startCli(["list", "services", "--kubeconfig", home], home).ended;
    assert.equal(code, 1);
    assert.ok(err.startsWith(`foreyard: ${home} is not a file, so it is no kubeconfig. `), err);
  });

  it("says which contexts there are where the one asked for is none of them", async () => {
    const { code, err } = await withKubeconfig(kubeconfig({ a: "http://127.0.0.1:1", b: "http://127.0.0.1:1" }), [
      ...["--context", "c"],
    ]);
    assert.equal(code, 1);
    assert.match(err, /There is no context c\. There are: a, b\./);
  });

  it("asks for a choice where the kubeconfig names no current context", async () => {
    const { code, err } = await withKubeconfig(kubeconfig({ a: "http://127.0.0.1:1" }));
    assert.equal(code, 1);
    assert.match(err, /no current context\. Choose one with --context: a\./);
  });

  it("names the current context on stderr, and fails with a sentence where its server is not there", async () => {
    const { code, out, err } = await withKubeconfig(kubeconfig({ a: "http://127.0.0.1:1" }, "a"));
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.match(err, /^Context: a\n/);
    assert.match(err, /^a: .*127\.0\.0\.1:1.*\.$/m);
    assert.equal(err.includes("s3cr3t"), false);
  });

  it("ends within its time and quietly on Ctrl+C while a server hangs", async () => {
    const server = createServer(() => undefined);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const file = path.join(home, "hanging");
    await writeFile(file, kubeconfig({ a: `http://127.0.0.1:${port}` }, "a"));
    const running = startCli(["list", "services", "--kubeconfig", file], home);
    await once(server, "request");
    running.stop("SIGINT");
    const { code, out, err } = await running.ended;
    assert.deepEqual({ code, out, err }, { code: 130, out: "", err: "Context: a\n" });
    server.closeAllConnections();
    server.close();
  });
});
