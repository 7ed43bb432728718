import type { LoadParams } from "../../../../src/protocol/topology/topologyContract.ts";
import { snapshotOf } from "../../../../src/protocol/topology/snapshotOf.ts";
import { place } from "../../../../src/mesh/topology/layout/place.ts";
import { layoutInputOf } from "../../../../webview/topology/layoutInput.ts";
import { pictureOf, type Picture } from "../../../../webview/topology/picture.ts";
import { firstState } from "../../../../webview/topology/savedState.ts";
import { sceneOf } from "../../../../webview/topology/scene/sceneOf.ts";
import { loadParams } from "../../../../webview/topology/stateChanges.ts";
import { graphOfLines, type CallLine } from "../../../pages/support/meshCalls.ts";

const state = firstState({ windowSeconds: 300, refreshSeconds: 0 });
const params: LoadParams = loadParams(state);
const atMillis = Date.UTC(2026, 10, 22, 12, 0, 0);

/** The picture a page would draw of these calls, with these boxes collapsed. */
export function pictureOfLines(lines: readonly CallLine[], collapsed: readonly string[] = []): Picture {
  const snapshot = snapshotOf(graphOfLines(lines, params, atMillis), {
    ...{ serial: 1, atMillis, windowSeconds: 300, problems: [], stores: [], empty: null, findError: null },
    spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 },
    label: "rate",
  });
  const bare = pictureOf(snapshot);
  const scene = sceneOf(snapshot, place(layoutInputOf(bare)), { ...state, collapsed: new Set(collapsed) });
  return pictureOf(snapshot, scene, bare);
}
