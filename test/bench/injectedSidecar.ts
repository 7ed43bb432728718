// What Istio's injection adds to a pod, as far as its size and what Foreyard reads of it go.

const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
const limit = (name: string, resource: string) => ({ name, valueFrom: { resourceFieldRef: { resource } } });
const probe = { httpGet: { path: "/healthz/ready", port: 15021, scheme: "HTTP" }, timeoutSeconds: 3 };
const resources = { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "100m", memory: "128Mi" } };

const mounts: Readonly<Record<string, string>> = {
  "workload-socket": "/var/run/secrets/workload-spiffe-uds",
  "credential-socket": "/var/run/secrets/credential-uds",
  "workload-certs": "/var/run/secrets/workload-spiffe-credentials",
  "istiod-ca-cert": "/var/run/secrets/istio",
  "istio-data": "/var/lib/istio/data",
  "istio-envoy": "/etc/istio/proxy",
  "istio-token": "/var/run/secrets/tokens",
  "istio-podinfo": "/etc/istio/pod",
};

export const sidecarImage = "registry.istio.io/release/proxyv2:1.31.0";

export function sidecarContainer(
  namespace: string,
  workload: string,
): {
  readonly name: string;
  readonly image: string;
  readonly [field: string]: unknown;
} {
  return {
    name: "istio-proxy",
    image: sidecarImage,
    restartPolicy: "Always",
    args: ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local", "--proxyLogLevel=warning"],
    env: [
      { name: "PILOT_CERT_PROVIDER", value: "istiod" },
      { name: "CA_ADDR", value: "istiod.istio-system.svc:15012" },
      field("POD_NAME", "metadata.name"),
      field("POD_NAMESPACE", "metadata.namespace"),
      field("INSTANCE_IP", "status.podIP"),
      field("SERVICE_ACCOUNT", "spec.serviceAccountName"),
      field("HOST_IP", "status.hostIP"),
      limit("ISTIO_CPU_LIMIT", "limits.cpu"),
      limit("GOMEMLIMIT", "limits.memory"),
      limit("GOMAXPROCS", "limits.cpu"),
      { name: "PROXY_CONFIG", value: "{}\n" },
      { name: "ISTIO_META_POD_PORTS", value: '[\n    {"name":"http","containerPort":8080,"protocol":"TCP"}\n]' },
      { name: "ISTIO_META_APP_CONTAINERS", value: "app" },
      { name: "ISTIO_META_CLUSTER_ID", value: "Kubernetes" },
      field("ISTIO_META_NODE_NAME", "spec.nodeName"),
      { name: "ISTIO_META_INTERCEPTION_MODE", value: "REDIRECT" },
      { name: "ISTIO_META_WORKLOAD_NAME", value: workload },
      {
        name: "ISTIO_META_OWNER",
        value: `kubernetes://apis/apps/v1/namespaces/${namespace}/deployments/${workload}`,
      },
      { name: "ISTIO_META_MESH_ID", value: "cluster.local" },
      { name: "TRUST_DOMAIN", value: "cluster.local" },
    ],
    ports: [{ name: "http-envoy-prom", containerPort: 15090 }],
    readinessProbe: { ...probe, periodSeconds: 15, failureThreshold: 4 },
    startupProbe: { ...probe, periodSeconds: 1, failureThreshold: 600 },
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 1337,
      runAsNonRoot: true,
      runAsUser: 1337,
    },
    volumeMounts: Object.entries(mounts).map(([name, mountPath]) => ({ name, mountPath })),
  };
}

export const sidecarVolumes: readonly object[] = [
  ...["workload-socket", "credential-socket", "workload-certs", "istio-data", "istio-envoy"].map((name) => ({
    name,
    emptyDir: {},
  })),
  { name: "istiod-ca-cert", configMap: { name: "istio-ca-root-cert" } },
  {
    name: "istio-token",
    projected: { sources: [{ serviceAccountToken: { audience: "istio-ca", path: "istio-token" } }] },
  },
  {
    name: "istio-podinfo",
    downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] },
  },
];

export const sidecarAnnotations: Readonly<Record<string, string>> = {
  "istio.io/rev": "default",
  "kubectl.kubernetes.io/default-container": "app",
  "prometheus.io/path": "/stats/prometheus",
  "prometheus.io/port": "15020",
  "prometheus.io/scrape": "true",
  "sidecar.istio.io/status": JSON.stringify({
    initContainers: ["istio-proxy"],
    containers: null,
    volumes: Object.keys(mounts),
    imagePullSecrets: null,
    revision: "default",
  }),
};
