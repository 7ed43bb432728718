import type { LiveMesh } from "../../mesh/live/liveMesh.ts";

/**
 * What the positions of a mesh are kept under: its clusters' own keys, so that another cluster behind the same context
 * gets none of them. A cluster that has not answered counts by its context's name.
 */
export function meshIdOf({ clusters }: LiveMesh): string {
  const ids = clusters.map(({ key, context }) => key ?? `context ${context}`);
  return [...new Set(ids)].sort().join(" ");
}

/** "prod-eu", "prod-eu, prod-us", "prod-eu +3". */
export function meshNameOf({ clusters }: LiveMesh): string {
  const [first = "", ...others] = clusters.map(({ context }) => context);
  const [second] = others;
  if (second === undefined) return first;
  return others.length === 1 ? `${first}, ${second}` : `${first} +${others.length}`;
}

/** What of the clusters' states a picture depends on. */
export function signatureOf({ clusters, scopes }: LiveMesh): string {
  const states = clusters.map(({ context, key, state, telemetry }) => [
    context,
    key,
    state,
    telemetry.state === "error",
  ]);
  return JSON.stringify([states, scopes.map(({ isComplete }) => isComplete)]);
}
