import type { KubeObject } from "../../model/kubeObject.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { Declared } from "./worldStore.ts";

const labels = { istio: "ingressgateway" };
/** Port and targetPort: Istio's own chart has the gateway listen above 1024; its analysis overlooks that. */
const ports = [
  ["http2", 80, 8080],
  ["https", 443, 8443],
  ["tcp", 31400, 31400],
  ["tls", 15443, 15443],
] as const;
const place = { namespace: "istio-system" };

// What Istio's own analysis assumes where only files are known: its default ingress gateway (istio-analysis, 1.3; Istio's
// pkg/config/analysis/local). Without it each Gateway of a repository would select nothing.
const objects = (isExactlyIstio: boolean): readonly KubeObject[] => [
  {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "istio-ingressgateway-dummypod", ...place, labels },
    spec: { containers: [{ name: "istio-proxy" }] },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "istio-ingressgateway", ...place },
    spec: {
      selector: labels,
      ports: ports.map(([name, port, targetPort]) => ({
        name,
        port,
        targetPort: isExactlyIstio ? port : targetPort,
        protocol: "TCP",
      })),
    },
  },
];

/**
 * The objects to assume where no cluster is read; a declaration of the same object takes their place.
 * @param isExactlyIstio As Istio's analysis has them, not as its chart installs them.
 */
export function assumedObjects(cluster: ClusterKey, isExactlyIstio = false): readonly Declared[] {
  return objects(isExactlyIstio).map((object) => ({ cluster, object, origin: { from: "assumed" } }));
}
