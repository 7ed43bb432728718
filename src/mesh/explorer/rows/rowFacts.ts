import type { Format } from "../../format/format.ts";
import type { Replicas } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import type { Throughput } from "../../telemetry/summaries.ts";
import type { TrafficReading } from "../join/traffic.ts";

/** Text as the cluster spells it, as a message: nothing in it is read as a place. */
export function plainly(text: string): Message {
  return say("{0}", text);
}

/** Failed of all requests, 0 to 1; undefined where nothing was requested. */
export function errorShareOf({ requests }: TrafficReading): number | undefined {
  return requests && requests.rps > 0 ? requests.errorsPerSecond / requests.rps : undefined;
}

/** True if bytes flow over TCP connections. */
export function isFlowing(tcp: Throughput | undefined): tcp is Throughput {
  return tcp !== undefined && tcp.receivedBytesPerSecond + tcp.sentBytesPerSecond > 0;
}

/**
 * What flows, in at most three facts: rate, error share and p95 for requests; bytes for TCP; for both the bytes instead
 * of p95. "idle" where nothing flows, "–" where nothing is known.
 */
export function trafficFacts(reading: TrafficReading, format: Format): readonly Message[] {
  if (reading.kind === "none") return [say("–")];
  if (reading.kind === "idle") return [say("idle")];
  const { requests, latency, tcp } = reading;
  const flow = isFlowing(tcp) ? [plainly(format.flow(tcp.receivedBytesPerSecond, tcp.sentBytesPerSecond))] : [];
  if (!requests || requests.rps === 0) return flow;
  const last = flow.length > 0 ? flow : [say("p95 {0}", format.latency(latency?.p95))];
  return [plainly(format.rate(requests.rps)), plainly(format.share(errorShareOf(reading))), ...last];
}

/** "2 of 3 ready", and in which cluster where that has to be said. */
export function readyFact({ desired, ready }: Replicas, format: Format, context?: string): Message {
  const [is, wanted] = [format.count(ready), format.count(desired)];
  return context === undefined
    ? say("{0} of {1} ready", is, wanted)
    : say("{0} of {1} ready in {2}", is, wanted, context);
}

/** Tokens for what flows. */
export function trafficTokens(reading: TrafficReading): readonly string[] {
  const tokens: string[] = [];
  const rps = reading.requests?.rps ?? 0;
  const grpc = reading.requests?.grpcPerSecond ?? 0;
  if (rps > grpc) tokens.push("fy.http");
  if (grpc > 0) tokens.push("fy.grpc");
  if (isFlowing(reading.tcp)) tokens.push("fy.tcp");
  if (reading.kind === "idle") tokens.push("fy.idle");
  return tokens;
}

/** At most three: a row has room for no more. */
export function firstThree(facts: readonly Message[]): readonly Message[] {
  return facts.slice(0, 3);
}
