import type { Disposable } from "../disposer.ts";
import { isAbort, MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { Clock, ClusterSource, FindTelemetry, Log, TelemetrySource } from "../ports.ts";
import type { Summaries, SummaryQuery, WorkloadName } from "../telemetry/summaries.ts";
import type { TelemetryStatus } from "./liveMesh.ts";
import type { SummaryPool } from "./summaryPool.ts";

export interface TelemetryPart {
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: SummaryPool;
  readonly windowSeconds: number;
  readonly refreshSeconds: number;
  /** The gateways of all clusters: several may keep their numbers in one store, and are asked about by one question. */
  readonly gateways: () => readonly WorkloadName[];
  readonly changed: () => void;
}

/** What a session knows; the numbers of the last answer stay while a new one is pending and after one fails. */
export interface Measured {
  readonly source: TelemetrySource;
  readonly summaries: Summaries;
  readonly measuredAt: number;
}

/** After so many failures in a row the store is looked for anew: a port-forward's pod may be gone for good. */
const failuresBeforeLookingAgain = 3;
const millisBetweenLooks = 60_000;

const nothingKnown: TelemetryStatus = {
  state: "unknown",
  sourceLabel: undefined,
  capabilities: undefined,
  steps: [],
  error: undefined,
  measuredAt: undefined,
  provenance: [],
};

/** The metrics store of one cluster: found once, asked at every beat, said to be silent once. */
export class TelemetrySession implements Disposable {
  readonly #find: FindTelemetry;
  readonly #cluster: ClusterSource;
  readonly #part: TelemetryPart;
  readonly #abort = new AbortController();
  #status: TelemetryStatus = nothingKnown;
  #source: TelemetrySource | undefined;
  #measured: Measured | undefined;
  #looking: Promise<void> | undefined;
  #asking: Promise<void> | undefined;
  #askedGateways: ReadonlySet<string> = new Set();
  #failures = 0;
  #lookedAt = 0;
  #lastSaid = "";

  constructor(find: FindTelemetry, cluster: ClusterSource, part: TelemetryPart) {
    this.#find = find;
    this.#cluster = cluster;
    this.#part = part;
  }

  get status(): TelemetryStatus {
    return this.#status;
  }

  get source(): TelemetrySource | undefined {
    return this.#source;
  }

  get measured(): Measured | undefined {
    return this.#measured;
  }

  /** Looks for the store unless one is there and answers; callers share one search. */
  look(): Promise<void> {
    if (this.#source && this.#status.state !== "error") return Promise.resolve();
    this.#looking ??= this.#lookNow().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  /** Asks for the numbers at this time. One question is open at most; a second caller waits for the same answer. */
  ask(atMillis: number): Promise<void> {
    this.#markOld(atMillis);
    this.#asking ??= this.#askNow(atMillis).finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Whether the last question was about these gateways, too. True before the first answer: it is on its way. */
  hasAskedFor(gateways: readonly WorkloadName[]): boolean {
    return !this.#measured || gateways.every((gateway) => this.#askedGateways.has(nameOf(gateway)));
  }

  dispose(): void {
    this.#abort.abort();
    this.#source?.dispose();
    this.#source = undefined;
  }

  async #lookNow(): Promise<void> {
    const { signal } = this.#abort;
    this.#lookedAt = this.#part.clock.now();
    this.#failures = 0;
    try {
      const { source, steps } = await this.#find(this.#cluster, signal);
      if (signal.aborted) return void source?.dispose();
      if (source !== this.#source) this.#source?.dispose();
      this.#source = source;
      const { measuredAt, provenance } = this.#status;
      const found = { ...nothingKnown, sourceLabel: source?.label, steps, measuredAt, provenance };
      this.#set(source ? found : { ...found, state: "none" });
      if (source) await this.#readCapabilities(source);
    } catch (e) {
      this.#fail(e);
    }
  }

  async #readCapabilities(source: TelemetrySource): Promise<void> {
    const capabilities = await source.capabilities(this.#abort.signal);
    if (this.#abort.signal.aborted || source !== this.#source) return;
    // That it can be asked makes the numbers of the last time no newer.
    const isReady = !this.#measured || this.#status.state === "ready";
    this.#set({ ...this.#status, capabilities, ...(isReady && { state: "ready", error: undefined }) });
  }

  /** Nobody watched for a while, or an answer does not come: what is shown meanwhile is old. */
  #markOld(atMillis: number): void {
    const { windowSeconds, refreshSeconds } = this.#part;
    const { state, measuredAt } = this.#status;
    if (state !== "ready" || measuredAt === undefined) return;
    const lasts = Math.max(windowSeconds, 2 * refreshSeconds) * 1000;
    if (atMillis - measuredAt > lasts) this.#set({ ...this.#status, state: "unknown" });
  }

  async #askNow(atMillis: number): Promise<void> {
    const { pool, windowSeconds } = this.#part;
    if (this.#wantsNewLook()) await this.look();
    const source = this.#source;
    if (!source) return;
    const gateways = this.#part.gateways();
    try {
      if (!this.#status.capabilities) await this.#readCapabilities(source);
      const query: SummaryQuery = { windowSeconds, atMillis, namespaces: undefined, gateways };
      const summaries = await pool.ask(source, query);
      if (this.#abort.signal.aborted || source !== this.#source) return;
      this.#failures = 0;
      this.#lastSaid = "";
      this.#askedGateways = new Set(gateways.map(nameOf));
      const measuredAt = Math.min(atMillis, ...summaries.provenance.map((answer) => answer.atMillis));
      this.#measured = { source, summaries, measuredAt };
      const { provenance } = summaries;
      this.#set({ ...this.#status, state: "ready", error: undefined, measuredAt, provenance });
    } catch (e) {
      this.#askedGateways = new Set(gateways.map(nameOf));
      this.#fail(e);
    }
  }

  #wantsNewLook(): boolean {
    return (
      this.#failures >= failuresBeforeLookingAgain && this.#part.clock.now() - this.#lookedAt >= millisBetweenLooks
    );
  }

  #fail(e: unknown): void {
    if (this.#abort.signal.aborted || isAbort(e)) return;
    this.#failures++;
    const error = MeshError.is(e)
      ? e
      : new MeshError("bad-data", say("Asking for the numbers of {0} failed.", this.#cluster.context), {
          cause: e,
          hint: say("See the Foreyard log, then refresh."),
        });
    if (error.message !== this.#lastSaid) {
      this.#lastSaid = error.message;
      this.#part.log.error("no numbers", e, { context: this.#cluster.context });
    }
    this.#set({ ...this.#status, state: "error", error });
  }

  #set(status: TelemetryStatus): void {
    this.#status = status;
    this.#part.changed();
  }
}

function nameOf({ namespace, name }: WorkloadName): string {
  return `${namespace}/${name}`;
}
