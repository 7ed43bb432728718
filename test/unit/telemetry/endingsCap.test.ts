import assert from "node:assert/strict";
import { it } from "node:test";
import { endingOf, withEnding } from "../../../src/mesh/telemetry/requestRates.ts";
import type { Endings } from "../../../src/mesh/telemetry/summaries.ts";

function endingsOf(codes: readonly number[]): Endings {
  return codes.reduce<Endings>((endings, code) => withEnding(endings, endingOf("http", String(code), ""), 1) ?? {}, {});
}

it("keeps 24 codes by themselves and adds those beyond to one that is judged alike", () => {
  const codes = Array.from({ length: 40 }, (_, i) => 510 + i);
  const endings = endingsOf(codes);
  // 24 of the 40, and the 16 others together.
  assert.equal(Object.keys(endings).length, 25);
  assert.equal(endings["http 500"], 16);
});

it("loses no request to the cap, and leaves client errors no server errors", () => {
  const endings = endingsOf([...Array.from({ length: 24 }, (_, i) => 510 + i), 451, 418]);
  assert.equal(endings["http 400"], 2);
  assert.equal(
    Object.values(endings).reduce((sum, rate) => sum + rate, 0),
    26,
  );
});
