import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { needClusterClient } from "../../src/cli/nodeVersion.ts";
import { processTerminal } from "../../src/cli/terminal.ts";
import { MeshError } from "../../src/mesh/meshError.ts";

function refusal(version: string): MeshError | undefined {
  try {
    needClusterClient(version);
    return undefined;
  } catch (e) {
    if (MeshError.is(e, "unsupported")) return e;
    throw e;
  }
}

describe("the Node that talks to a cluster", () => {
  for (const [version, isEnough] of [
    ["18.19.1", false],
    ["20.20.2", false],
    ["22.9.0", false],
    ["22.14.0", false],
    ["22.15.0", true],
    ["22.15.0-nightly20250401", true],
    ["23.0.0", true],
    ["24.0.0", true],
    ["24.21.0", true],
    ["100.0.0", true],
  ] as const) {
    it(`${isEnough ? "may" : "may not"} be ${version}`, () => {
      assert.equal(refusal(version) === undefined, isEnough);
    });
  }

  it("is named where it is too old, with the one that is needed and what works without it", () => {
    let err = "";
    const stderr = { write: (text: string) => (err += text) };
    const error = refusal("20.20.2");
    assert.ok(error);
    processTerminal({ stdout: {}, stderr, env: {} } as unknown as NodeJS.Process).fail(error);
    assert.equal(
      err,
      "foreyard: Talking to a cluster needs Node 22.15 or newer; this is 20.20.2. " +
        "Install a newer Node, or add --demo to look at the demo mesh.\n",
    );
  });
});
