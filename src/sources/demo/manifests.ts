import { dump } from "js-yaml";
import type { KubeObject } from "../../mesh/model/kubeObject.ts";
import { clusterObjects } from "./objects/clusterObjects.ts";
import { templateOf } from "./objects/controllers.ts";
import type { Making } from "./objects/making.ts";
import { podSpec } from "./objects/pods.ts";
import { podAnnotations, podLabels } from "./objects/proxies.ts";
import type { ClusterId, WorkloadPlan } from "./world/blueprint.ts";
import type { FaultName } from "./world/faults.ts";
import { drawWorld } from "./world/drawWorld.ts";
import { defaultSeed } from "./demoMesh.ts";

export interface ManifestOptions {
  readonly seed?: number;
  readonly services?: number;
  readonly fault?: FaultName | undefined;
  /** Which of the world's clusters: "eu", which has nearly everything, unless told. */
  readonly cluster?: ClusterId;
}

/**
 * One cluster of the world as YAML documents that an API server accepts: namespaces and missing kinds first, controllers
 * in place of their pods, nothing that only a server writes. Templates carry their sidecars already, as after
 * `istioctl kube-inject`, because there is no istiod to inject them; its webhooks let everything pass for the same reason.
 */
export function* demoManifests(options: ManifestOptions = {}): Generator<string, void, undefined> {
  const { seed = defaultSeed, services = 0, fault, cluster: id = "eu" } = options;
  const world = drawWorld({ seed, services, fault, clusters: 2, ambient: "corner" });
  const cluster = world.clusters.find((candidate) => candidate.id === id);
  if (!cluster) throw new RangeError(`The demo world has no cluster ${id}.`);
  const making: Making = { seed, cluster, startMillis: 0 };
  const plans = new Map(
    world.workloads.flatMap((plan): [string, WorkloadPlan][] =>
      plan.cluster === id ? [[`${plan.kind}/${plan.namespace}/${plan.name}`, plan]] : [],
    ),
  );
  const late: string[] = [];
  for (const lazy of clusterObjects(making, world, () => true)) {
    if (serverMade.has(lazy.kind)) continue;
    const object = lazy.make();
    const plan = plans.get(`${lazy.kind}/${lazy.namespace}/${lazy.name}`);
    const text = document(manifestOf(making, object, plan));
    if (lazy.kind === "Namespace") yield text;
    else late.push(text);
  }
  for (const definition of definitions) yield document(definition);
  yield* late;
}

/** Made by controllers and kubelets; the namespaces `default` and `kube-system` may be applied again. */
const serverMade = new Set(["Node", "Pod", "ReplicaSet", "EndpointSlice", "Job"]);
function document(object: unknown): string {
  return `---\n${dump(object, { noRefs: true })}`;
}

function manifestOf(making: Making, object: KubeObject, plan: WorkloadPlan | undefined): Record<string, unknown> {
  const { kind } = object;
  const { name, namespace, labels, annotations } = object.metadata;
  const body = without(object, "apiVersion", "kind", "metadata", "status");
  return {
    apiVersion: object.apiVersion,
    kind,
    metadata: JSON.parse(JSON.stringify({ name, namespace, labels, annotations })) as unknown,
    ...bodyOf(making, { kind, body }, plan),
  };
}

type Body = Readonly<Record<string, unknown>>;

function bodyOf(making: Making, { kind, body }: { kind: string; body: Body }, plan: WorkloadPlan | undefined): Body {
  if (plan) return { ...body, spec: specOf(making, plan, body["spec"] as Body) };
  if (kind === "Namespace") return {};
  if (kind === "Service") return { spec: withoutAddresses(body["spec"] as Body) };
  if (kind.endsWith("WebhookConfiguration")) {
    const webhooks = body["webhooks"] as readonly Body[];
    return { webhooks: webhooks.map((webhook) => ({ ...webhook, failurePolicy: "Ignore" })) };
  }
  return body;
}

// The server chooses addresses itself; a headless service says that it wants none.
function withoutAddresses(spec: Body): Body {
  const rest = without(spec, "clusterIP", "clusterIPs");
  return spec["clusterIP"] === "None" ? { ...rest, clusterIP: "None" } : rest;
}

function without(body: Body, ...keys: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

function specOf(making: Making, plan: WorkloadPlan, spec: Body): Body {
  if (plan.kind === "CronJob") return { ...spec, jobTemplate: { spec: { template: templateOf(making, plan) } } };
  const hash = ["pod-template-hash", "rollouts-pod-template-hash"];
  const labels = Object.fromEntries(Object.entries(podLabels(making, plan)).filter(([name]) => !hash.includes(name)));
  const annotations = podAnnotations(plan);
  const metadata = { labels, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) };
  return { ...spec, template: { metadata, spec: podSpec(making, plan) } };
}

function definition(
  names: { group: string; version: string; kind: string; plural: string; scope: "Namespaced" | "Cluster" },
  annotations?: Readonly<Record<string, string>>,
): unknown {
  const { group, version, kind, plural, scope } = names;
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, ...(annotations ? { annotations } : {}) },
    spec: {
      group,
      scope,
      names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
    },
  };
}

// Kinds of the world that Istio's own definitions do not bring, with schemas that let everything pass. The API server
// wants names under k8s.io to be marked.
const unapproved = { "api-approved.kubernetes.io": "unapproved, for the demo only" };
const gatewayApi = { group: "gateway.networking.k8s.io", version: "v1" };
const definitions = [
  definition({ group: "argoproj.io", version: "v1alpha1", kind: "Rollout", plural: "rollouts", scope: "Namespaced" }),
  definition({ ...gatewayApi, kind: "GatewayClass", plural: "gatewayclasses", scope: "Cluster" }, unapproved),
  definition({ ...gatewayApi, kind: "Gateway", plural: "gateways", scope: "Namespaced" }, unapproved),
];
