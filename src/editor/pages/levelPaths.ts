import { meshServiceRef } from "../../mesh/drilldown/crumbs.ts";
import type { LevelName, LevelPath, LevelRef } from "../../mesh/drilldown/level.ts";
import type { NodeKind, TreeNode } from "../../mesh/explorer/node.ts";
import type { ServiceView } from "../../mesh/inventory/views.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import type { Row } from "../explorer/row.ts";
import type { Wanted } from "./wanted.ts";

type Known = Pick<LiveMesh, "services" | "workloads" | "meshes">;

/** The whole mesh: the overview. */
export function meshPath({ meshes }: Pick<LiveMesh, "meshes">): LevelPath {
  const [mesh] = meshes;
  return [{ level: "mesh", ref: { cluster: "", group: "", kind: "Mesh", namespace: "", name: mesh?.id ?? "" } }];
}

function namespaceStep(name: string): LevelRef {
  return { level: "namespace", ref: { cluster: "", group: "", kind: "Namespace", namespace: "", name } };
}

/** Where the drill-down shows an object: at its level, with its pods' workload above it. */
export function pathOfRef(live: Known, ref: ObjectRef): LevelPath {
  if (ref.kind === "Mesh") return meshPath(live);
  if (ref.kind === "Namespace" && ref.group === "") return [namespaceStep(ref.name)];
  if (ref.kind === "Node" && ref.group === "") return [{ level: "node", ref }];
  if (isService(ref)) return [meshServiceRef({ ref }), { level: "service", ref }];
  if (ref.kind === "Pod" && ref.group === "") {
    const id = refId(ref);
    const owner = live.workloads.find(({ pods }) => pods.some((pod) => pod.id === id));
    // A pod that nobody owns is a workload, too.
    const above: LevelPath = owner && owner.id !== id ? [{ level: "workload", ref: owner.ref }] : [];
    return [...above, { level: "pod", ref }];
  }
  return [{ level: "workload", ref }];
}

function isService({ group, kind }: Pick<ObjectRef, "group" | "kind">): boolean {
  return (kind === "Service" && group === "") || kind === "ServiceEntry";
}

const levelOfRow: Readonly<Partial<Record<NodeKind, LevelName>>> = {
  mesh: "mesh",
  cluster: "mesh",
  namespace: "namespace",
  service: "meshService",
  member: "service",
  workload: "workload",
  controlPlane: "workload",
  nodeAgent: "workload",
  gateway: "workload",
  pod: "pod",
  node: "node",
};

/** What a row of a tree stands for and the rows above it, else what the nearest row above does. */
export function pathOfRow(live: LiveMesh, { tree, id }: Row): LevelPath | undefined {
  const model = live.tree(tree);
  const rows: TreeNode[] = [];
  for (let node = model.find(id); node; node = node.parentId === undefined ? undefined : model.find(node.parentId))
    rows.unshift(node);
  const path: LevelRef[] = [];
  const namespace = rows.find(({ kind }) => kind === "namespace");
  for (const row of rows) {
    for (const step of stepsOf(live, row, namespace)) {
      const at = path.findIndex(({ level }) => level === step.level);
      if (at >= 0) path.splice(at);
      path.push(step);
    }
  }
  return path.length > 0 ? path : undefined;
}

function stepsOf(live: LiveMesh, { kind, ref, label }: TreeNode, namespace: TreeNode | undefined): readonly LevelRef[] {
  const level = levelOfRow[kind];
  if (level === undefined) return [];
  switch (level) {
    case "mesh":
      return meshPath(live);
    case "namespace":
      return typeof label === "string" ? [namespaceStep(label)] : [];
    case "meshService": {
      const named = ref ?? serviceOf(live, label, namespace?.label)?.ref;
      if (!named) return [];
      return [meshServiceRef({ ref: named }), ...(ref ? [{ level: "service", ref } as const] : [])];
    }
    case "service":
    case "workload":
    case "pod":
    case "node":
      return ref ? [{ level, ref }] : [];
  }
}

/** A service of several clusters has no one object: any of its members names it. */
function serviceOf(live: Known, label: TreeNode["label"], namespace: TreeNode["label"] | undefined) {
  return live.services.find(({ ref }) => ref.name === label && ref.namespace === namespace);
}

/** What an object in a document, a picture or a list is about; undefined where nothing of the mesh is meant. */
export function pathOfWanted(live: LiveMesh, wanted: Wanted): LevelPath | undefined {
  const { kind, namespace, name } = wanted;
  if (kind === undefined || name === undefined) return namespace === "" ? undefined : [namespaceStep(namespace)];
  if (kind === "Namespace") return [namespaceStep(name)];
  const isIt = ({ ref }: { readonly ref: ObjectRef }): boolean =>
    ref.kind === kind &&
    ref.name === name &&
    (namespace === "" || ref.namespace === namespace) &&
    (wanted.cluster === undefined || ref.cluster === wanted.cluster);
  const found =
    live.services.find(isIt) ??
    live.workloads.find(isIt) ??
    live.workloads.flatMap(({ pods }) => pods).find(isIt) ??
    (kind === "Node" ? live.drilldown().nodes.find(isIt) : undefined);
  if (found) return pathOfRef(live, found.ref);
  const service = serviceOfRoute(live, isIt);
  return service && pathOfRef(live, service.ref);
}

/** The first service that a route or rule acts on. */
function serviceOfRoute(live: LiveMesh, isIt: (each: { readonly ref: ObjectRef }) => boolean): ServiceView | undefined {
  const route = live.drilldown().config.routes.find(isIt);
  return (
    route &&
    live.services.find(
      ({ ref, hosts }) => ref.cluster === route.ref.cluster && hosts.some((host) => route.hosts.includes(host)),
    )
  );
}

/** A path names clusters of this mesh alone; a page of another mesh must get nothing. */
export function isOfMesh({ clusters, meshes }: Pick<LiveMesh, "clusters" | "meshes">, path: LevelPath): boolean {
  return path.every(({ level, ref }) => {
    if (level === "mesh") return ref.cluster === "" && (ref.name === "" || meshes.some(({ id }) => id === ref.name));
    if (level === "namespace" || level === "meshService") return ref.cluster === "";
    return clusters.some(({ key }) => key !== undefined && key === ref.cluster);
  });
}
