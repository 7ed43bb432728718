import { fieldsAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";

/** A remote secret: its holder's istiod watches another cluster. Its contents are credentials and never read. */
export interface RemoteSecretFacts {
  readonly namespace: string;
  readonly clusterId: string | undefined;
}

/**
 * Reads the metadata of a Secret labelled istio/multiCluster=true. `istioctl create-remote-secret` writes the cluster's
 * ID into an annotation and after "istio-remote-secret-" into the name (istioctl/pkg/multicluster).
 */
export function readRemoteSecret(object: KubeObject): RemoteSecretFacts {
  const metadata = fieldsAt(object, "metadata");
  const name = textAt(metadata, "name") ?? "";
  const prefix = "istio-remote-secret-";
  return {
    namespace: textAt(metadata, "namespace") ?? "",
    clusterId:
      textMapAt(metadata, "annotations")["networking.istio.io/cluster"] ??
      (name.startsWith(prefix) ? name.slice(prefix.length) : undefined),
  };
}

/** The roots that one namespace's workloads trust. */
export interface RootFacts {
  readonly namespace: string;
  /** The certificates' Base64 without line breaks; equal texts are the same certificate. */
  readonly certificates: readonly string[];
}

const certificate = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;

/** Reads the ConfigMap istio-ca-root-cert that istiod keeps in every namespace. */
export function readRoots(object: KubeObject): RootFacts {
  const bundle = textMapAt(object, "data")["root-cert.pem"] ?? "";
  const certificates = [...bundle.matchAll(certificate)].map(([, base64 = ""]) => base64.replace(/\s+/g, ""));
  return { namespace: textAt(fieldsAt(object, "metadata"), "namespace") ?? "", certificates };
}

/** What a cluster shows of the mesh that it belongs to. */
export interface MeshEvidence {
  /** Cluster IDs that its control planes watch or serve. */
  readonly watches: ReadonlySet<string>;
  /** Cluster IDs whose control planes it admits; "*" admits any. */
  readonly admits: ReadonlySet<string>;
  /** Certificates that its workloads trust; empty where unknown. */
  readonly roots: ReadonlySet<string>;
  /** undefined where unknown or not one. */
  readonly trustDomain: string | undefined;
  /** Set by somebody: proxies report the trust domain where no mesh ID is set, and that says nothing. */
  readonly meshId: string | undefined;
}
