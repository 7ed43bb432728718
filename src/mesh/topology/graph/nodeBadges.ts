import type { RouteFacts } from "../../inventory/trafficConfig.ts";
import type { NodeState } from "../../explorer/node.ts";
import type { WorkloadView } from "../../inventory/views.ts";
import { located, type ConfigIndex } from "./configIndex.ts";
import { isOfControlPlane } from "./controlPlaneParts.ts";
import type { Badge } from "./graph.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";
import type { NodeDraft } from "./nodeDrafts.ts";
import type { NodeObjects } from "./nodeObjects.ts";

/** What badges are told by besides the node. */
export interface BadgeContext {
  readonly inventory: InventoryIndex;
  readonly config: ConfigIndex;
  /** The namespaces that were asked for; undefined for all. */
  readonly asked: ReadonlySet<string> | undefined;
  /** By node: namespaces that call it. */
  readonly callers: (draft: NodeDraft) => ReadonlySet<string>;
  /** The numbers are older than what the inventory knows of pods. */
  readonly isPast: boolean;
}

/** What configuration and state do at a node, in the order of `badges`. */
export function nodeBadges(
  draft: NodeDraft,
  objects: NodeObjects,
  state: NodeState,
  context: BadgeContext,
): readonly Badge[] {
  const found = routeBadges(draft, objects, context);
  if (isMissingSidecar(draft, objects, context.inventory)) found.push("missingSidecar");
  if (isStrict(draft, objects, context)) found.push("mtls");
  if (state === "idle") found.push("idle");
  if (!context.isPast && isDead(draft, objects, context.inventory)) found.push("dead");
  if (isAmbient(objects)) found.push("ambient");
  if (context.asked && draft.namespace !== "" && !context.asked.has(draft.namespace)) found.push("outside");
  return found;
}

// Kiali's rule: the control plane and what has no pods are not asked for a sidecar.
function isMissingSidecar({ kind }: NodeDraft, objects: NodeObjects, inventory: InventoryIndex): boolean {
  if ((kind !== "workload" && kind !== "app") || objects.isContested) return false;
  return objects.workloads.some((view) => view.inMesh === false && hasPods(view) && !isOfControlPlane(view, inventory));
}

function hasPods({ replicas }: WorkloadView): boolean {
  return replicas.desired + replicas.ready > 0;
}

const routeEffects: readonly (readonly [Badge, (route: RouteFacts) => boolean])[] = [
  ["trafficShifting", (route) => route.shiftsTraffic],
  ["routing", (route) => route.routesRequests],
  ["fault", (route) => route.injectsFaults],
  ["mirroring", (route) => route.mirrors],
  ["timeout", (route) => route.setsTimeouts],
  ["circuitBreaker", (route) => route.breaksCircuits],
];

function routeBadges(draft: NodeDraft, { services }: NodeObjects, { config, callers }: BadgeContext): Badge[] {
  const cluster = draft.at.place.key;
  if (cluster === undefined || (draft.kind !== "service" && draft.kind !== "serviceEntry")) return [];
  const hosts = services.flatMap((service) => service.hosts);
  const routes = config.routesOf(cluster, hosts, () => [draft.namespace, ...callers(draft)]);
  if (routes.length === 0) return [];
  return routeEffects.flatMap(([badge, has]) => (routes.some(has) ? [badge] : []));
}

// All of it must be STRICT: a half-locked service is not locked.
function isStrict(draft: NodeDraft, { workloads }: NodeObjects, { config }: BadgeContext): boolean {
  if (draft.at.place.key === undefined) return false;
  const inMesh = workloads.filter((view) => view.inMesh === true);
  return inMesh.length > 0 && inMesh.every((view) => config.mtlsMode(located(view)) === "STRICT");
}

/** No pod is wanted and none is there, or the workload that the numbers speak of is gone. */
function isDead(draft: NodeDraft, { workloads }: NodeObjects, inventory: InventoryIndex): boolean {
  const runs = draft.kind === "workload" || draft.kind === "app" || draft.kind === "gateway";
  if (!runs) return false;
  if (workloads.length > 0) {
    return workloads.every((view) => !hasPods(view) && !ends.has(view.ref.kind));
  }
  return draft.kind === "workload" && !draft.at.place.isDerived && isFullyRead(draft, inventory);
}

const ends: ReadonlySet<string> = new Set(["Job", "CronJob"]);

// What could not be read may well be there.
function isFullyRead({ at, namespace }: NodeDraft, inventory: InventoryIndex): boolean {
  const known = at.place.key === undefined ? undefined : inventory.clusters.get(at.place.key);
  if (!known || known.view.pods === undefined || namespace === "") return false;
  return known.view.unread.every((part) => part.namespace !== undefined && part.namespace !== namespace);
}

function isAmbient({ workloads, services }: NodeObjects): boolean {
  if (workloads.some(({ dataPlane }) => dataPlane === "ambient")) return true;
  return services.some(({ dataPlanes }) => dataPlanes.includes("ambient"));
}
