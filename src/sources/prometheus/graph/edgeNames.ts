import type { NamedWaypoint, NamedWorkload } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { SeriesTable } from "../decoding/seriesColumns.ts";

/** What the answer to the question for names tells; everything once. */
export function namesOf(series: SeriesTable | undefined): {
  readonly workloads: readonly NamedWorkload[];
  readonly waypoints: readonly NamedWaypoint[];
} {
  const workloads = new Map<string, NamedWorkload>();
  const waypoints = new Map<string, NamedWaypoint>();
  for (let row = 0; row < (series?.length ?? 0); row++) {
    const text = (label: string): string => series?.strings[series.labels.get(label)?.[row] ?? 0] ?? "";
    if (text("reporter") === "waypoint") {
      const waypoint = { namespace: text("namespace"), workload: waypointName(text) };
      if (waypoint.namespace !== "" && waypoint.workload !== "") waypoints.set(JSON.stringify(waypoint), waypoint);
    } else {
      const workload = {
        clusterId: text("cluster"),
        namespace: text("namespace"),
        workload: text("workload"),
        app: text("service") || text("name"),
        version: text("revision") || text("version"),
      };
      workloads.set(JSON.stringify(workload), workload);
    }
  }
  return { workloads: [...workloads.values()], waypoints: [...waypoints.values()] };
}

/**
 * The workload of a pod that reports as waypoint: the Gateway that Istio made it for, else the Deployment that the pod's
 * name begins with, else its app. Where a store keeps none of these labels its waypoints stay unknown, and what a sidecar
 * reports of them reads as another caller's requests.
 */
function waypointName(text: (label: string) => string): string {
  const gateway = text("gateway_networking_k8s_io_gateway_name");
  if (gateway !== "") return gateway;
  return /^(.+)-[^-]+-[^-]+$/.exec(text("pod"))?.[1] ?? text("app");
}
