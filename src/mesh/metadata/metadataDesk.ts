import { LRUCache } from "lru-cache";
import type { Disposable } from "../disposer.ts";
import { say, type Message } from "../message.ts";
import type { Clock, Log } from "../ports.ts";
import type { ChartCard, MetadataCard, MetadataDesk } from "./metadata.ts";
import type { MetadataProvider, ResourceRef, TelemetryProvider } from "./providers.ts";
import { readForeignCharts, readMetadata, UnfitAnswer } from "./readMetadata.ts";

/** So long a provider may take. */
export const answerMillis = 2000;
/** A resource is asked about at most so often, however often it is looked at. */
export const freshMillis = 10_000;
/** What was said longer ago is no news of a resource's health any more, until somebody looks again. */
export const knownMillis = 600_000;
/** Resources whose cards are remembered. */
const mostKnown = 2000;

interface Known {
  readonly card: MetadataCard | undefined;
  readonly atMillis: number;
}

type Range = Parameters<TelemetryProvider["charts"]>[1];

/**
 * The providers of a window. Each is asked by itself: one that throws, takes too long or answers too much has a card that
 * says so, and the others have theirs.
 */
export function createMetadataDesk({ clock, log }: { readonly clock: Clock; readonly log: Log }): MetadataDesk {
  return new Desk(clock, log);
}

class Desk implements MetadataDesk {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #providers = new Map<string, MetadataProvider>();
  readonly #telemetry = new Map<string, TelemetryProvider>();
  readonly #known = new LRUCache<string, Known>({ max: mostKnown });
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  register(provider: MetadataProvider): Disposable {
    return this.#add(this.#providers, provider, "provide");
  }

  registerTelemetry(provider: TelemetryProvider): Disposable {
    return this.#add(this.#telemetry, provider, "charts");
  }

  async cards(ref: ResourceRef, signal: AbortSignal): Promise<readonly MetadataCard[]> {
    signal.throwIfAborted();
    const asked = [...this.#providers.values()].filter(({ kinds }) => kinds.includes(ref.kind));
    const cards = await Promise.all(asked.map((provider) => this.#cardOf(provider, ref, signal)));
    return cards.filter((card) => card !== undefined);
  }

  async charts(ref: ResourceRef, range: Range, signal: AbortSignal): Promise<readonly ChartCard[]> {
    signal.throwIfAborted();
    const asked = [...this.#telemetry.values()].filter(({ kinds }) => kinds.includes(ref.kind));
    return await Promise.all(
      asked.map(async (provider): Promise<ChartCard> => {
        const ask = async (own: AbortSignal) => readForeignCharts(await provider.charts(ref, range, own));
        const { value, failure } = await this.#isolated(provider.id, ask, signal);
        return { providerId: provider.id, charts: value ?? [], failure };
      }),
    );
  }

  known(ref: ResourceRef): readonly MetadataCard[] {
    const since = this.#clock.now() - knownMillis;
    return [...this.#providers.keys()].flatMap((id) => {
      const known = this.#known.get(keyOf(id, ref));
      return known?.card && known.atMillis > since ? known.card : [];
    });
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  #add<P extends { readonly id: string; readonly kinds: readonly string[] }>(
    providers: Map<string, P>,
    provider: P,
    ask: keyof P & string,
  ): Disposable {
    const { id, kinds } = provider as { readonly id: unknown; readonly kinds: unknown };
    const isNamed = typeof id === "string" && id !== "" && id.length <= 100;
    const hasKinds = Array.isArray(kinds) && kinds.every((kind) => typeof kind === "string");
    if (!isNamed || !hasKinds || typeof provider[ask] !== "function") {
      throw new TypeError(`a provider has an id of up to 100 characters, a list of kinds and a function "${ask}"`);
    }
    if (providers.has(provider.id)) throw new TypeError(`a provider "${provider.id}" is registered already`);
    providers.set(provider.id, provider);
    this.#changed();
    return {
      dispose: () => {
        if (providers.get(provider.id) !== provider) return;
        providers.delete(provider.id);
        for (const key of [...this.#known.keys()]) if (key.startsWith(keyOf(provider.id))) this.#known.delete(key);
        this.#changed();
      },
    };
  }

  async #cardOf(provider: MetadataProvider, ref: ResourceRef, signal: AbortSignal): Promise<MetadataCard | undefined> {
    const { id } = provider;
    const key = keyOf(id, ref);
    const before = this.#known.get(key);
    if (before && this.#clock.now() - before.atMillis < freshMillis) return before.card;
    const ask = async (own: AbortSignal) => readMetadata(await provider.provide(ref, own));
    const { value: metadata, failure } = await this.#isolated(id, ask, signal);
    const card = metadata || failure ? { providerId: id, metadata, failure } : undefined;
    // Whoever was taken away meanwhile says nothing any more.
    if (this.#providers.get(id) !== provider) return undefined;
    this.#known.set(key, { card, atMillis: this.#clock.now() });
    if (JSON.stringify(before?.card) !== JSON.stringify(card)) this.#changed();
    return card;
  }

  /** One answer or what is wrong with it. Rejects by the caller's signal alone. */
  async #isolated<T>(
    id: string,
    ask: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal,
  ): Promise<{ readonly value: T | undefined; readonly failure: Message | undefined }> {
    const own = new AbortController();
    const ends: Disposable[] = [];
    try {
      const late = new Promise<"late">((resolve) => {
        ends.push(this.#clock.after(answerMillis, () => resolve("late")));
      });
      const left = new Promise<"left">((resolve) => {
        const leave = (): void => resolve("left");
        signal.addEventListener("abort", leave, { once: true });
        ends.push({ dispose: () => signal.removeEventListener("abort", leave) });
      });
      const outcome = await Promise.race([settled(() => ask(own.signal)), late, left]);
      if (outcome === "left") throw signal.reason;
      if (outcome === "late") return this.#failed(id, say("It did not answer within {0} s", answerMillis / 1000));
      if ("error" in outcome) return this.#failed(id, failureOf(outcome.error));
      return { value: outcome.value, failure: undefined };
    } finally {
      for (const end of ends) end.dispose();
      own.abort();
    }
  }

  #failed(id: string, failure: Message): { readonly value: undefined; readonly failure: Message } {
    this.#log.debug("a provider failed", { provider: id, failure: failure.text });
    return { value: undefined, failure };
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

type Settled<T> = { readonly value: T } | { readonly error: unknown };

async function settled<T>(ask: () => Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return { error };
  }
}

function failureOf(error: unknown): Message {
  if (error instanceof UnfitAnswer) return say("Its answer cannot be shown: {0}", error.message);
  return say("It failed: {0}", textOf(error).slice(0, 300));
}

// Whatever was thrown may itself throw when it is read.
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "?";
  }
}

function keyOf(id: string, ref?: ResourceRef): string {
  const parts = ref ? [ref.clusterUid, ref.context, ref.group, ref.kind, ref.namespace, ref.name] : [];
  return [JSON.stringify(id), ...parts].join("\n") + (ref ? "" : "\n");
}
