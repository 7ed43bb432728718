import type { KubeObject } from "../../model/kubeObject.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { YamlDocument } from "../../yaml/yamlFile.ts";
import type { KindName } from "../kinds.ts";

/** Where an object comes from. */
export type Origin =
  /** A file, by its name or URI. `prefix` leads to an item of a List. `isSpec`: the document is the object's spec alone. */
  | {
      readonly from: "file";
      readonly file: string;
      readonly document: YamlDocument;
      readonly prefix: FieldPath;
      readonly isSpec?: true;
    }
  | { readonly from: "live"; readonly context: string }
  /** What Foreyard assumes where only files are known, e.g. the default ingress gateway's Service. */
  | { readonly from: "assumed" };

/** One declared object. `object` is unchecked input: read it with `model/fields.ts`. */
export interface WorldObject {
  /** Of the object, not of the declaration: cluster, kind, namespace and name. */
  readonly id: string;
  readonly cluster: ClusterKey;
  readonly kind: KindName;
  /** The version of the apiVersion: "v1beta1". */
  readonly version: string;
  /** "" for cluster-scoped kinds, and for files that say none where no default namespace is given. */
  readonly namespace: string;
  readonly name: string;
  readonly object: KubeObject;
  readonly origin: Origin;
}
