// Starts the real control plane with the mesh that the explorer's budgets are stated for and prints what the servers
// take: node tools/node24.mjs test/bench/cluster.bench.ts [services pods]

import { readFileSync } from "node:fs";
import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../cluster/controlPlane.ts";
import { applyIstioCrds } from "../cluster/istioCrds.ts";
import { seedObjects } from "../cluster/seed.ts";
import { largeMesh, meshObjects } from "./largeMesh.ts";

const skip = await controlPlaneSkip({ bare: true });
if (skip !== false) {
  console.log(skip);
  process.exit(0);
}

const [services = largeMesh.services, pods = largeMesh.pods] = process.argv.slice(2).map(Number);
const cluster = await measured("start etcd and API server", () => startControlPlane({ bare: true }));
try {
  console.log(memory(cluster));
  await measured("Istio's and the Gateway API's kinds", () => applyIstioCrds(cluster));
  const objects = meshObjects({ ...largeMesh, services, pods });
  await measured(`${objects.length} objects, ${services} services and ${pods} pods among them`, () =>
    seedObjects(cluster, objects),
  );
  console.log(memory(cluster));
  for (const url of ["/api/v1/pods", "/api/v1/services"]) {
    const bytes = await measured(`all pages of 500 of ${url}`, () => readPages(cluster, url));
    console.log(`  ${(bytes / 1e6).toFixed(0)} MB as JSON`);
  }
  console.log(memory(cluster));
} finally {
  await cluster.stop();
}

async function measured<T>(what: string, work: () => Promise<T>): Promise<T> {
  const begin = performance.now();
  const result = await work();
  console.log(`${((performance.now() - begin) / 1000).toFixed(1).padStart(6)} s  ${what}`);
  return result;
}

/** Resident memory of each server, where the system tells. */
function memory({ programs }: ControlPlane): string {
  if (process.platform !== "linux") return "";
  const each = [...programs].map(([name, { pid }]) => {
    const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return `${name} ${Math.round(Number(kib) / 1024)} MiB`;
  });
  return `  resident: ${each.join(", ")}`;
}

async function readPages({ api }: ControlPlane, url: string): Promise<number> {
  let bytes = 0;
  let next = "";
  do {
    const { status, body } = await api("GET", `${url}?limit=500&continue=${encodeURIComponent(next)}`);
    if (status !== 200) throw new Error(`GET ${url}: ${status} ${JSON.stringify(body)}`);
    const page = body as { items: readonly KubeObject[]; metadata: { continue?: string } };
    bytes += JSON.stringify(page).length;
    next = page.metadata.continue ?? "";
  } while (next !== "");
  return bytes;
}
