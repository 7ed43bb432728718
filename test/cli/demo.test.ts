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

  for (const [telemetry, metric] of [
    ["v2", "istio_request_duration_milliseconds_bucket"],
    ["v1", "istio_request_duration_seconds_bucket"],
    ["ambient", 'app="waypoint"'],
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
      assert.equal(err, "Serving the demo mesh to Prometheus. Ctrl+C ends it.\n");
    });
  }

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
