import type { ControlPlanePlan } from "../world/blueprint.ts";
import { given } from "./plainObjects.ts";
import type { Lazy, Making } from "./making.ts";
import { trustDomain } from "./proxies.ts";
import { uidOf } from "../world/seed.ts";

// What an installation of Istio leaves in a cluster beside its workloads: mesh configuration, webhooks, secrets.

const namespace = "istio-system";

export function istioSystemObjects(making: Making, peers: readonly string[]): readonly Lazy[] {
  const { controlPlanes, namespaces } = making.cluster;
  return [
    ...controlPlanes.flatMap((plane) => [
      meshConfig(making, plane),
      injectorConfig(making, plane),
      injector(making, plane),
    ]),
    ...controlPlanes.flatMap((plane) => plane.tags.map((tag) => tagWebhook(making, plane, tag))),
    ...controlPlanes.map((plane) => validator(making, plane)),
    ...namespaces.map(({ name }) => rootCertificate(making, name)),
    cacerts(making),
    ...peers.map((peer) => remoteSecret(making, peer)),
  ];
}

function revisionLabels(plane: ControlPlanePlan): Record<string, string> {
  return { "istio.io/rev": plane.revision, "app.kubernetes.io/version": plane.version };
}

function meshConfig(making: Making, plane: ControlPlanePlan): Lazy {
  const mesh = [
    "accessLogFile: /dev/stdout",
    "defaultConfig:",
    `  discoveryAddress: istiod-${plane.revision}.istio-system.svc:15012`,
    `  meshId: ${trustDomain}`,
    "defaultProviders:",
    "  metrics:",
    "  - prometheus",
    "enablePrometheusMerge: true",
    "outboundTrafficPolicy:",
    "  mode: REGISTRY_ONLY",
    "rootNamespace: istio-system",
    `trustDomain: ${trustDomain}`,
    "",
  ].join("\n");
  const data = { mesh, meshNetworks: "networks: {}" };
  const names = { apiVersion: "v1", kind: "ConfigMap", namespace, name: `istio-${plane.revision}`, manager: "helm" };
  return given(making, { ...names, labels: revisionLabels(plane) }, { data });
}

function injectorConfig(making: Making, plane: ControlPlanePlan): Lazy {
  const { id, network } = making.cluster;
  const multiCluster = { clusterName: id, enabled: true };
  const values = {
    revision: plane.revision,
    global: {
      meshID: trustDomain,
      network,
      multiCluster,
      istioNamespace: namespace,
      tag: plane.version,
      hub: "docker.io/istio",
    },
  };
  const data = { config: "policy: enabled\n", values: JSON.stringify(values, undefined, 2) };
  const name = `istio-sidecar-injector-${plane.revision}`;
  const names = { apiVersion: "v1", kind: "ConfigMap", namespace, name, manager: "helm" };
  return given(making, { ...names, labels: revisionLabels(plane) }, { data });
}

type Requirement = readonly [key: string, operator: "In" | "NotIn" | "Exists" | "DoesNotExist", ...values: string[]];

function expressions(...requirements: readonly Requirement[]) {
  return {
    matchExpressions: requirements.map(([key, operator, ...values]) => ({
      key,
      operator,
      ...(values.length > 0 ? { values } : {}),
    })),
  };
}

// The selectors that Istio's charts write for a revision: the namespace's label, or the pod's where the namespace has none.
function webhooks(plane: ControlPlanePlan, revision: string, isDefault: boolean) {
  const inject = "sidecar.istio.io/inject";
  const clientConfig = {
    service: { name: `istiod-${plane.revision}`, namespace, path: "/inject", port: 443 },
  };
  const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"], scope: "*" };
  const make = (name: string, namespaceSelector: object, objectSelector: object) => ({
    name: `${name}.sidecar-injector.istio.io`,
    clientConfig,
    rules: [rule],
    failurePolicy: "Fail",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    namespaceSelector,
    objectSelector,
  });
  const byRevision = [
    make(
      "rev.namespace",
      expressions(["istio.io/rev", "In", revision], ["istio-injection", "DoesNotExist"]),
      expressions([inject, "NotIn", "false"]),
    ),
    make(
      "rev.object",
      expressions(["istio.io/rev", "DoesNotExist"], ["istio-injection", "DoesNotExist"]),
      expressions([inject, "NotIn", "false"], ["istio.io/rev", "In", revision]),
    ),
  ];
  if (!isDefault) return byRevision;
  return [
    ...byRevision,
    make("namespace", expressions(["istio-injection", "In", "enabled"]), expressions([inject, "NotIn", "false"])),
    make(
      "object",
      expressions(["istio-injection", "DoesNotExist"], ["istio.io/rev", "DoesNotExist"]),
      expressions([inject, "In", "true"], ["istio.io/rev", "DoesNotExist"]),
    ),
  ];
}

const admission = "admissionregistration.k8s.io/v1";

function injector(making: Making, plane: ControlPlanePlan): Lazy {
  const name = `istio-sidecar-injector-${plane.revision}`;
  const labels = { ...revisionLabels(plane), app: "sidecar-injector" };
  const names = { apiVersion: admission, kind: "MutatingWebhookConfiguration", name, manager: "pilot-discovery" };
  return given(making, { ...names, labels }, { webhooks: webhooks(plane, plane.revision, false) });
}

function tagWebhook(making: Making, plane: ControlPlanePlan, tag: string): Lazy {
  const labels = { ...revisionLabels(plane), app: "sidecar-injector", "istio.io/tag": tag };
  const name = `istio-revision-tag-${tag}`;
  const names = { apiVersion: admission, kind: "MutatingWebhookConfiguration", name, manager: "pilot-discovery" };
  return given(making, { ...names, labels }, { webhooks: webhooks(plane, tag, tag === "default") });
}

function validator(making: Making, plane: ControlPlanePlan): Lazy {
  const name = `istio-validator-${plane.revision}-istio-system`;
  const groups = ["security.istio.io", "networking.istio.io", "telemetry.istio.io", "extensions.istio.io"];
  const webhook = {
    name: "rev.validation.istio.io",
    clientConfig: { service: { name: `istiod-${plane.revision}`, namespace, path: "/validate", port: 443 } },
    rules: [{ apiGroups: groups, apiVersions: ["*"], operations: ["CREATE", "UPDATE"], resources: ["*"], scope: "*" }],
    failurePolicy: "Fail",
    sideEffects: "None",
    admissionReviewVersions: ["v1"],
    objectSelector: expressions(["istio.io/rev", "In", plane.revision]),
  };
  const names = { apiVersion: admission, kind: "ValidatingWebhookConfiguration", name, manager: "pilot-discovery" };
  return given(
    making,
    { ...names, labels: { ...revisionLabels(plane), app: "istiod", istio: "istiod" } },
    { webhooks: [webhook] },
  );
}

/** The same in both clusters: they share their root. Not a real certificate. */
export function demoRoot(seed: number): string {
  const body = Array.from({ length: 6 }, (_, i) => Buffer.from(uidOf(`root/${i}`, seed)).toString("base64"));
  return `-----BEGIN CERTIFICATE-----\n${body.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function rootCertificate(making: Making, of: string): Lazy {
  const labels = { "istio.io/config": "true" };
  const names = {
    apiVersion: "v1",
    kind: "ConfigMap",
    namespace: of,
    name: "istio-ca-root-cert",
    manager: "pilot-discovery",
  };
  return given(making, { ...names, labels }, { data: { "root-cert.pem": demoRoot(making.seed) } });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function cacerts(making: Making): Lazy {
  const root = base64(demoRoot(making.seed));
  const own = base64(`demo certificate of ${making.cluster.id}`);
  const data = {
    "root-cert.pem": root,
    "ca-cert.pem": own,
    "cert-chain.pem": own,
    "ca-key.pem": base64("demo key, opens nothing"),
  };
  return given(making, { apiVersion: "v1", kind: "Secret", namespace, name: "cacerts" }, { type: "Opaque", data });
}

function remoteSecret(making: Making, peer: string): Lazy {
  const names = {
    apiVersion: "v1",
    kind: "Secret",
    namespace,
    name: `istio-remote-secret-${peer}`,
    labels: { "istio/multiCluster": "true" },
    annotations: { "networking.istio.io/cluster": peer },
  };
  const kubeconfig = `apiVersion: v1\nkind: Config\nclusters:\n- name: ${peer}\n  cluster:\n    server: https://${peer}.example:6443\nusers:\n- name: ${peer}\n  user: {}\ncontexts:\n- name: ${peer}\n  context:\n    cluster: ${peer}\n    user: ${peer}\ncurrent-context: ${peer}\n`;
  return given(making, names, { type: "Opaque", data: { [peer]: base64(kubeconfig) } });
}
