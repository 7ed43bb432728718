import { say } from "../../message.ts";
import type { ClusterInventory } from "../clusterInventory.ts";
import { isCounted } from "../counting.ts";
import { keepUnchanged } from "../keepUnchanged.ts";
import type { MeshEvidence } from "./meshEvidence.ts";
import type { ClusterView, Counted, MeshView, Problem } from "../views.ts";

interface Candidate {
  readonly inventory: ClusterInventory;
  readonly view: ClusterView;
  readonly evidence: MeshEvidence;
}

/**
 * Joins clusters to meshes; one cluster alone is a mesh. Two clusters are joined
 *
 * - if their control planes watch each other (remote secrets both ways, or one way where the other admits it), or
 * - if one watches the other, they trust a common root and one trust domain, or they share a mesh ID that somebody set,
 *   or a trust domain that somebody set, and nothing speaks against it: other mesh IDs, other trust domains, or roots
 *   that are known and have no certificate in common.
 *
 * The trust domain "cluster.local" is Istio's default and joins nothing by itself, and neither does a cluster ID that
 * several clusters have, such as the default "Kubernetes": whom it names is not known.
 *
 * Meshes of `before` that did not change are returned as they are.
 */
export function meshesOf(clusters: readonly ClusterInventory[], before: readonly MeshView[] = []): readonly MeshView[] {
  const candidates = clusters.map(candidateOf);
  const meshOf = candidates.map((_, index) => index);
  for (const [i, a] of candidates.entries()) {
    for (const [j, b] of candidates.entries()) {
      if (j <= i || !areJoined(a, b, candidates)) continue;
      const [kept, dropped] = [Math.min(meshOf[i] ?? i, meshOf[j] ?? j), Math.max(meshOf[i] ?? i, meshOf[j] ?? j)];
      for (const [k, mesh] of meshOf.entries()) if (mesh === dropped) meshOf[k] = kept;
    }
  }
  const meshes = [...new Set(meshOf)].map((mesh) => meshView(candidates.filter((_, index) => meshOf[index] === mesh)));
  return meshes.map((mesh) =>
    keepUnchanged(
      before.find(({ id }) => id === mesh.id),
      mesh,
    ),
  );
}

function candidateOf(inventory: ClusterInventory): Candidate {
  return { inventory, view: inventory.view(), evidence: inventory.evidence() };
}

function areJoined(a: Candidate, b: Candidate, all: readonly Candidate[]): boolean {
  const forth = watches(a, b, all);
  const back = watches(b, a, all);
  if ((forth && back) || (forth && admits(b, a)) || (back && admits(a, b))) return true;
  if (areOpposed(a.evidence, b.evidence)) return false;
  return forth || back || haveMarkInCommon(a.evidence, b.evidence);
}

function watches(watcher: Candidate, watched: Candidate, all: readonly Candidate[]): boolean {
  const { clusterId } = watched.view;
  if (clusterId === undefined || !watcher.evidence.watches.has(clusterId)) return false;
  return all.every(({ view }) => view === watched.view || view.clusterId !== clusterId);
}

function admits(admitting: Candidate, other: Candidate): boolean {
  const { clusterId } = other.view;
  return clusterId !== undefined && admitting.evidence.admits.has(clusterId);
}

function areOpposed(a: MeshEvidence, b: MeshEvidence): boolean {
  return differ(a.meshId, b.meshId) || differ(a.trustDomain, b.trustDomain) || haveDisjointRoots(a, b);
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function haveDisjointRoots(a: MeshEvidence, b: MeshEvidence): boolean {
  return a.roots.size > 0 && b.roots.size > 0 && !haveCommonRoot(a, b);
}

function haveCommonRoot(a: MeshEvidence, b: MeshEvidence): boolean {
  return [...a.roots].some((root) => b.roots.has(root));
}

function haveMarkInCommon(a: MeshEvidence, b: MeshEvidence): boolean {
  const isSameDomain = a.trustDomain !== undefined && a.trustDomain === b.trustDomain;
  if (a.meshId !== undefined && a.meshId === b.meshId) return true;
  if (isSameDomain && a.trustDomain !== "cluster.local") return true;
  return isSameDomain && haveCommonRoot(a, b);
}

function meshView(members: readonly Candidate[]): MeshView {
  const clusters = members.map(({ view }) => view);
  const keys = clusters.map(({ key }) => key).sort();
  return {
    id: `mesh:${keys[0] ?? ""}`,
    name: nameOf(members),
    clusters,
    topology: topologyOf(members),
    services: serviceCount(members),
    workloads: sum(clusters.map(({ counts }) => counts.workloads)),
    problems: [...sharedIds(clusters), ...foreignRoots(members)],
  };
}

function nameOf(members: readonly Candidate[]): string {
  const meshId = members.map(({ evidence }) => evidence.meshId).find((id) => id !== undefined);
  const trustDomain = members.map(({ evidence }) => evidence.trustDomain).find((domain) => domain !== undefined);
  return meshId ?? trustDomain ?? members[0]?.view.context ?? "";
}

function topologyOf(members: readonly Candidate[]): MeshView["topology"] {
  const clusters = members.map(({ view }) => view);
  const count = (role: ClusterView["role"]) => clusters.filter((cluster) => cluster.role === role).length;
  if (count("external") > 0) return "external";
  const [first] = members;
  if (clusters.length === 1) {
    // A remote cluster has its control plane somewhere, and a watching one has others: only those shown are known.
    const isAlone = first?.view.role !== "remote" && first?.evidence.watches.size === 0;
    return isAlone ? "single" : "unknown";
  }
  const networks = new Set(clusters.map(({ network }) => network).filter((network) => network !== undefined));
  const isAmbient = clusters.every(({ ztunnel, pods }) => ztunnel !== undefined || (pods?.ambient ?? 0) > 0);
  if (isAmbient && networks.size > 1) return "ambient-multi-network";
  if (count("primary") > 1) return "multi-primary";
  return count("primary") === 1 && count("remote") > 0 ? "primary-remote" : "unknown";
}

/** A service of the same namespace and name in several clusters is one service of the mesh and counted once. */
function serviceCount(members: readonly Candidate[]): Counted {
  const [first] = members;
  if (first !== undefined && members.length === 1) return first.view.counts.services;
  const inMesh = new Map<string, boolean>();
  for (const { inventory } of members) {
    for (const service of inventory.services()) {
      if (!isCounted(service)) continue;
      const { kind, namespace, name } = service.ref;
      const key = `${kind}/${namespace}/${name}`;
      inMesh.set(key, service.inMesh === true || inMesh.get(key) === true);
    }
  }
  const isKnown = members.every(({ view }) => view.counts.services.inMesh !== undefined);
  return { inMesh: isKnown ? [...inMesh.values()].filter(Boolean).length : undefined, all: inMesh.size };
}

function sum(counts: readonly Counted[]): Counted {
  return {
    inMesh: counts.reduce<number | undefined>((total, { inMesh }) => addedTo(total, inMesh), 0),
    all: counts.reduce((total, { all }) => total + all, 0),
  };
}

function addedTo(total: number | undefined, more: number | undefined): number | undefined {
  return total === undefined || more === undefined ? undefined : total + more;
}

function sharedIds(clusters: readonly ClusterView[]): readonly Problem[] {
  const ids = new Set(clusters.map(({ clusterId }) => clusterId).filter((id) => id !== undefined));
  return [...ids]
    .map((id) => ({ id, sharing: clusters.filter(({ clusterId }) => clusterId === id) }))
    .filter(({ sharing }) => sharing.length > 1)
    .map(({ id, sharing }) => ({
      severity: "error",
      words: say(
        "Clusters {0} have the same cluster ID {1}: Istio cannot tell their endpoints and numbers apart.",
        sharing.map(({ context }) => context).join(", "),
        id,
      ),
    }));
}

/** During a rotation a bundle holds two roots; one in common is enough. */
function foreignRoots(members: readonly Candidate[]): readonly Problem[] {
  const problems: Problem[] = [];
  for (const [i, a] of members.entries()) {
    for (const b of members.slice(i + 1)) {
      if (!haveDisjointRoots(a.evidence, b.evidence)) continue;
      const words = say(
        "Clusters {0} and {1} are in one mesh but trust no common root certificate: mTLS between them fails.",
        a.view.context,
        b.view.context,
      );
      problems.push({ severity: "error", words });
    }
  }
  return problems;
}
