import type { Disposable } from "./disposer.ts";
import type { KindOnServer, KubeObject } from "./model/kubeObject.ts";
import type { MeshError } from "./meshError.ts";
import type { ClusterKey } from "./model/refs.ts";
import type { Capabilities } from "./telemetry/capabilities.ts";
import type { DiscoveryStep } from "./telemetry/discovery.ts";
import type { EdgeAnswer, EdgePresence, EdgeQuery, EdgeSeries, EdgeSeriesQuery } from "./telemetry/edges/edgeAnswer.ts";
import type { LevelTelemetry } from "./telemetry/levels/levelTelemetry.ts";
import type { Summaries, SummaryQuery } from "./telemetry/summaries.ts";

// What the mesh needs of the world. Every call takes an AbortSignal that reaches the socket and has a time limit of its
// own; failures are MeshErrors, aborts cross untouched.

export interface ClusterIdentity {
  readonly key: ClusterKey;
  /** Kubernetes' gitVersion, e.g. "v1.36.3". */
  readonly version: string;
}

/** Where to look: some namespaces, or all of them with those to fall back on where a cluster-wide list is forbidden. */
export type Scope =
  { readonly namespaces: readonly string[] } | { readonly all: true; readonly otherwise: readonly string[] };

export interface ListQuery {
  readonly kind: KindOnServer;
  readonly scope: Scope;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Ask for PartialObjectMetadata only; the objects then have no spec and no status. */
  readonly metadataOnly?: boolean;
}

export interface ListPage {
  readonly objects: readonly KubeObject[];
}

/** A part of a scope that could not be read. `namespace` is undefined for the whole cluster. */
export interface Unread {
  readonly namespace: string | undefined;
  readonly error: MeshError;
  /** The Kubernetes kind whose list it is, e.g. "Pod"; said where several lists are put together. */
  readonly kind?: string;
}

/**
 * What a watch tells, in order: `listing`, then pages of `upsert`, then `listed` (whatever was not named since `listing`
 * is gone), then single `upsert` and `gone`. After an interruption it resumes, or starts over with `listing`.
 */
export type WatchChange =
  | { readonly type: "listing" }
  | { readonly type: "upsert"; readonly objects: readonly KubeObject[] }
  | { readonly type: "gone"; readonly object: KubeObject }
  | { readonly type: "listed"; readonly unread: readonly Unread[] }
  /** Nothing arrives for now; the watch tries again by itself. What is known is getting old. */
  | { readonly type: "interrupted"; readonly error: MeshError }
  | { readonly type: "resumed" };

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

export interface LogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly sinceTime?: string;
  readonly previous?: boolean;
}

export interface ExecQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly input?: string;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
  readonly errorOutput: string;
}

/** A listener on 127.0.0.1 whose connections end at a port of a pod. */
export interface Forward extends Disposable {
  readonly localPort: number;
}

export interface ProxyQuery {
  readonly namespace: string;
  /** As the API server's service proxy wants it: "name:portname" or "https:name:portname". */
  readonly service: string;
  readonly path: string;
  readonly method?: "GET" | "POST";
  readonly body?: string;
  readonly contentType?: string;
}

export interface ProxyAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface ApplyOptions {
  readonly dryRun: boolean;
  readonly force: boolean;
}

/** One cluster, reached with the user's own rights. */
export interface ClusterSource extends Disposable {
  /** The kubeconfig context's name, any characters. */
  readonly context: string;
  identity(signal: AbortSignal): Promise<ClusterIdentity>;
  /**
   * How many answers so far do not prove by themselves that the cluster gave them. Where the number is the same after a
   * read as before it, the read is the cluster's, and nobody has to be asked who answered. undefined or absent: its
   * answers prove nothing. Streams never do.
   */
  unproven?(key: ClusterKey): number | undefined;
  /** All kinds in their preferred versions. Groups that do not answer are left out. */
  kinds(signal: AbortSignal): Promise<readonly KindOnServer[]>;
  list(query: ListQuery, signal: AbortSignal): AsyncIterable<ListPage>;
  /** Ends only by the signal, or by throwing what no retry mends (401, 404, a scope with nothing readable in it). */
  watch(query: ListQuery, signal: AbortSignal): AsyncIterable<WatchChange>;
  get(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<KubeObject>;
  /** Server-side apply with field manager `foreyard`. A conflict is a MeshError that lists the owners. */
  apply(object: KubeObject, kind: KindOnServer, options: ApplyOptions, signal: AbortSignal): Promise<KubeObject>;
  delete(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<void>;
  mayI(question: AccessQuestion, signal: AbortSignal): Promise<boolean>;
  logs(query: LogQuery, signal: AbortSignal): AsyncIterable<string>;
  exec(query: ExecQuery, signal: AbortSignal): Promise<ExecResult>;
  forward(target: { namespace: string; pod: string; port: number }, signal: AbortSignal): Promise<Forward>;
  proxy(query: ProxyQuery, signal: AbortSignal): Promise<ProxyAnswer>;
  /** The user's own bearer token, for servers of this cluster that check it themselves; undefined where there is none. */
  token?(signal: AbortSignal): Promise<string | undefined>;
}

/** Where a mesh's numbers come from. Speaks of the mesh, not of PromQL. */
export interface TelemetrySource extends Disposable {
  /** Stable within one connection; joins answers to their source. */
  readonly id: string;
  /** For people: "Prometheus monitoring/prometheus-k8s" or an address without its user part. */
  readonly label: string;
  /** What is there, and the names looked for. Asked once per connection and again on demand. */
  capabilities(signal: AbortSignal): Promise<Capabilities>;
  /** The numbers of the lists, by a constant number of queries whatever the size of the mesh. */
  summaries(query: SummaryQuery, signal: AbortSignal): Promise<Summaries>;
  /** Who talks to whom; undefined where the source cannot tell. */
  readonly graph?: GraphTelemetry;
  /** One thing over time, pods and nodes; undefined where the source cannot tell. */
  readonly levels?: LevelTelemetry;
}

/**
 * Who talks to whom. Failures of single questions are in the answers' `missing`; rejects with a MeshError where nothing
 * could be asked at all. Never blocks the thread for more than 50 ms at a time, whatever the size.
 */
export interface GraphTelemetry {
  /** By a constant number of queries whatever the size of the mesh. */
  edges(query: EdgeQuery, signal: AbortSignal): Promise<EdgeAnswer>;
  /** One selection over time. */
  series(query: EdgeSeriesQuery, signal: AbortSignal): Promise<EdgeSeries>;
  /** Asked only where `edges` gave no rows. */
  presence(query: Pick<EdgeQuery, "windowSeconds" | "atMillis">, signal: AbortSignal): Promise<EdgePresence>;
}

/** What a control plane says of one proxy: has it taken what was sent to it? One entry for each kind of configuration. */
export interface ProxyStatus {
  /** "pod.namespace", as istiod names it. */
  readonly proxy: string;
  readonly clusterId: string | undefined;
  readonly version: string | undefined;
  /** The pod of istiod that serves it. */
  readonly istiod: string;
  /** By xDS type: "CDS", "LDS", "EDS", "RDS", "ECDS". */
  readonly types: Readonly<Record<string, "synced" | "stale" | "notSent" | "error">>;
}

/**
 * istiod's debug endpoint (`/debug/syncz`) by a port-forward, with the user's own rights. Rejects with a MeshError where no
 * istiod pod can be reached; installs and changes nothing.
 */
export type ReadProxyStatus = (
  cluster: ClusterSource,
  istiodPods: readonly { readonly namespace: string; readonly name: string }[],
  signal: AbortSignal,
) => Promise<readonly ProxyStatus[]>;

export interface FoundTelemetry {
  /** undefined where none answered; then the steps say what was tried. */
  readonly source: TelemetrySource | undefined;
  readonly steps: readonly DiscoveryStep[];
}

/** Looks for the metrics store of a cluster, in a fixed order, and says what each step answered. Throws only aborts. */
export type FindTelemetry = (cluster: ClusterSource, signal: AbortSignal) => Promise<FoundTelemetry>;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls back once; disposing cancels. */
  after(milliseconds: number, callback: () => void): Disposable;
}

/** Facts are fields, never pasted into the text. Secrets are neither. */
export interface Log {
  debug(what: string, facts?: Readonly<Record<string, unknown>>): void;
  info(what: string, facts?: Readonly<Record<string, unknown>>): void;
  error(what: string, error: unknown, facts?: Readonly<Record<string, unknown>>): void;
}
