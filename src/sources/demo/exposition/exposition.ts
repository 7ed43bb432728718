import type { Dialect } from "../../../mesh/telemetry/capabilities.ts";
import type { DemoMesh } from "../demoMesh.ts";
import { envoyBounds, mixerBoundsMillis, trimmedBounds } from "../traffic/buckets.ts";
import type { World } from "../world/blueprint.ts";
import { IstioSeries } from "./istioSeries.ts";
import { platformLines } from "./platformSeries.ts";
import { chunked } from "./textFormat.ts";

/**
 * Above this many services metrics are kept as operators of large meshes keep them, by the Telemetry API and recording
 * rules: one series for all pods of a workload, no size histograms, no principals, buckets from 1 ms to 10 s.
 */
const detailedServices = 200;

/** The bounds of the latency histograms that a store gets to see, in milliseconds. */
export function exposedBounds(world: Pick<World, "services">, dialect: Dialect): readonly number[] {
  if (dialect === "v1") return mixerBoundsMillis;
  return world.services.length <= detailedServices ? envoyBounds : trimmedBounds;
}

/** Writes the mesh's metrics as a scrape at a time would find them, in chunks worth a write. */
export type Expose = (atMillis: number) => Generator<string, void, undefined>;

/** The mesh as a Prometheus exposition in one of Istio's dialects. Keeps its list of series between scrapes. */
export function createExposition({ history }: Pick<DemoMesh, "history">, dialect: Dialect): Expose {
  const { world } = history;
  const isDetailed = world.services.length <= detailedServices;
  const istio = new IstioSeries(history, { dialect, isDetailed });
  return function* (atMillis) {
    yield* chunked(istio.lines(atMillis));
    yield* chunked(platformLines(world, history.startMillis, atMillis));
  };
}
