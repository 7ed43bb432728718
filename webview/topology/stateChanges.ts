import type { LoadParams } from "../../src/protocol/topology/topologyContract.ts";
import type { PageState } from "./pageState.ts";

// What a change of the page's state asks for: reading, marking what was read, or only drawing it anew.

export function loadParams(state: PageState): LoadParams {
  const { view, windowSeconds, atMillis, namespaces, ambient, label, find, hide, show } = state;
  const idle = { withIdleEdges: show.idleEdges, withIdleNodes: show.idleNodes };
  return { view, windowSeconds, atMillis, namespaces, ambient, ...idle, label, find, hide };
}

export function needsReading(before: PageState, after: PageState): boolean {
  const isQuantile = after.label === "p50" || after.label === "p95" || after.label === "p99";
  return (
    before.view !== after.view ||
    before.windowSeconds !== after.windowSeconds ||
    before.atMillis !== after.atMillis ||
    before.namespaces !== after.namespaces ||
    before.ambient !== after.ambient ||
    before.show.idleEdges !== after.show.idleEdges ||
    // Quantiles are read only where they are shown.
    (before.label !== after.label && isQuantile)
  );
}

/** The marks of one picture: an answer that was asked for with others is marked once more. */
export type Marks = Pick<LoadParams, "find" | "hide" | "label" | "withIdleNodes">;

export function marksOf(state: PageState): Marks {
  const { find, hide, label, withIdleNodes } = loadParams(state);
  return { find, hide, label, withIdleNodes };
}

export function areSameMarks(a: Marks, b: Marks): boolean {
  return a.find === b.find && a.hide === b.hide && a.label === b.label && a.withIdleNodes === b.withIdleNodes;
}

export function needsScene(before: PageState, after: PageState): boolean {
  return (
    before.show !== after.show ||
    before.hiddenProtocols !== after.hiddenProtocols ||
    before.hiddenBoxes !== after.hiddenBoxes ||
    before.focus !== after.focus ||
    before.collapsed !== after.collapsed
  );
}
