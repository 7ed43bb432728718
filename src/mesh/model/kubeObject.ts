export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

/** metav1.ObjectMeta as far as Foreyard reads it; adapters drop `managedFields` on arrival. */
export interface ObjectMeta {
  readonly name: string;
  /** Set on what a controller made, e.g. the pods of a ReplicaSet. */
  readonly generateName?: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

/** Any object of the Kubernetes API, as JSON. Its body is unchecked input: read it through a parser. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** One kind as the API server offers it. `version` is the one to ask for, `group` is "" for the core group. */
export interface KindOnServer {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural in the URL, e.g. "virtualservices". */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** The group of an apiVersion: "networking.istio.io/v1" gives "networking.istio.io", "v1" gives "". */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf("/");
  return slash < 0 ? "" : apiVersion.slice(0, slash);
}
