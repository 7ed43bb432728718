import { worstOf, type Verdict } from "../health/verdict.ts";
import type { ServiceView } from "../inventory/views.ts";
import { addedRequests } from "../telemetry/requestRates.ts";
import { isFlowing } from "./rows/rowFacts.ts";
import type { TrafficReading } from "./join/traffic.ts";
import { addedUp } from "./join/trafficIndex.ts";
import type { ExplorerWorld } from "./world.ts";

/** A service of one namespace and name in one or more clusters of a mesh. */
export interface MeshService {
  readonly members: readonly ServiceView[];
  /** Each request is counted in the cluster that answered it, so the members' rates add up; quantiles do not. */
  readonly reading: TrafficReading;
  readonly verdict: Verdict;
  /** Members of which there are numbers, as far as the answers say all of them. */
  readonly measured: number;
  /** Highest of the members, for sorting. */
  readonly p95: number | undefined;
}

export function meshServiceOf(members: readonly ServiceView[], world: Pick<ExplorerWorld, "assessment">): MeshService {
  const assessed = members.map(({ id }) => world.assessment(id));
  const readings = assessed.map(({ reading }) => reading);
  const p95s = readings.flatMap(({ latency }) => latency?.p95 ?? []);
  return {
    members,
    reading: readings.reduce(combined),
    verdict: worstOf(assessed.map(({ verdict }) => verdict)),
    measured: readings.filter(({ kind, lacksRequests }) => kind !== "none" && !lacksRequests).length,
    p95: p95s.length > 0 ? Math.max(...p95s) : undefined,
  };
}

/** What flows is the least that flows; that nothing does, and how long it takes, holds of this member alone. */
function besideUnknown(known: TrafficReading, unknown: TrafficReading): TrafficReading {
  if (known.kind !== "flowing") return unknown;
  const { kind, requests, tcp, staleSince } = known;
  return { kind, ...(requests && { requests }), ...(tcp && { tcp }), ...(staleSince !== undefined && { staleSince }) };
}

function combined(a: TrafficReading, b: TrafficReading): TrafficReading {
  if (a.kind === "none" || b.kind === "none") return a.kind === "none" ? besideUnknown(b, a) : besideUnknown(a, b);
  const requests = a.requests && b.requests ? addedRequests(a.requests, b.requests) : (a.requests ?? b.requests);
  const tcp = a.tcp && b.tcp ? addedUp(a.tcp, b.tcp) : (a.tcp ?? b.tcp);
  const [busy, ...others] = [a, b].filter((one) => (one.requests?.rps ?? 0) > 0);
  const staleSince = [a, b].flatMap((one) => one.staleSince ?? []);
  return {
    kind: (requests?.rps ?? 0) > 0 || isFlowing(tcp) ? "flowing" : "idle",
    ...(requests && { requests }),
    ...(tcp && { tcp }),
    ...(busy?.latency && others.length === 0 && { latency: busy.latency }),
    ...(staleSince.length > 0 && { staleSince: Math.min(...staleSince) }),
  };
}
