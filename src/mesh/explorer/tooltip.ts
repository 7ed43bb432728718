import type { Verdict } from "../health/verdict.ts";
import type { Health } from "../health/verdict.ts";
import { say, type Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Fact } from "./node.ts";
import { errorShareOf, plainly } from "./rows/rowFacts.ts";
import type { TrafficReading } from "./join/traffic.ts";
import type { ExplorerWorld } from "./world.ts";

/** The word for a state, for people. */
export function healthWord(state: Health): Message {
  switch (state) {
    case "healthy":
      return say("healthy");
    case "degraded":
      return say("degraded");
    case "failing":
      return say("failing");
    case "idle":
      return say("idle");
    case "unknown":
      return say("unknown");
  }
}

/** The verdict and each reason on a line of its own: for rows that show no state themselves. */
export function verdictFacts(verdict: Verdict): readonly Fact[] {
  return [{ name: say("Health"), value: healthWord(verdict.state) }, ...reasonFacts(verdict)];
}

/** Each reason on a line of its own: for rows whose state heads the tooltip already. */
export function reasonFacts({ reasons }: Verdict): readonly Fact[] {
  return reasons.map((value) => ({ name: say("Because"), value }));
}

/** What third parties know of it. What they warn of is a reason of its health already. */
export function noteFacts(ref: ObjectRef, { notes }: ExplorerWorld): readonly Fact[] {
  const told = notes(ref).filter(({ severity }) => severity === "info");
  return told.map(({ words }) => ({ name: say("Also known"), value: words }));
}

/** Whose reports the numbers of a gateway are, so that nobody adds them to those of the services behind. */
const forwardedNote = say(
  "Forwarded traffic: what this gateway passes on or answers itself, as it reports it; the services behind count it, too",
);

/** What has to be known with the numbers: whose they are, and what may be missing. */
export function notesOf({ isForwarded, why }: TrafficReading): readonly Message[] {
  return [...(isForwarded ? [forwardedNote] : []), ...(why ? [why] : [])];
}

/** Every number of a row in full, its window, and where it comes from. */
export function readingFacts(reading: TrafficReading, world: ExplorerWorld): readonly Fact[] {
  if (reading.kind === "none") {
    return [{ name: say("Traffic"), value: reading.why ?? say("–") }];
  }
  const numbers = [...requestFacts(reading, world), ...tcpFacts(reading, world)];
  const traffic = numbers.length > 0 ? numbers : [{ name: say("Traffic"), value: say("idle") }];
  const notes = notesOf(reading).map((value) => ({ name: say("Note"), value }));
  return [...traffic, ...notes, ...sourceFacts(reading, world)];
}

function requestFacts(reading: TrafficReading, { format }: ExplorerWorld): readonly Fact[] {
  const { requests, latency } = reading;
  if (!requests || requests.rps === 0) return [];
  const facts: Fact[] = [
    { name: say("Requests"), value: plainly(format.rate(requests.rps)) },
    {
      name: say("Errors"),
      value: say(
        "{0} of requests (HTTP 5xx, gRPC status other than OK, no response)",
        format.share(errorShareOf(reading)),
      ),
    },
  ];
  if (requests.clientErrorsPerSecond > 0) {
    const share = format.share(requests.clientErrorsPerSecond / requests.rps);
    facts.push({ name: say("Client errors"), value: say("{0} of requests (4xx, not counted as errors)", share) });
  }
  if (requests.grpcPerSecond > 0)
    facts.push({ name: say("Of these gRPC"), value: plainly(format.rate(requests.grpcPerSecond)) });
  // Of several clusters together there is no latency: quantiles do not add up.
  if (reading.feed === undefined) return facts;
  facts.push({
    name: say("Latency"),
    value: say(
      "p50 {0}, p95 {1}, p99 {2}",
      format.latency(latency?.p50),
      format.latency(latency?.p95),
      format.latency(latency?.p99),
    ),
  });
  return facts;
}

function tcpFacts({ tcp }: TrafficReading, { format }: ExplorerWorld): readonly Fact[] {
  if (!tcp) return [];
  return [
    { name: say("TCP received"), value: plainly(format.throughput(tcp.receivedBytesPerSecond)) },
    { name: say("TCP sent"), value: plainly(format.throughput(tcp.sentBytesPerSecond)) },
  ];
}

/** The window, the source and the time of the numbers. */
export function sourceFacts(reading: TrafficReading, world: ExplorerWorld): readonly Fact[] {
  const telemetry = reading.feed === undefined ? undefined : world.feedOf(reading.feed)?.status.telemetry;
  if (!telemetry) return [];
  const facts: Fact[] = [];
  const [provenance] = telemetry.provenance;
  if (provenance) {
    facts.push({ name: say("Window"), value: say("last {0}", world.format.duration(provenance.windowSeconds)) });
  }
  if (telemetry.sourceLabel !== undefined) facts.push({ name: say("Source"), value: plainly(telemetry.sourceLabel) });
  if (telemetry.measuredAt !== undefined) {
    const ago = world.format.ago(world.nowMillis - telemetry.measuredAt);
    facts.push({ name: say("Measured"), value: ago, atMillis: telemetry.measuredAt });
  }
  if (reading.staleSince !== undefined && telemetry.error) {
    facts.push({ name: say("Out of date"), value: telemetry.error.words });
  }
  return facts;
}
