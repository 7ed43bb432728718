import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runCli } from "./runCli.ts";

describe("foreyard doctor", () => {
  it("prints the diagnosis as Markdown on stdout", async () => {
    const { code, out, err } = await runCli(["doctor", "--demo"]);
    assert.equal(code, 0, err);
    assert.equal(err, "");
    for (const title of ["# Foreyard: Doctor", "## Versions", "## Cluster demo-eu", "### Way to demo-us"]) {
      assert.ok(out.includes(`${title}\n`), title);
    }
    assert.match(out, /- \*\*✓ kubectl auth can-i list pods --all-namespaces\*\*: allowed\n/);
    assert.match(out, /- \*\*Control plane istio-system\/istiod-1-29\*\*: Istio 1\.29\.2/);
    assert.match(out, /- \*\*HTTP and gRPC\*\*: yes/);
  });

  it("fails with a sentence where there is nothing to diagnose", async () => {
    const { code, out, err } = await runCli(["doctor", "--demo", "--context", "nowhere"]);
    assert.equal(code, 1);
    assert.equal(out, "");
    assert.equal(err, "foreyard: There is no context nowhere. There are: demo-eu, demo-us.\n");
  });
});
