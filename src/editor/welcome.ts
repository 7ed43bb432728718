import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import type { ContextValues } from "./contextKeys.ts";
import type { Situation } from "./situation.ts";

/** What the manifest's welcome texts and menus are told about the connection. */
export function contextValuesOf({ state, metrics, demo, gone }: Situation, live: LiveMesh | undefined): ContextValues {
  const filter = live?.filter;
  return {
    "foreyard.state": state,
    "foreyard.metrics": metrics,
    "foreyard.demo": demo,
    "foreyard.contextGone": gone.length > 0,
    "foreyard.filtered": Boolean(filter && (filter.text !== "" || filter.inMeshOnly || filter.namespaces)),
  };
}
