import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { demoManifests } from "../../src/sources/demo/manifests.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../cluster/controlPlane.ts";
import { applyIstioCrds } from "../cluster/istioCrds.ts";
import { eventually } from "../support/eventually.ts";
import type { MetricsEngine } from "../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../support/prometheus.ts";
import { startCli, type Running } from "./runCli.ts";

type Row = Readonly<Record<string, unknown>>;

const skip = await controlPlaneSkip({ bare: true });

describe("foreyard list on a real API server", { skip, timeout: 180_000 }, () => {
  let cluster: ControlPlane;
  before(async () => {
    cluster = await startControlPlane({ bare: true, audit: true, viewerNamespace: "shop" });
    await applyIstioCrds(cluster);
    const file = path.join(cluster.folder, "demo.yaml");
    await writeFile(file, [...demoManifests()].join(""));
    // Kinds that are made in the same breath are known to kubectl only at the second try.
    const apply = () => cluster.kubectl("apply", "--server-side", "-f", file);
    await eventually("the demo's objects are applied", () => apply().catch(() => undefined), { seconds: 60 });
  });
  after(() => cluster.stop());

  function list(what: string, kubeconfig: string, args: readonly string[] = []): Running {
    return startCli(["list", what, "--kubeconfig", kubeconfig, "--format", "json", ...args], cluster.folder);
  }

  it("lists its services and workloads, with null for numbers that nobody measures, and exits by itself", async () => {
    const { code, out, err } = await list("services", cluster.kubeconfigs.admin).ended;
    assert.equal(code, 0, err);
    const rows = JSON.parse(out) as readonly Row[];
    const reviews = rows.find(({ namespace, name }) => namespace === "shop" && name === "reviews");
    assert.ok(reviews, out);
    assert.deepEqual([reviews["rps"], reviews["errorRate"], reviews["p95"]], [null, null, null]);
    assert.match(err, /^Context: admin\n/);
    assert.match(err, /no numbers/);
  });

  it("lists its mesh with Istio's version", async () => {
    const { code, out, err } = await list("meshes", cluster.kubeconfigs.admin).ended;
    assert.equal(code, 0, err);
    const [row] = JSON.parse(out) as readonly Row[];
    assert.match(String(row?.["version"]), /^1\.\d+\.\d+/);
    assert.equal(row?.["cluster"], "eu");
  });

  it("lists one namespace for a user who may see no more, and says what is missing", async () => {
    const { code, out, err } = await list("workloads", cluster.kubeconfigs.viewer, ["-n", "shop"]).ended;
    assert.equal(code, 0, err);
    const rows = JSON.parse(out) as readonly Row[];
    assert.ok(rows.some(({ name }) => name === "cart"));
    assert.ok(rows.every(({ namespace }) => namespace === "shop"));
    assert.match(err, /not everything is shown/);
  });

  it("fails with a sentence and no rows where the sign-in is refused", async () => {
    const { code, out, err } = await list("services", cluster.kubeconfigs.invalid).ended;
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(out), []);
    assert.match(err, /^invalid: .+\.$/m);
  });

  it("prints the rows of one context where another one fails, and fails", async () => {
    const { admin, invalid } = cluster.kubeconfigs;
    const args = ["list", "services", "--context", "invalid", "--context", "admin", "--format", "json"];
    const env = { KUBECONFIG: [admin, invalid].join(path.delimiter) };
    const { code, out, err } = await startCli(args, cluster.folder, { env }).ended;
    assert.equal(code, 1);
    assert.match(err, /^invalid: .+\.$/m);
    const rows = JSON.parse(out) as readonly Row[];
    assert.ok(rows.length > 10);
    assert.ok(rows.every(({ context }) => context === "admin"));
  });

  it("writes nothing: the audit log knows get, list, watch and access reviews only", async () => {
    const events = await cluster.auditEvents();
    const mine = events.filter(({ user }) => user.username === "admin");
    assert.ok(mine.length > 10);
    const others = mine.filter(
      ({ verb, objectRef }) =>
        !["get", "list", "watch"].includes(verb) && objectRef?.resource !== "selfsubjectaccessreviews",
    );
    assert.deepEqual(others, []);
  });

  describe("with a real Prometheus", { skip: prometheusSkip() }, () => {
    let serving: Running;
    let prometheus: MetricsEngine;
    before(async () => {
      serving = startCli(["demo", "serve"], cluster.folder);
      const [address = ""] = await serving.lines(1);
      prometheus = await startPrometheus({ targets: [{ address: new URL(address).host }], scrapeIntervalSeconds: 1 });
    });
    after(async () => {
      serving.stop("SIGTERM");
      await serving.ended;
      await prometheus.stop();
    });

    it("joins what flows to what there is", async () => {
      const args = ["-n", "shop", "--window", "10s", "--prometheus", prometheus.url];
      const reviews = await eventually("reviews has a rate", async () => {
        const { out } = await list("services", cluster.kubeconfigs.admin, args).ended;
        const row = (JSON.parse(out) as readonly Row[]).find(({ name }) => name === "reviews");
        return Number(row?.["rps"]) > 1 && Number(row?.["p95"]) > 0 ? row : undefined;
      });
      assert.ok(Number(reviews["errorRate"]) < 1);
    });
  });
});
