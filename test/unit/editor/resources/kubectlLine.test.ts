import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { kubectlLine, quoted } from "../../../../src/editor/resources/kubectlLine.ts";

const rollout = { group: "argoproj.io", kind: "Rollout", namespace: "shop", name: "cart" };

describe("a kubectl line", () => {
  it("names context, namespace and kind with its group", () => {
    const kind = { group: "argoproj.io", version: "v1alpha1", kind: "Rollout", plural: "rollouts", namespaced: true };
    assert.equal(
      kubectlLine("prod-eu", rollout, kind),
      "kubectl --context prod-eu -n shop get rollouts.argoproj.io/cart -o yaml",
    );
  });

  it("has no namespace for what is in none", () => {
    const node = { group: "", kind: "Node", namespace: "", name: "node-b" };
    assert.equal(kubectlLine("prod-eu", node, undefined), "kubectl --context prod-eu get node/node-b -o yaml");
  });

  it("keeps a context of any characters one word of the shell", () => {
    assert.equal(
      kubectlLine("it's; rm -rf $HOME", rollout, undefined),
      `kubectl --context 'it'\\''s; rm -rf $HOME' -n shop get rollout.argoproj.io/cart -o yaml`,
    );
  });

  it("quotes so that a real shell reads the same word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary-ascii" }), (word) => {
        fc.pre(!word.includes("\0"));
        assert.equal(execFileSync("/bin/sh", ["-c", `printf %s ${quoted(word)}`], { encoding: "utf8" }), word);
      }),
      { numRuns: 50 },
    );
  });
});
