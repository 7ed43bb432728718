// What third parties know of a resource, as their extensions give it. All text of theirs is shown as text. These types
// are published as @foreyard/api, so they import nothing.

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

/** A resource as a provider is told of it: names only. */
export interface ResourceRef {
  /** The kubeconfig context: what people know the cluster by. */
  readonly context: string;
  /** UID of its namespace kube-system: what tells clusters apart. */
  readonly clusterUid: string;
  /** "" for the core group. */
  readonly group: string;
  readonly kind: string;
  /** "" for cluster-scoped kinds. */
  readonly namespace: string;
  readonly name: string;
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
