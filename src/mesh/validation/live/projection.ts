import { fieldsAt, listAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { kinds, type KindName } from "../kinds.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * What of a live object is kept for validation: thousands of pods are held for long, and private keys never. undefined:
 * no rule reads it.
 */
export function projected(kind: KindName, object: KubeObject): KubeObject | undefined {
  switch (kind) {
    case kinds.Pod:
      return {
        ...object,
        spec: podSpec(fieldsAt(object, "spec")),
        status: pick(fieldsAt(object, "status"), ["phase", "podIP"]),
      };
    case kinds.Node:
      return { apiVersion: object.apiVersion, kind: object.kind, metadata: object.metadata };
    case kinds.Secret:
      return secret(object);
    case kinds.ConfigMap:
      return configMap(object);
    case kinds.CustomResourceDefinition:
      return /\.(istio\.io|gateway\.networking\.k8s\.io|gateway\.networking\.x-k8s\.io)$/u.test(object.metadata.name)
        ? object
        : undefined;
    case kinds.ReplicaSet:
    case kinds.Job:
      // What a Deployment or a CronJob made repeats what that says.
      return (object.metadata.ownerReferences ?? []).length > 0 ? undefined : object;
    default:
      return object;
  }
}

function podSpec(spec: Fields): Fields {
  return {
    ...pick(spec, ["nodeName", "hostNetwork", "serviceAccountName", "securityContext", "shareProcessNamespace"]),
    containers: listAt(spec, "containers").map(container),
    ...(Object.hasOwn(spec, "initContainers") ? { initContainers: listAt(spec, "initContainers").map(container) } : {}),
  };
}

// Of the environment only what Istio sets: other variables hold passwords.
function container(value: unknown): Fields {
  const fields = typeof value === "object" && value !== null ? (value as Fields) : {};
  const env = listAt(fields, "env").filter((one) =>
    /^(ISTIO_|PILOT_|CLUSTER_ID$|PROXY_CONFIG$|REVISION$|BLOCKED_CIDRS_)/u.test(
      String(fieldsAt({ one }, "one")["name"]),
    ),
  );
  return { ...pick(fields, ["name", "image", "ports", "securityContext", "restartPolicy"]), env };
}

/** The keys under which Secrets hold what is public anyway (Kubernetes, Istio). */
const certificateKeys = new Set(["tls.crt", "cert", "ca.crt", "cacert", "ca.crl", "cert-chain.pem", "root-cert.pem"]);

function secret(object: KubeObject): KubeObject {
  const data = textMapAt(object, "data");
  // A remote secret's kubeconfig is read for its token's dates only, and by nobody else.
  const isRemote = object.metadata.labels?.["istio/multiCluster"] === "true";
  const kept = Object.entries(data).map(([key, value]): [string, string] => {
    if (certificateKeys.has(key) || isRemote) return [key, value];
    // Rules ask whether it is there.
    return [key, value === "" ? "" : hidden];
  });
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, metadata, type: object["type"], data: Object.fromEntries(kept) };
}

/** Stands for a value that was there and was not kept; base64 of nothing that anybody uses. */
const hidden = "KioqKg==";

// Istio's own, and those that hold a certificate that a Gateway or a BackendTLSPolicy may name.
function configMap(object: KubeObject): KubeObject {
  if (object.metadata.name.startsWith("istio")) return object;
  const data = Object.entries(textMapAt(object, "data")).map(([key, value]): [string, string] => [
    key,
    certificateKeys.has(key) ? value : "",
  ]);
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, metadata, data: Object.fromEntries(data) };
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(fields, name) ? [[name, fields[name]]] : [])));
}
