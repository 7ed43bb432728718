import type { Format } from "../format/format.ts";
import { say, type Message } from "../message.ts";
import type { RequestRates, Throughput } from "../telemetry/summaries.ts";
import { healthy, worse, type Health, type Verdict } from "./verdict.ts";

/** From this share of failed requests on, a thing is failing. Kiali's default for 5xx, gRPC 1 to 16 and "-". */
export const failingShare = 0.1;
/** From this share of 4xx answers on, a thing is degraded. Kiali's default for 4xx. */
export const clientErrorShare = 0.1;

// Rates are differences of sums of floating-point numbers: what is smaller than this is a rounding error, not a request.
const noise = 1e-9;

const idle: Verdict = { state: "idle", reasons: [say("No traffic in the window")] };

/**
 * The verdict on what flows towards one thing, by Kiali's defaults with two differences.
 *
 * - HTTP and gRPC are judged apart, each by its own requests. Any failed one makes it degraded, 10 % or more of the
 *   protocol's requests make it failing. Failed means 5xx or no response for HTTP (Kiali judges the two one by one;
 *   here they are added up), a status other than 0 or no response for gRPC.
 * - 4xx never fails anything: 10 % or more of all requests make it degraded, however many there are (Kiali: failing from
 *   20 % on). It is the caller who is wrong. Fewer leave it as it is.
 * - TCP has no error codes: bytes that flow are healthy.
 * - Series that are there with nothing in the window: idle. No series at all: unknown.
 */
export function trafficHealth(
  requests: RequestRates | undefined,
  tcp: Throughput | undefined,
  format: Format,
): Verdict {
  const requested = requests !== undefined && requests.rps > 0;
  const flowing = tcp !== undefined && tcp.receivedBytesPerSecond + tcp.sentBytesPerSecond > 0;
  if (requested) return requestHealth(requests, format);
  if (flowing) return healthy;
  if (requests ?? tcp) return idle;
  return { state: "unknown", reasons: [] };
}

function requestHealth(requests: RequestRates, format: Format): Verdict {
  const grpc = requests.grpcPerSecond;
  const http = requests.rps - grpc;
  const httpShare = shareOf(requests.errorsPerSecond - requests.grpcErrorsPerSecond, http);
  const grpcShare = shareOf(requests.grpcErrorsPerSecond, grpc);
  const clientShare = shareOf(requests.clientErrorsPerSecond, requests.rps);

  const reasons: Message[] = [];
  if (httpShare > 0) reasons.push(say("{0} of the HTTP requests fail (5xx or no response)", format.share(httpShare)));
  if (grpcShare > 0) {
    reasons.push(say("{0} of the gRPC calls fail (status other than OK, or no response)", format.share(grpcShare)));
  }
  const silentShare = shareOf(requests.noResponsePerSecond, requests.rps);
  if (silentShare > 0) reasons.push(say("{0} of all requests get no response", format.share(silentShare)));
  if (reaches(clientShare, clientErrorShare)) {
    reasons.push(say("{0} of all requests are answered 4xx", format.share(clientShare)));
  }

  const byErrors = worse(errorHealth(httpShare), errorHealth(grpcShare));
  const byClients: Health = reaches(clientShare, clientErrorShare) ? "degraded" : "healthy";
  return { state: worse(byErrors, byClients), reasons };
}

function errorHealth(share: number): Health {
  if (share <= 0) return "healthy";
  return reaches(share, failingShare) ? "failing" : "degraded";
}

function reaches(share: number, threshold: number): boolean {
  return share >= threshold - noise;
}

function shareOf(part: number, whole: number): number {
  return whole > noise && part > noise * whole ? part / whole : 0;
}
