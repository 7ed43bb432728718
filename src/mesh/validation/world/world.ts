import type { ClusterKey } from "../../model/refs.ts";
import type { KindName } from "../kinds.ts";
import type { Query } from "./query.ts";
import type { WorldObject } from "./worldObject.ts";

/** What is known beside objects. Fixed for a world: other settings make another world. */
export interface WorldSettings {
  /** The mesh configuration that was given (`--mesh-config`), else what the `istio` ConfigMap says is used. */
  readonly meshConfig?: unknown;
  readonly meshNetworks?: unknown;
  /** "1.31", "1.32-dev"; which bundled schemas apply where no cluster has its own. */
  readonly istioVersion: string;
  /** Unix milliseconds. */
  readonly now: number;
  /**
   * True: analyzers judge exactly as Istio's do, e.g. pods only count where Pods are declared. False: also beyond that,
   * e.g. a Deployment in the files stands for its pods.
   */
  readonly isExactlyIstio: boolean;
  /** What istiods say at `/debug/clusterz` of the clusters that they watch. */
  readonly clusterz?: readonly WatchedCluster[];
}

/** An entry of istiod's `/debug/clusterz`. */
export interface WatchedCluster {
  /** Whose istiod says it; undefined where only one cluster is read. */
  readonly cluster?: ClusterKey;
  /** The watched cluster's ID. */
  readonly id: string;
  /** "namespace/name" of the remote secret; the cluster itself has none. */
  readonly secretName: string;
  /** "synced", "syncing", "timeout", "closed". */
  readonly syncStatus: string;
}

/** How a namespace's objects are known. */
export type Knowledge =
  /** Some object in it, or its Namespace, is declared in the files. */
  | "files"
  /** The live cluster let it be read. */
  | "live"
  | "unknown";

/** The objects of one cluster, workspace files laid over live objects, as a rule may ask for them. */
export interface World {
  readonly cluster: ClusterKey;
  readonly settings: WorldSettings;
  /** The object that counts: of several declarations the last; a file before the live object. */
  get(kind: KindName, namespace: string, name: string): WorldObject | undefined;
  /** In order of declaration, live objects first. */
  all(kind: KindName): readonly WorldObject[];
  inNamespace(kind: KindName, namespace: string): readonly WorldObject[];
  /** Every declaration of the object, in order; more than one if it is declared several times. */
  declarations(kind: KindName, namespace: string, name: string): readonly WorldObject[];
  ask<Value>(query: Query<Value>, key?: string): Value;
  /**
   * Whether what is missing in a namespace may just not be known. It is "live" only if objects of the kind
   * (default: Services) were read: nobody may say that a Secret is missing who may not list Secrets.
   */
  knowledge(namespace: string, kind?: KindName): Knowledge;
  /** The worlds of all clusters of the mesh, this one included, in a fixed order. */
  clusters(): readonly World[];
}
