import assert from "node:assert/strict";
import { test } from "node:test";
import { commandPlaces, contextKeys, viewIds, walkthroughId } from "../../../src/editor/ids.ts";
import { contributes, readText, spoken } from "./manifest.ts";
import { keysOf } from "./whenClause.ts";

const [walkthrough, ...others] = contributes.walkthroughs;
const steps = walkthrough?.steps ?? [];

test("O1: there is one walkthrough, the one that the command opens, with at most five steps", () => {
  assert.deepEqual(others, []);
  assert.equal(walkthrough?.id, walkthroughId);
  assert.ok(steps.length >= 3 && steps.length <= 5);
});

test("O1: every step begins with a verb and completes by something that exists", () => {
  for (const { title, completionEvents } of steps) {
    assert.match(spoken(title), /^(Choose|See|Open|Narrow|Ask) /);
    assert.ok(completionEvents.length > 0);
    for (const event of completionEvents) assert.ok(exists(event), event);
  }
});

function exists(event: string): boolean {
  const colon = event.indexOf(":");
  const [kind, what] = [event.slice(0, colon), event.slice(colon + 1)];
  if (kind === "onCommand") return what in commandPlaces;
  if (kind === "onView") return Object.values(viewIds).includes(what);
  return kind === "onContext" && keysOf(what).every((key) => (contextKeys as readonly string[]).includes(key));
}

test("O1: pictures have words for those who do not see them, and take every colour from the theme", () => {
  for (const { media } of steps) {
    assert.ok(spoken(media.altText).length > 20, media.svg);
    const colors = [...readText(media.svg).matchAll(/(?:fill|stroke)="([^"]*)"/g)].map((match) => match[1] ?? "");
    assert.deepEqual(
      colors.filter((color) => color !== "none" && !color.startsWith("var(--vscode-")),
      [],
    );
  }
});
