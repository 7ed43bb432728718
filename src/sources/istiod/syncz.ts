import { fieldsAt, fieldsOf, textAt } from "../../mesh/model/fields.ts";
import type { ProxyStatus } from "../../mesh/ports.ts";

type State = ProxyStatus["types"][string];

/** Names of the fields, and of the resources where istiod tells these, too (pilot/pkg/xds/debug.go, SyncStatus). */
const kinds = [
  { name: "CDS", field: "cluster", resource: "type.googleapis.com/envoy.config.cluster.v3.Cluster" },
  { name: "LDS", field: "listener", resource: "type.googleapis.com/envoy.config.listener.v3.Listener" },
  { name: "EDS", field: "endpoint", resource: "type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment" },
  { name: "RDS", field: "route", resource: "type.googleapis.com/envoy.config.route.v3.RouteConfiguration" },
  {
    name: "ECDS",
    field: "extensionconfig",
    resource: "type.googleapis.com/envoy.config.core.v3.TypedExtensionConfig",
  },
] as const;

/** Reads the answer of `/debug/syncz`; undefined where it is no such list. What names no proxy is left out. */
export function readSyncz(answer: unknown, istiod: string): readonly ProxyStatus[] | undefined {
  if (!Array.isArray(answer)) return undefined;
  return answer.flatMap((entry: unknown): readonly ProxyStatus[] => {
    const proxy = textAt(entry, "proxy");
    if (proxy === undefined) return [];
    return [
      {
        proxy,
        clusterId: textAt(entry, "cluster_id"),
        version: textAt(entry, "istio_version") ?? textAt(entry, "proxy_version"),
        istiod,
        types: typesOf(entry),
      },
    ];
  });
}

function typesOf(entry: unknown): ProxyStatus["types"] {
  const resources = fieldsAt(entry, "resources");
  const told = kinds.map(({ name, field, resource }): [string, State | undefined] => {
    const more = fieldsOf(resources[resource]);
    const sent = textAt(entry, `${field}_sent`) ?? textAt(more, "sent");
    const acked = textAt(entry, `${field}_acked`) ?? textAt(more, "acked");
    return [name, textAt(more, "lastError") === undefined ? stateOf(sent, acked) : "error"];
  });
  return Object.fromEntries(told.filter((pair): pair is [string, State] => pair[1] !== undefined));
}

/** undefined: the proxy wants none of this kind. */
function stateOf(sent: string | undefined, acked: string | undefined): State | undefined {
  if (sent === "IGNORED" || acked === "IGNORED") return undefined;
  if (sent === undefined) return "notSent";
  return sent === acked ? "synced" : "stale";
}
