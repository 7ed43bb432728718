import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createTextFit } from "../../../../webview/topology/canvas/textFit.ts";

/** Letters of ten pixels each. */
function fit(text: string, room: number): string {
  const context = { font: "", measureText: (measured: string) => ({ width: Array.from(measured).length * 10 }) };
  return createTextFit(context).fit(text, "12px x", room);
}

describe("a name on a node", () => {
  it("stands there whole where it fits", () => {
    assert.equal(fit("token-gateway-v2", 160), "token-gateway-v2");
  });

  it("keeps its end, which tells versions apart", () => {
    assert.equal(fit("token-gateway-v2", 100), "token-…-v2");
  });

  it("keeps only its beginning where there is hardly any room", () => {
    assert.equal(fit("token-gateway-v2", 50), "toke…");
    assert.equal(fit("token-gateway-v2", 9), "");
  });
});
