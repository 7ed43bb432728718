/** The gateway of all sidecars. */
export const meshGateway = "mesh";

/**
 * A gateway as a VirtualService names it, as "namespace/name" or "mesh". A dotted name is the legacy form
 * "name.namespace[.svc...]" (resolveGatewayName in istio/istio, pilot/pkg/model).
 */
export function boundGateway(name: string, namespace: string): string {
  if (name === meshGateway) return name;
  const slash = name.indexOf("/");
  if (slash >= 0) return name.slice(0, slash) === "." ? `${namespace}${name.slice(slash)}` : name;
  const [gateway = "", legacyNamespace] = name.split(".");
  return `${legacyNamespace ?? namespace}/${gateway}`;
}
