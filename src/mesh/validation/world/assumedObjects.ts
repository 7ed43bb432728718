import type { KubeObject } from "../../model/kubeObject.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { Declared } from "./worldStore.ts";

const labels = { istio: "ingressgateway" };
const ports = [
  ["http2", 80],
  ["https", 443],
  ["tcp", 31400],
  ["tls", 15443],
] as const;
const place = { namespace: "istio-system" };

// What Istio's own analysis assumes where only files are known: its default ingress gateway (istio-analysis, 1.3; Istio's
// pkg/config/analysis/local). Without it each Gateway of a repository would select nothing.
const objects: readonly KubeObject[] = [
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
      ports: ports.map(([name, port]) => ({ name, port, targetPort: port, protocol: "TCP" })),
    },
  },
];

/** The objects to assume where no cluster is read; a declaration of the same object takes their place. */
export function assumedObjects(cluster: ClusterKey): readonly Declared[] {
  return objects.map((object) => ({ cluster, object, origin: { from: "assumed" } }));
}
