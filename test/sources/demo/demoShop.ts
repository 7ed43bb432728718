import assert from "node:assert/strict";
import type { KubeObject, KindOnServer } from "../../../src/mesh/model/kubeObject.ts";
import type { ClusterSource, ListQuery } from "../../../src/mesh/ports.ts";
import { demoTruth, type TruthRow } from "../../../src/sources/demo/demoTruth.ts";
import { createDemoMesh, type DemoMesh } from "../../../src/sources/demo/demoMesh.ts";
import { DemoClock } from "./demoClock.ts";

export const never = new AbortController().signal;
export const everywhere = { all: true, otherwise: [] } as const;

export interface Shop {
  readonly clock: DemoClock;
  readonly mesh: DemoMesh;
  /** The cluster with nearly everything. */
  readonly eu: ClusterSource;
}

export function openShop(options: { services?: number; seed?: number } = {}): Shop {
  const clock = new DemoClock();
  const mesh = createDemoMesh({ clock, ...options });
  const [eu] = mesh.clusters;
  assert.ok(eu);
  return { clock, mesh, eu };
}

export async function kindNamed(cluster: ClusterSource, name: string, group?: string): Promise<KindOnServer> {
  const kinds = await cluster.kinds(never);
  const found = kinds.find((kind) => kind.kind === name && (group === undefined || kind.group === group));
  assert.ok(found, `no kind ${name}`);
  return found;
}

export async function listAll(
  cluster: ClusterSource,
  kind: string,
  more: Partial<ListQuery> = {},
): Promise<readonly KubeObject[]> {
  const query = { kind: await kindNamed(cluster, kind), scope: everywhere, ...more };
  const objects: KubeObject[] = [];
  for await (const page of cluster.list(query, never)) objects.push(...page.objects);
  return objects;
}

/** Exact numbers of the last minute for one service or workload of the cluster "eu". */
export function truthFor({ mesh, clock }: Shop, what: "services" | "workloads" | "pods", name: string): TruthRow {
  const rows = demoTruth(mesh, { windowSeconds: 60, atMillis: clock.now() })[what];
  const row = rows.find((candidate) => candidate.name === name && candidate.clusterId === "eu");
  assert.ok(row, `no row ${name}`);
  return row;
}

/** Applies a change to one of the shop's objects, taking fields over where needed. */
export async function change(shop: Shop, kind: string, name: string, spec: unknown): Promise<KubeObject> {
  const of = await kindNamed(shop.eu, kind, "networking.istio.io");
  const object = { apiVersion: "networking.istio.io/v1", kind, metadata: { namespace: "shop", name }, spec };
  return shop.eu.apply(object, of, { dryRun: false, force: true }, never);
}

export function close(actual: number | null, expected: number, within: number, what: string): void {
  assert.ok(actual !== null, `${what} is missing`);
  const difference = Math.abs(actual - expected);
  assert.ok(difference <= Math.abs(expected) * within, `${what}: ${actual} is not within ${within} of ${expected}`);
}
