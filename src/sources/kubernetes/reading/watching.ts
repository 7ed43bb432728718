import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import { pause } from "../../../mesh/pause.ts";
import type { ListQuery, WatchChange } from "../../../mesh/ports.ts";
import { acceptOf, arrivalOf } from "./arrivals.ts";
import { backoffMillis } from "../http/backoff.ts";
import { badAnswer, statusFailure } from "../http/failures.ts";
import { BadLine, jsonLines } from "../http/jsonLines.ts";
import { attemptOf, kindPath, withQuery } from "./kubePaths.ts";
import { pagesOf, readParts, type Part } from "./listing.ts";
import { Mailbox } from "./mailbox.ts";
import type { Transport } from "../http/transport.ts";
import { watchStep, type WatchEvent, type WatchState } from "./watchState.ts";

// etcd takes 1.5 MB; as JSON with managed fields an object can be a few times that.
const largestEvent = 8 * 1024 * 1024;
const changesAhead = 1000;

/** The changes of a scope as {@link WatchChange} tells them: listed, then watched, again and again until the signal. */
export async function* watchChanges(
  transport: Transport,
  query: ListQuery,
  signal: AbortSignal,
): AsyncGenerator<WatchChange> {
  const { clock } = transport.wire;
  // Rounds in a row that broke off without a single event, as with rights to list but not to watch.
  let vainRounds = 0;
  for (;;) {
    signal.throwIfAborted();
    const round = new Round(transport, query, signal);
    try {
      yield* round.changes();
      vainRounds = round.hadEvents ? 0 : vainRounds + 1;
    } catch (e) {
      signal.throwIfAborted();
      if (!MeshError.is(e) || isFinal(e)) throw e;
      vainRounds++;
      // A list that the server forgot half-way is begun again without a word.
      if (e.kind !== "expired") yield { type: "interrupted", error: e };
    }
    if (vainRounds > 0) await pause(clock, backoffMillis(vainRounds, Math.random()), signal);
  }
}

const begun: WatchState = { resourceVersion: "", failures: 0, isInterrupted: false };

// Forbidden comes here only where nothing at all could be listed.
function isFinal(error: MeshError): boolean {
  return error.kind === "forbidden" || watchStep(begun, { type: "failed", kind: error.kind }).move === "stop";
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}

interface Outcome {
  readonly event: WatchEvent;
  readonly error: MeshError | undefined;
}

/** One list of all parts and the watches that follow it, until one of them needs another list. */
class Round {
  hadEvents = false;
  readonly #transport: Transport;
  readonly #query: ListQuery;
  readonly #signal: AbortSignal;
  readonly #stop = new AbortController();
  readonly #mail = new Mailbox<WatchChange>(changesAhead);
  readonly #interrupted = new Set<Part>();

  constructor(transport: Transport, query: ListQuery, signal: AbortSignal) {
    this.#transport = transport;
    this.#query = query;
    this.#signal = AbortSignal.any([signal, this.#stop.signal]);
  }

  async *changes(): AsyncGenerator<WatchChange> {
    this.#run().then(
      () => this.#mail.end(),
      (e: unknown) => this.#mail.fail(e),
    );
    try {
      yield* this.#mail;
    } finally {
      this.#stop.abort();
      this.#mail.close();
    }
  }

  async #run(): Promise<void> {
    const versions = new Map<Part, string>();
    await this.#mail.put({ type: "listing" });
    const { parts, unread } = await readParts(this.#query, async (part) => {
      for await (const { objects, resourceVersion } of pagesOf(this.#transport, this.#query, part, this.#signal)) {
        versions.set(part, resourceVersion);
        if (objects.length > 0) await this.#mail.put({ type: "upsert", objects });
      }
    });
    await this.#mail.put({ type: "listed", unread });
    if (parts.length === 0) await untilAborted(this.#signal);
    // The first part that wants a new list, or fails for good, ends the round for all.
    await Promise.race(parts.map((part) => this.#watchPart(part, versions.get(part) ?? "")));
  }

  // Resolves when the part has to be listed again.
  async #watchPart(part: Part, resourceVersion: string): Promise<void> {
    const { clock } = this.#transport.wire;
    let state: WatchState = { resourceVersion, failures: 0, isInterrupted: false };
    for (;;) {
      const { event, error } = await this.#watchOnce(part, state.resourceVersion, async (happened) => {
        const { state: next, tell } = watchStep(state, happened);
        state = next;
        if (tell === "resumed") await this.#tellResumed(part);
      });
      const { state: next, move, tell } = watchStep(state, event);
      state = next;
      if (tell === "interrupted" && error) await this.#tellInterrupted(part, error);
      if (move === "list") return;
      if (move === "stop" && error) throw error;
      if (move === "wait") await pause(clock, backoffMillis(state.failures, Math.random()), this.#signal);
    }
  }

  async #watchOnce(
    part: Part,
    resourceVersion: string,
    happened: (event: WatchEvent) => Promise<void>,
  ): Promise<Outcome> {
    const { kind, labelSelector, fieldSelector, metadataOnly } = this.#query;
    const { clock, place } = this.#transport.wire;
    const selected = { resourceVersion, labelSelector, fieldSelector };
    const path = withQuery(kindPath(kind, part), { watch: true, allowWatchBookmarks: true, ...selected });
    const attempt = attemptOf("watch", kind, part);
    const accept = acceptOf(metadataOnly, false);
    const began = clock.now();
    try {
      const bytes = await this.#transport.stream({ method: "GET", path, attempt, accept }, this.#signal);
      await happened({ type: "opened" });
      for await (const frame of jsonLines(bytes, largestEvent)) await this.#take(frame, part, happened);
      return { event: { type: "ended", livedMs: clock.now() - began }, error: undefined };
    } catch (e) {
      this.#signal.throwIfAborted();
      const error = e instanceof BadLine ? badAnswer(say("It sent an event that cannot be read."), attempt, place) : e;
      if (!MeshError.is(error)) throw error;
      return { event: { type: "failed", kind: error.kind }, error };
    }
  }

  async #take(frame: unknown, part: Part, happened: (event: WatchEvent) => Promise<void>): Promise<void> {
    const { kind, metadataOnly } = this.#query;
    const { type, object } = (typeof frame === "object" && frame !== null ? frame : {}) as {
      type?: unknown;
      object?: unknown;
    };
    if (type === "ERROR") {
      const { code } = (object ?? {}) as { code?: unknown };
      const status = typeof code === "number" ? code : 500;
      throw statusFailure(
        status,
        JSON.stringify(object ?? {}),
        attemptOf("watch", kind, part),
        this.#transport.wire.place,
      );
    }
    // A bookmark's object has no name, so only its version is read.
    const { metadata } = (object ?? {}) as { metadata?: { resourceVersion?: unknown } | null };
    const version = metadata?.resourceVersion;
    await happened({ type: "arrived", resourceVersion: typeof version === "string" ? version : undefined });
    this.hadEvents = true;
    if (type === "BOOKMARK") return;
    const arrived = arrivalOf(object, kind, metadataOnly === true);
    if (!arrived) return;
    if (type === "ADDED" || type === "MODIFIED") await this.#mail.put({ type: "upsert", objects: [arrived] });
    else if (type === "DELETED") await this.#mail.put({ type: "gone", object: arrived });
  }

  // Several parts may be out at once; the reader hears of the first and of the last that is back.
  async #tellInterrupted(part: Part, error: MeshError): Promise<void> {
    const isFirst = this.#interrupted.size === 0;
    this.#interrupted.add(part);
    if (isFirst) await this.#mail.put({ type: "interrupted", error });
  }

  async #tellResumed(part: Part): Promise<void> {
    this.#interrupted.delete(part);
    if (this.#interrupted.size === 0) await this.#mail.put({ type: "resumed" });
  }
}
