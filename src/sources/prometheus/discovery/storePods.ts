import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import { countAt, fieldsAt, listAt, textAt, textsAt } from "../../../mesh/model/fields.ts";
import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { ClusterSource } from "../../../mesh/ports.ts";
import { listAll, podKind } from "./clusterReads.ts";
import type { StoreService } from "./storeService.ts";

/** The pods behind a store's Service. A Service without selector has none that could be told. */
export async function podsOf(
  cluster: ClusterSource,
  { namespace, selector }: StoreService,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const labelSelector = Object.entries(selector)
    .map(([label, value]) => `${label}=${value}`)
    .join(",");
  if (labelSelector === "") return [];
  return listAll(cluster, { kind: podKind, scope: { namespaces: [namespace] }, labelSelector }, signal);
}

/** A ready pod and the number of its port that the Service's port leads to. */
export function forwardTarget(
  service: StoreService,
  pods: readonly KubeObject[],
): { readonly namespace: string; readonly pod: string; readonly port: number } {
  for (const pod of pods.filter(isReady)) {
    const port = portNumber(pod, service.port.target);
    if (port !== undefined) return { namespace: service.namespace, pod: pod.metadata.name, port };
  }
  throw new MeshError("unreachable", say("{0} has no ready pod.", service.label), {
    hint: say("Look at the pods in namespace {0}.", service.namespace),
  });
}

/** Path prefixes that the programs were started with. */
export function prefixesIn(pods: readonly KubeObject[]): readonly string[] {
  const flag = /^--?(?:web\.route-prefix|http\.pathPrefix|http\.prefix|server\.path-prefix|web\.external-url)=(.*)$/;
  const values = pods.flatMap((pod) =>
    containersOf(pod).flatMap((container) =>
      [...textsAt(container, "args"), ...textsAt(container, "command")].flatMap((text) => flag.exec(text)?.[1] ?? []),
    ),
  );
  return [...new Set(values.map(pathOf).filter((path) => path !== ""))];
}

/** "/prefix" of "/prefix/", "prefix" or "https://host/prefix"; "" for none. */
export function pathOf(text: string): string {
  const path = URL.canParse(text) ? new URL(text).pathname : text;
  const trimmed = path.replace(/^\/+|\/+$/g, "");
  return trimmed === "" ? "" : `/${trimmed}`;
}

function isReady(pod: KubeObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const conditions = listAt(fieldsAt(pod, "status"), "conditions");
  return conditions.some((each) => textAt(each, "type") === "Ready" && textAt(each, "status") === "True");
}

function portNumber(pod: KubeObject, target: string | number): number | undefined {
  if (typeof target === "number") return target;
  for (const container of containersOf(pod)) {
    const port = listAt(container, "ports").find((each) => textAt(each, "name") === target);
    if (port !== undefined) return countAt(port, "containerPort");
  }
  return undefined;
}

function containersOf(pod: KubeObject): readonly unknown[] {
  const spec = fieldsAt(pod, "spec");
  return [...listAt(spec, "containers"), ...listAt(spec, "initContainers")];
}
