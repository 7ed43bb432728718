import { fieldsAt, textAt } from "../../model/fields.ts";
import type { MeshService } from "../config/meshServices.ts";

export const passthroughCluster = "PassthroughCluster";
/** What a refused backendRef leads to. */
export const unknownCluster = "UnknownService";

/** The name of a service's cluster: "outbound|8080|v1|reviews.shop.svc.cluster.local". */
export function clusterName(host: string, port: number, subset: string): string {
  return `outbound|${port}|${subset}|${host}`;
}

export interface ClusterParts {
  readonly port: number;
  readonly subset: string;
  readonly host: string;
}

/** The parts of a cluster's name; undefined for one that is no service's. */
export function clusterParts(name: string): ClusterParts | undefined {
  const [direction, port = "", subset = "", host] = name.split("|");
  return direction === "outbound" && host !== undefined ? { port: Number(port), subset, host } : undefined;
}

/**
 * The cluster of a Destination (`GetDestinationCluster`): its own port, else a single-port service's, else that of the
 * listener. `service` is what the proxy's listener knows by the host.
 */
export function destinationCluster(
  destination: unknown,
  service: MeshService | undefined,
  listenerPort: number,
): string {
  const host = textAt(destination, "host");
  if (host === undefined) return unknownCluster;
  const said = fieldsAt(destination, "port")["number"];
  const [only, ...more] = service?.ports ?? [];
  const port = typeof said === "number" ? said : only !== undefined && more.length === 0 ? only.number : listenerPort;
  return clusterName(service?.externalName ?? host, port, textAt(destination, "subset") ?? "");
}
