// How Istio reads the names in its configuration. The cluster's domain is Kubernetes' default, as in istiod's own.

const clusterDomain = "svc.cluster.local";

/**
 * A host as its object means it: a name without a dot is a service in the object's own namespace; anything else, "*"
 * and addresses included, stands for itself (ResolveShortnameToFQDN in istio/istio).
 */
export function hostOf(name: string, namespace: string): string {
  const isLong = name === "" || name === "*" || name.includes(".") || name.includes(":");
  return isLong ? name : serviceHost(name, namespace);
}

export function serviceHost(name: string, namespace: string): string {
  return `${name}.${namespace}.${clusterDomain}`;
}

/** `exportTo` with "." as the object's own namespace; undefined for everywhere. */
export function exportedTo(entries: readonly string[], namespace: string): readonly string[] | undefined {
  if (entries.length === 0 || entries.includes("*")) return undefined;
  return distinct(entries.map((entry) => (entry === "." ? namespace : entry)));
}

/** A gateway by "namespace/name"; "mesh" and names that are written in full stay. */
export function gatewayName(name: string, namespace: string): string {
  return name === "mesh" || name.includes("/") || name.includes(".") ? name : `${namespace}/${name}`;
}

export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
