import { endingOf, withEnding } from "../../../mesh/telemetry/requestRates.ts";
import type { Endings, Latency, RequestRates, TrafficRow } from "../../../mesh/telemetry/summaries.ts";
import { envoyBounds, quantileOf } from "../traffic/buckets.ts";
import { dot, observerOf, passesZtunnel, reportsAtSource, type Flow } from "../traffic/flow.ts";
import { moodOf } from "../traffic/waves.ts";

/** Amounts that gather for one row: counts of requests, milliseconds by bucket, bytes. */
export class Tally {
  readonly clusterId: string;
  readonly namespace: string;
  readonly name: string;
  requests = 0;
  #errors = 0;
  #clientErrors = 0;
  #grpc = 0;
  #grpcErrors = 0;
  #noResponse = 0;
  #endings: Endings | undefined;
  #hasRequests = false;
  readonly #millis = new Float64Array(envoyBounds.length);
  readonly #bytes = { received: 0, sent: 0 };
  #hasBytes = false;

  constructor(clusterId: string, namespace: string, name: string) {
    this.clusterId = clusterId;
    this.namespace = namespace;
    this.name = name;
  }

  /** Adds what flowed while the waves had these integrals; `share` is the part of the flow that is meant. */
  add(flow: Flow, integrals: Float64Array, share = 1): void {
    const amount = dot(flow.rates, integrals) * share;
    const observer = observerOf(flow);
    if (flow.protocol === "tcp" || !observer) {
      // What ztunnel carries is bytes to it; where a proxy tells of the requests, they are not told a second time.
      if (observer || passesZtunnel(flow)) this.#addBytes(flow, amount);
      return;
    }
    this.#addRequests(flow, amount);
    this.#addMillis(flow, integrals, { share, isAtSource: observer !== "destination" });
  }

  /** Adds what the caller's proxy reports of its own calls: every one, whoever else sees it, too. */
  addAtSource(flow: Flow, integrals: Float64Array): void {
    if (!reportsAtSource(flow)) return;
    const amount = dot(flow.rates, integrals);
    if (flow.protocol === "tcp") {
      this.#addBytes(flow, amount);
      return;
    }
    this.#addRequests(flow, amount);
    this.#addMillis(flow, integrals, { share: 1, isAtSource: true });
  }

  #addRequests(flow: Flow, amount: number): void {
    this.#hasRequests = true;
    this.requests += amount;
    const isGrpc = flow.protocol === "grpc";
    const noResponse = flow.code === 0;
    const isError = flow.code >= 500 || noResponse || (flow.grpcStatus ?? 0) !== 0;
    if (isError) this.#errors += amount;
    if (flow.code >= 400 && flow.code < 500) this.#clientErrors += amount;
    if (isGrpc) this.#grpc += amount;
    if (isGrpc && isError) this.#grpcErrors += amount;
    if (noResponse) this.#noResponse += amount;
    const ending = endingOf(flow.protocol, String(flow.code), String(flow.grpcStatus ?? ""));
    this.#endings = withEnding(this.#endings, ending, amount);
  }

  #addBytes(flow: Flow, trips: number): void {
    this.#hasBytes = true;
    this.#bytes.received += trips * flow.requestBytes;
    this.#bytes.sent += trips * flow.responseBytes;
  }

  #addMillis(flow: Flow, integrals: Float64Array, part: { share: number; isAtSource: boolean }): void {
    const masses = part.isAtSource ? flow.sourceMillis : flow.millis;
    for (const [basis, rate] of flow.rates.entries()) {
      if (rate === 0) continue;
      const amount = rate * (integrals[basis] ?? 0) * part.share;
      const distribution = masses[moodOf(basis)];
      for (let i = 0; i < this.#millis.length; i++) {
        this.#millis[i] = (this.#millis[i] ?? 0) + amount * (distribution[i] ?? 0);
      }
    }
  }

  /** True once anything that a row can show was added. */
  get isSeen(): boolean {
    return this.#hasRequests || this.#hasBytes;
  }

  /** The row, per second. */
  row(seconds: number): TrafficRow {
    const { clusterId, namespace, name } = this;
    const { received, sent } = this.#bytes;
    const tcp = { receivedBytesPerSecond: received / seconds, sentBytesPerSecond: sent / seconds };
    return {
      clusterId,
      namespace,
      name,
      ...(this.#hasRequests ? { requests: this.#rates(seconds), latency: this.#latency() } : {}),
      ...(this.#hasBytes ? { tcp } : {}),
    };
  }

  #rates(seconds: number): RequestRates {
    return {
      rps: this.requests / seconds,
      errorsPerSecond: this.#errors / seconds,
      clientErrorsPerSecond: this.#clientErrors / seconds,
      grpcPerSecond: this.#grpc / seconds,
      grpcErrorsPerSecond: this.#grpcErrors / seconds,
      noResponsePerSecond: this.#noResponse / seconds,
      ...(this.#endings && { endings: perSecond(this.#endings, seconds) }),
    };
  }

  #latency(): Latency {
    const [p50 = null, p95 = null, p99 = null] = [0.5, 0.95, 0.99].map((q) => {
      const millis = quantileOf(this.#millis, q);
      return millis === null ? null : millis / 1000;
    });
    return { p50, p95, p99 };
  }
}

function perSecond(endings: Endings, seconds: number): Endings {
  return Object.fromEntries(Object.entries(endings).map(([name, amount]) => [name, amount / seconds]));
}
