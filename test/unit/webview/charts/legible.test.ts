import assert from "node:assert/strict";
import { test } from "node:test";
import { contrast, legible } from "../../../../webview/shared/charts/legible.ts";

const dark = "#1f1f1f";
const light = "#ffffff";

function rgb(text: string): readonly [number, number, number] {
  const [red = NaN, green = NaN, blue = NaN] = (text.match(/\d+/g) ?? []).map(Number);
  return [red, green, blue];
}

void test("black on white is 21, a colour on itself 1", () => {
  assert.equal(contrast([0, 0, 0], [255, 255, 255]), 21);
  assert.equal(contrast([9, 9, 9], [9, 9, 9]), 1);
});

void test("a colour that stands out stays the theme's own", () => {
  assert.equal(legible("#3794ff", dark, "#cccccc"), "#3794ff");
  assert.equal(legible("rgb(55, 148, 255)", dark, "#cccccc"), "rgb(55, 148, 255)");
});

void test("a translucent colour that is lost on the background is mixed toward the text until it is seen", () => {
  const seen = legible("#ea5c0055", dark, "#cccccc");
  assert.ok(contrast(rgb(seen), [31, 31, 31]) >= 3, seen);
  const [red, , blue] = rgb(seen);
  assert.ok(red > blue, "it is still an orange");
});

void test("the same holds on a light background", () => {
  const seen = legible("#ffe08a", light, "#3b3b3b");
  assert.ok(contrast(rgb(seen), [255, 255, 255]) >= 3, seen);
});

void test("what is no colour of numbers stays as it is", () => {
  for (const color of ["CanvasText", "", "var(--x)", "#12", "rgb(1, 2)"])
    assert.equal(legible(color, dark, "#cccccc"), color);
});
