import type { Disposable } from "../disposer.ts";
import type { Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";

// What third parties know of a resource. All text of theirs is shown as text.

export type MetadataSeverity = "info" | "warning" | "error";

/** What a provider answers: Backyards' shape (`summary`, `data`, `raw`), with a severity and what can be done. */
export interface Metadata {
  /** One line. */
  readonly summary: string;
  /** Names and values, in this order. */
  readonly data: Readonly<Record<string, string>>;
  /** Longer texts by name, folded at first. */
  readonly raw?: Readonly<Record<string, string>>;
  /** "warning" and "error" become a reason of the resource's health; absent or "info" does not. */
  readonly severity?: MetadataSeverity;
  /** Commands of VS Code, run with the arguments when chosen. */
  readonly actions?: readonly {
    readonly title: string;
    readonly command: string;
    readonly arguments?: readonly unknown[];
  }[];
}

/** A resource as a provider is told of it: names only, plus the context that people know its cluster by. */
export interface ResourceRef extends Omit<ObjectRef, "cluster"> {
  readonly context: string;
  readonly clusterUid: string;
}

export interface MetadataProvider {
  /** Unique; shown on its card. */
  readonly id: string;
  /** Kubernetes kinds it knows something of: "Pod", "Deployment", "Service", "Node" ... */
  readonly kinds: readonly string[];
  /** undefined: nothing known. */
  provide(ref: ResourceRef, signal: AbortSignal): Promise<Metadata | undefined> | Metadata | undefined;
}

/** A line of a third party's chart. Times in milliseconds since 1970; NaN is a gap. */
export interface ForeignSeries {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly number[];
}

export interface ForeignChart {
  readonly title: string;
  /** As it stands behind the numbers: "€/h", "W". */
  readonly unit: string;
  readonly series: readonly ForeignSeries[];
}

/** Numbers of a third party about a resource over time. */
export interface TelemetryProvider {
  readonly id: string;
  readonly kinds: readonly string[];
  charts(
    ref: ResourceRef,
    range: { readonly fromMillis: number; readonly toMillis: number; readonly stepSeconds: number },
    signal: AbortSignal,
  ): Promise<readonly ForeignChart[]> | readonly ForeignChart[];
}

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
