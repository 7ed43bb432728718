import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { loadAll } from "js-yaml";
import { runCli, startCli } from "./runCli.ts";

describe("foreyard demo serve", () => {
  let home = "";
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
  });
  after(() => rm(home, { recursive: true, force: true }));

  for (const [telemetry, metric, clusters] of [
    ["v2", "istio_request_duration_milliseconds_bucket", "eu, us"],
    ["v1", "istio_request_duration_seconds_bucket", "eu"],
    ["ambient", 'app="waypoint"', "eu, us"],
  ] as const) {
    it(`serves the ${telemetry} metrics at the address it prints, until Ctrl+C`, async () => {
      const running = startCli(["demo", "serve", "--telemetry", telemetry], home);
      const [address = ""] = await running.lines(1);
      assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
      const answer = await fetch(address);
      const text = await answer.text();
      assert.equal(answer.status, 200);
      assert.ok(text.includes("istio_requests_total{"));
      assert.ok(text.includes(metric), metric);
      running.stop("SIGINT");
      const { code, err } = await running.ended;
      assert.equal(code, 130);
      assert.match(err, /^Serving the demo mesh to Prometheus: metrics of .+ for \d+ services .+ Ctrl\+C ends it\.\n$/);
      assert.ok(err.includes(`(cluster ${clusters})`), err);
    });
  }

  it("says how many services it serves: those asked for, or the shop's own where these are more", async () => {
    const few = startCli(["demo", "serve", "--services", "3"], home);
    const many = startCli(["demo", "serve", "--services", "70"], home);
    await Promise.all([few.lines(1), many.lines(1)]);
    few.stop("SIGINT");
    many.stop("SIGINT");
    const own = /^--services 3 is raised to (\d+): .+\n/.exec((await few.ended).err)?.[1] ?? "none";
    assert.ok((await few.ended).err.includes(` for ${own} services `));
    assert.match((await many.ended).err, /^Serving .+ for 70 services /);
  });

  it("says what to do where the port is taken", async () => {
    const first = startCli(["demo", "serve"], home);
    const [address = ""] = await first.lines(1);
    const { port } = new URL(address);
    const { code, out, err } = await startCli(["demo", "serve", "--port", port], home).ended;
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.ok(err.includes(port) && err.includes("Choose another port"), err);
    first.stop("SIGTERM");
    assert.equal((await first.ended).code, 143);
  });
});

describe("foreyard demo manifests", () => {
  it("prints YAML documents of the world, and more of them for more services", async () => {
    const small = await runCli(["demo", "manifests"]);
    const large = await runCli(["demo", "manifests", "--services", "60"]);
    assert.equal(small.code, 0);
    const services = (text: string) =>
      loadAll(text).filter((object) => (object as { readonly kind?: string }).kind === "Service").length;
    assert.ok(services(small.out) > 10);
    assert.ok(services(large.out) > services(small.out));
  });

  it("prints the cluster asked for: eu, or us, which has fewer services", async () => {
    const names = (text: string) =>
      new Set(
        loadAll(text).flatMap((object) => {
          const { kind, metadata } = object as { kind: string; metadata: { namespace?: string; name: string } };
          return kind === "Service" ? [`${metadata.namespace ?? ""}/${metadata.name}`] : [];
        }),
      );
    const [unsaid, eu, us] = await Promise.all(
      [[], ["--cluster", "eu"], ["--cluster", "us"]].map((args) => runCli(["demo", "manifests", ...args])),
    );
    assert.equal(unsaid?.out, eu?.out);
    assert.ok(names(eu?.out ?? "").has("shop/legacy"));
    assert.ok(names(us?.out ?? "").has("shop/cart"));
    assert.equal(names(us?.out ?? "").has("shop/legacy"), false);
  });

  it("says that fewer services than the shop's own are raised to these", async () => {
    const { code, err } = await runCli(["demo", "manifests", "--services", "5"]);
    assert.equal(code, 0);
    assert.match(err, /^--services 5 is raised to \d+: the shop's own services are always there\.\n$/);
  });

  it("ends quietly when its reader has had enough", async () => {
    const home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
    const running = startCli(["demo", "manifests", "--services", "2000"], home);
    await running.lines(1);
    running.closeOutput();
    const { code, err } = await running.ended;
    assert.deepEqual({ code, err }, { code: 0, err: "" });
    await rm(home, { recursive: true });
  });
});
