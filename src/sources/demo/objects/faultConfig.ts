import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { PlantedFault } from "../world/faults.ts";

const apiVersion = "networking.istio.io/v1";

/** The configuration that a planted fault is made of: one object that is wrong, and what it needs to be so. */
export function faultConfig(fault: PlantedFault): readonly KubeObject[] {
  const { namespace, service: host } = fault;
  const object = (kind: string, spec: object): KubeObject => {
    return { apiVersion, kind, metadata: { namespace, name: host }, spec };
  };
  switch (fault.name) {
    case "misroutedRule": {
      const route = [
        { destination: { host }, weight: 60 },
        { destination: { host, subset: "next" }, weight: 40 },
      ];
      const rule = object("VirtualService", { hosts: [host], http: [{ route }] });
      if (fault.isUndeclared) return [rule];
      const subsets = [{ name: "next", labels: { version: "next" } }];
      return [rule, object("DestinationRule", { host, subsets })];
    }
    case "mtlsMismatch":
      return [object("DestinationRule", { host, trafficPolicy: { tls: { mode: "DISABLE" } } })];
    case "trippedBreaker": {
      const connectionPool = {
        tcp: { maxConnections: 1 },
        http: { http1MaxPendingRequests: 1, http2MaxRequests: 1, maxRequestsPerConnection: 1 },
      };
      return [object("DestinationRule", { host, trafficPolicy: { connectionPool } })];
    }
    case "badVersion":
    case "oomKilled":
    case "nodePressure":
      return [];
  }
}
