import type { Format } from "../format/format.ts";
import { say, type Message } from "../message.ts";
import { endingsByProtocol, type ProtocolEndings } from "../telemetry/requestRates.ts";
import type { RequestRates, Throughput } from "../telemetry/summaries.ts";
import {
  defaultCodes,
  defaultSet,
  rateAnnotation,
  type FlowDirection,
  type Tolerance,
  type ToleranceSet,
} from "./tolerances.ts";
import { healthy, worse, type Health, type Verdict } from "./verdict.ts";

/** From this share of failed TCP bytes on, a thing is failing; the same as Kiali's default for 5xx, gRPC 1 to 16 and "-". */
export const failingShare = 0.1;

// Rates are differences of sums of floating-point numbers: what is smaller than this is a rounding error, not a request.
const noise = 1e-9;

const idle: Verdict = { state: "idle", reasons: [say("No traffic in the window")] };

/** What traffic is judged with. */
export interface TrafficJudging {
  readonly format: Format;
  /** Those of the thing that is judged; the defaults where they are left out. */
  readonly tolerated?: ToleranceSet;
  /** inbound where it is left out. */
  readonly direction?: FlowDirection;
}

/**
 * The verdict on what flows towards (or from) one thing, by the tolerances of that thing.
 *
 * - HTTP and gRPC are judged apart, each by its own requests, and by each tolerance that is of that protocol and
 *   direction: of all requests of the protocol, the share whose code matches.
 * - TCP has no error codes: bytes that flow are healthy.
 * - Series that are there with nothing in the window: idle. No series at all: unknown.
 */
export function trafficHealth(
  requests: RequestRates | undefined,
  tcp: Throughput | undefined,
  judging: TrafficJudging,
): Verdict {
  const requested = requests !== undefined && requests.rps > 0;
  const flowing = tcp !== undefined && tcp.receivedBytesPerSecond + tcp.sentBytesPerSecond > 0;
  if (requested) return requestHealth(requests, judging);
  if (flowing) return healthy;
  if (requests ?? tcp) return idle;
  return { state: "unknown", reasons: [] };
}

/** True where nothing can be amiss, whatever else is known of it. */
export function isSpotless(
  {
    rps,
    errorsPerSecond,
    clientErrorsPerSecond,
  }: Pick<RequestRates, "rps" | "errorsPerSecond" | "clientErrorsPerSecond">,
  tolerated: ToleranceSet,
): boolean {
  return rps > 0 && errorsPerSecond === 0 && clientErrorsPerSecond === 0 && !tolerated.judgesSuccess;
}

function requestHealth(requests: RequestRates, judging: TrafficJudging): Verdict {
  const { format, tolerated = defaultSet, direction = "inbound" } = judging;
  if (isSpotless(requests, tolerated)) return healthy;
  const protocols = endingsByProtocol(requests).filter(({ rps }) => rps > 0);
  let state: Health = "healthy";
  const reasons: Message[] = [];
  for (const tolerance of tolerated.tolerances) {
    if (!tolerance.matchesDirection(direction)) continue;
    for (const endings of protocols) {
      if (!tolerance.matchesProtocol(endings.protocol)) continue;
      const share = shareOf(matching(endings, tolerance), endings.rps);
      const found = healthOf(share, tolerance);
      if (found === "healthy") continue;
      state = worse(state, found);
      reasons.push(reasonOf({ share, found, tolerance, protocol: endings.protocol }, format));
    }
  }
  const silentShare = shareOf(requests.noResponsePerSecond, requests.rps);
  if (reasons.length > 0 && silentShare > 0) {
    reasons.push(say("{0} of all requests get no response", format.share(silentShare)));
  }
  return { state, reasons };
}

function matching({ byCode }: ProtocolEndings, { matchesCode }: Tolerance): number {
  return byCode.reduce((sum, [code, rate]) => (matchesCode(code) ? sum + rate : sum), 0);
}

/** Kiali's threshold rule: nothing at all is healthy, and a threshold of 0 is reached by anything. */
function healthOf(share: number, { degraded, failing }: Tolerance): Health {
  if (share <= 0) return "healthy";
  if (share >= failing - noise) return "failing";
  return share >= degraded - noise ? "degraded" : "healthy";
}

interface Found {
  readonly share: number;
  readonly found: Health;
  readonly tolerance: Tolerance;
  readonly protocol: "http" | "grpc";
}

function reasonOf({ share, found, tolerance, protocol }: Found, format: Format): Message {
  const part = format.share(share);
  const name = protocol === "http" ? "HTTP" : "gRPC";
  const { code, origin } = tolerance;
  if (origin === "default") {
    if (code === defaultCodes.errors) return say("{0} of the HTTP requests fail (5xx or no response)", part);
    if (code === defaultCodes.clientErrors) return say("{0} of the {1} requests are answered 4xx", part, name);
    return say("{0} of the gRPC calls fail (status other than OK, or no response)", part);
  }
  const least = format.share(found === "failing" ? tolerance.failing : tolerance.degraded);
  return origin === "annotation"
    ? say("{0} of the {1} requests end with {2}; {3} says trouble from {4} on", part, name, code, rateAnnotation, least)
    : say("{0} of the {1} requests end with {2}; the health rules say trouble from {3} on", part, name, code, least);
}

function shareOf(part: number, whole: number): number {
  return whole > noise && part > noise * whole ? part / whole : 0;
}
