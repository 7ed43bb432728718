import type { ServiceView } from "../../inventory/views.ts";
import { fill, say, type Message } from "../../message.ts";
import type { IndexedFeed } from "./trafficIndex.ts";

/** HTTP and gRPC requests, or bytes over TCP connections. */
export type Family = "http" | "tcp";

/** Rows of one kind, and what they may hold. */
export interface Wanted {
  readonly rows: "services" | "workloads";
  readonly families: readonly Family[];
}

const aboutFamily: Readonly<Record<Family, "requests" | "tcp">> = { http: "requests", tcp: "tcp" };

/** What the last answer leaves open about such rows: a question of them failed, or the store warns of holes. */
export function gapIn({ feed }: IndexedFeed, { rows, families }: Wanted): Message | undefined {
  const { summaries, status } = feed;
  const abouts = families.map((family) => aboutFamily[family]);
  const failed = summaries?.missing.find(
    (missing) =>
      !missing.isAbsent &&
      (missing.rows === undefined || missing.rows === rows) &&
      (missing.about === undefined || (missing.about !== "latency" && abouts.includes(missing.about))),
  );
  if (failed) return say("{0}: {1}", fill(failed.what), fill(failed.why));
  const [warning] = summaries?.warnings ?? [];
  if (warning === undefined) return undefined;
  return say("The answer of {0} may be incomplete: {1}", status.telemetry.sourceLabel ?? status.context, warning);
}

/** Why a metrics store that has no row for something cannot be taken to say that nothing flows; undefined: it can. */
export function whyNoRow(indexed: IndexedFeed, namespace: string, wanted: Wanted): Message | undefined {
  const { summaries, namespaces, status } = indexed.feed;
  const { state, error, sourceLabel, capabilities } = status.telemetry;
  if (!summaries) {
    if (state === "none") return say("No metrics source was found for {0}", status.context);
    return error?.words ?? say("No numbers have arrived yet from {0}", sourceLabel ?? status.context);
  }
  if (indexed.inDoubt) {
    return say(
      "Istio's cluster ID of {0} is not known, so its rows cannot be told from other clusters'",
      status.context,
    );
  }
  if (namespaces && !namespaces.includes(namespace)) {
    return say("Not asked for: namespace {0} is not chosen", namespace);
  }
  const gap = gapIn(indexed, wanted);
  if (gap) return gap;
  const { families } = wanted;
  if (families.some((family) => capabilities?.[family].present ?? indexed.seen[family])) return undefined;
  const lookedFor = families.flatMap((family) => capabilities?.[family].lookedFor ?? []);
  return say("{0} holds no such metrics. Looked for: {1}", sourceLabel ?? status.context, lookedFor.join(", "));
}

/** Since when the numbers of a store are old (milliseconds since 1970); undefined: they are its newest. */
export function staleSince({ feed }: IndexedFeed): number | undefined {
  // Anything but "ready" means that what was kept is not the newest: the store fails, or is looked for anew.
  const { state, measuredAt } = feed.status.telemetry;
  return state === "ready" ? undefined : measuredAt;
}

function gapsOf({ feed }: IndexedFeed): unknown {
  return [feed.summaries?.missing, feed.summaries?.warnings];
}

/** Whether both mean the same for everything that has no row in them, and are equally old. */
export function sameSilence(a: IndexedFeed, b: IndexedFeed): boolean {
  const [one, other] = [a.feed, b.feed];
  const [old, now] = [one.status.telemetry, other.status.telemetry];
  return (
    one.status.key === other.status.key &&
    one.status.context === other.status.context &&
    staleSince(a) === staleSince(b) &&
    old.state === now.state &&
    old.sourceLabel === now.sourceLabel &&
    old.capabilities === now.capabilities &&
    (one.summaries === undefined) === (other.summaries === undefined) &&
    (one.summaries !== undefined || old.error === now.error) &&
    JSON.stringify(gapsOf(a)) === JSON.stringify(gapsOf(b)) &&
    JSON.stringify(one.namespaces) === JSON.stringify(other.namespaces) &&
    a.inDoubt === b.inDoubt &&
    a.seen.http === b.seen.http &&
    a.seen.tcp === b.seen.tcp
  );
}

/** What a service's traffic would be reported as. Proxies report requests to HTTP ports; ztunnel all it carries as TCP. */
export function familiesOf(view: ServiceView): readonly Family[] {
  if (isTcpOnly(view)) return ["tcp"];
  return view.dataPlanes.includes("ambient") ? ["http", "tcp"] : ["http"];
}

// What `ServicePort.protocol` may say for what Istio's HTTP metrics never cover.
const tcpProtocols: ReadonlySet<string> = new Set(["tcp", "tls", "https", "mongo", "mysql", "redis", "udp"]);

/** True if no port speaks HTTP or gRPC by its declaration. A port that Istio would sniff reads "tcp" and may still. */
export function isTcpOnly(view: ServiceView): boolean {
  return view.ports.length > 0 && view.ports.every(({ protocol }) => tcpProtocols.has(protocol.toLowerCase()));
}
