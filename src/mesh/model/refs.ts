/**
 * What a cluster is joined by, everywhere: the UID of its kube-system namespace, else the Prometheus source and its
 * cluster label. Never shown; rows show the context's name.
 */
export type ClusterKey = string;

/** Names one object. `group` is "" for the core group, `namespace` is "" for cluster-scoped kinds. */
export interface ObjectRef {
  readonly cluster: ClusterKey;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** A stable id for a ref. Kubernetes names hold no "/", so different refs give different ids. */
export function refId(ref: ObjectRef): string {
  return `${ref.cluster}/${ref.group}/${ref.kind}/${ref.namespace}/${ref.name}`;
}
