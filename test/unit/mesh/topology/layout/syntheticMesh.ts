import type { LayoutInput } from "../../../../../src/mesh/topology/layout/layout.ts";
import { seededRandom } from "../../../../../src/mesh/topology/layout/random.ts";

// A mesh of any size as real ones are: few large namespaces and many small ones, hubs, cycles, external hosts.

export interface SyntheticNode {
  readonly key: string;
  readonly kind: "service" | "workload" | "serviceEntry" | "gateway";
  readonly namespace: string;
  readonly app: string;
  readonly version: string;
}

export interface SyntheticMesh {
  readonly nodes: readonly SyntheticNode[];
  /** Indexes into `nodes`. */
  readonly edges: readonly { readonly source: number; readonly target: number; readonly protocol: string }[];
}

interface App {
  readonly namespace: number;
  readonly service: number;
  readonly workloads: readonly number[];
}

/** About `count` nodes and 2.5 edges for each; the same seed gives the same mesh. */
export function syntheticMesh(count: number, seed = 42): SyntheticMesh {
  const random = seededRandom(seed);
  const nodes: SyntheticNode[] = [
    { key: "gateway/istio-ingress/ingress", kind: "gateway", namespace: "istio-ingress", app: "ingress", version: "" },
  ];
  const namespaceCount = Math.max(1, Math.round(count / 20));
  const weights = Array.from({ length: namespaceCount }, () => random() ** 2 + 0.05);
  const apps: App[] = [];
  while (nodes.length < count * 0.95) apps.push(addApp(nodes, pickWeighted(weights, random), apps.length, random));
  const entries: number[] = [];
  while (nodes.length < count) {
    const name = `api-${entries.length}.example.com`;
    entries.push(nodes.length);
    nodes.push({ key: `serviceEntry/${name}`, kind: "serviceEntry", namespace: "", app: "", version: "" });
  }
  return { nodes, edges: edgesOf({ apps, entries, wanted: count * 2.5 }, random) };
}

function addApp(nodes: SyntheticNode[], namespace: number, number: number, random: () => number): App {
  const place = { namespace: `ns-${namespace}`, app: `app-${number}` };
  const service = nodes.length;
  nodes.push({ key: `service/${place.namespace}/${place.app}`, kind: "service", ...place, version: "" });
  const versions = 1 + Math.floor(random() * 3);
  const workloads: number[] = [];
  for (let version = 1; version <= versions; version++) {
    workloads.push(nodes.length);
    const key = `workload/${place.namespace}/${place.app}-v${version}`;
    nodes.push({ key, kind: "workload", ...place, version: `v${version}` });
  }
  return { namespace, service, workloads };
}

interface Ends {
  readonly apps: readonly App[];
  readonly entries: readonly number[];
  readonly wanted: number;
}

function edgesOf({ apps, entries, wanted }: Ends, random: () => number): SyntheticMesh["edges"] {
  const edges: { source: number; target: number; protocol: string }[] = [];
  const seen = new Set<string>();
  const add = (source: number, target: number, protocol: string): void => {
    const id = `${source}>${target}:${protocol}`;
    if (seen.has(id)) return;
    seen.add(id);
    edges.push({ source, target, protocol });
  };
  for (const { service, workloads } of apps) for (const workload of workloads) add(service, workload, "http");
  for (const { service } of apps.slice(0, Math.ceil(apps.length / 30))) add(0, service, "http");
  // Who is called already is called more often.
  const popular: App[] = [];
  const byNamespace = new Map<number, App[]>();
  for (const app of apps) byNamespace.set(app.namespace, [...(byNamespace.get(app.namespace) ?? []), app]);
  for (let tries = 0; edges.length < wanted && tries < wanted * 10; tries++) {
    const from = Math.floor(random() * apps.length);
    const caller = apps[from];
    if (!caller) break;
    const source = pick(caller.workloads, random) ?? 0;
    if (random() < 0.08 && entries.length > 0) {
      add(source, pick(entries, random) ?? 0, "http");
      continue;
    }
    const near = byNamespace.get(caller.namespace) ?? [];
    const callee =
      random() < 0.57 ? pick(near, random) : pick(random() < 0.5 && popular.length > 0 ? popular : apps, random);
    if (!callee || callee === caller) continue;
    // Nearly all calls go one way; a few close cycles.
    if (apps.indexOf(callee) < from && random() > 0.02) continue;
    add(source, callee.service, random() < 0.8 ? "http" : "grpc");
    if (random() < 0.08) add(source, callee.service, "tcp");
    popular.push(callee);
  }
  return edges;
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}

function pickWeighted(weights: readonly number[], random: () => number): number {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    left -= weight;
    if (left <= 0) return index;
  }
  return weights.length - 1;
}

/** Some new versions of old apps and some new apps: `share` of the nodes more. */
export function grownMesh(mesh: SyntheticMesh, share: number, seed: number): SyntheticMesh {
  const random = seededRandom(seed);
  const nodes = [...mesh.nodes];
  const edges = [...mesh.edges];
  const services = mesh.nodes.flatMap((node, index) => (node.kind === "service" ? [index] : []));
  const wanted = mesh.nodes.length * (1 + share);
  while (nodes.length < wanted) {
    const service = pick(services, random) ?? 0;
    const { namespace, app } = nodes[service] ?? { namespace: "", app: "" };
    const number = nodes.length;
    if (random() < 0.6) {
      edges.push({ source: service, target: number, protocol: "http" });
      nodes.push({
        key: `workload/${namespace}/${app}-x${seed}-${number}`,
        kind: "workload",
        namespace,
        app,
        version: `x${number}`,
      });
    } else {
      const made = `new-${seed}-${number}`;
      nodes.push({ key: `service/${namespace}/${made}`, kind: "service", namespace, app: made, version: "" });
      nodes.push({ key: `workload/${namespace}/${made}-v1`, kind: "workload", namespace, app: made, version: "v1" });
      edges.push(
        { source: number, target: number + 1, protocol: "http" },
        { source: service + 1, target: number, protocol: "http" },
      );
    }
  }
  return { nodes, edges };
}

/** Boxes for namespaces and for apps of several versions; with `clusters` above 1, namespaces are dealt out to them. */
export function layoutInput({ nodes, edges }: SyntheticMesh, clusters = 1): LayoutInput {
  const boxKeys: string[] = [];
  const boxParent: number[] = [];
  const boxKind: number[] = [];
  const known = new Map<string, number>();
  const box = (key: string, kind: number, parent: number): number => {
    const found = known.get(key);
    if (found !== undefined) return found;
    known.set(key, boxKeys.length);
    boxKeys.push(key);
    boxKind.push(kind);
    boxParent.push(parent);
    return boxKeys.length - 1;
  };
  const versions = new Map<string, number>();
  for (const { kind, namespace, app } of nodes) {
    if (kind === "workload") versions.set(`${namespace}/${app}`, (versions.get(`${namespace}/${app}`) ?? 0) + 1);
  }
  const nodeBox = nodes.map(({ namespace, app }) => {
    if (namespace === "") return 0xffffffff;
    const which = (namespace.codePointAt(namespace.length - 1) ?? 0) % clusters;
    const cluster = clusters > 1 ? box(`box/c${which}`, 0, 0xffffffff) : 0xffffffff;
    const inner = box(`box/c${which}/${namespace}`, 1, cluster);
    return (versions.get(`${namespace}/${app}`) ?? 0) > 1 ? box(`box/c${which}/${namespace}/${app}`, 2, inner) : inner;
  });
  return {
    nodeCount: nodes.length,
    nodeBox: Uint32Array.from(nodeBox),
    nodeRank: Uint8Array.from(nodes, ({ kind }) => (kind === "service" ? 0 : 1)),
    boxParent: Uint32Array.from(boxParent),
    boxKind: Uint8Array.from(boxKind),
    edgeSource: Uint32Array.from(edges, ({ source }) => source),
    edgeTarget: Uint32Array.from(edges, ({ target }) => target),
    nodeKeys: nodes.map(({ key }) => key),
    boxKeys,
  };
}
