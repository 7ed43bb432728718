import type { Disposable } from "../disposer.ts";
import type { Message } from "../message.ts";
import type { ForeignChart, Metadata, MetadataProvider, ResourceRef, TelemetryProvider } from "./providers.ts";

/** One provider's answer about one resource; a failure is said on its card and harms nothing else. */
export interface MetadataCard {
  readonly providerId: string;
  readonly metadata: Metadata | undefined;
  /** "It failed: …", "It did not answer within 2 s" ...; undefined where all is well. */
  readonly failure: Message | undefined;
}

export interface ChartCard {
  readonly providerId: string;
  readonly charts: readonly ForeignChart[];
  readonly failure: Message | undefined;
}

/** All providers of this window. Nothing is asked of them before a person looks at a resource. */
export interface MetadataDesk {
  register(provider: MetadataProvider): Disposable;
  registerTelemetry(provider: TelemetryProvider): Disposable;
  /** Cards in the order of registration; providers that know nothing of it have none. Rejects only by the signal. */
  cards(ref: ResourceRef, signal: AbortSignal): Promise<readonly MetadataCard[]>;
  charts(
    ref: ResourceRef,
    range: { readonly fromMillis: number; readonly toMillis: number; readonly stepSeconds: number },
    signal: AbortSignal,
  ): Promise<readonly ChartCard[]>;
  /** What is known already, without asking: for tooltips, rows and verdicts. */
  known(ref: ResourceRef): readonly MetadataCard[];
  /** Calls back when something `known` is another than before, or a provider came or went. */
  onChange(listener: () => void): Disposable;
}
