import type { ServiceEnd, WorkloadEnd } from "../../telemetry/edges/calls.ts";
import { isServiceName, knownValue } from "../../telemetry/specialValues.ts";
import type { GraphNodeKind, GraphView } from "./graph.ts";
import { nodeId } from "./graphIds.ts";
import { only, type InventoryIndex } from "./inventoryIndex.ts";
import type { NamedPlace, PlaceNames } from "./placeNames.ts";

/** A node before anything is known of it besides its name. */
export interface NodeDraft {
  readonly index: number;
  readonly id: string;
  readonly kind: GraphNodeKind;
  /** Derived where some of its series did not name their cluster. */
  at: NamedPlace;
  readonly namespace: string;
  readonly name: string;
  app: string | undefined;
  version: string | undefined;
  /** Of a ServiceEntry that the inventory knows: its view's id. */
  entry: string | undefined;
}

/** Which services claim a workload; see `serviceClaims`. */
export type Claims = (end: WorkloadEnd) => ServiceEnd | undefined;

// Envoy's clusters that stand for whatever is not known by name.
const catchAll = /^(?:Passthrough|BlackHole|InboundPassthrough)Cluster/;

/** A workload that is not known, as callers without a proxy are. */
export function isUnknown(end: WorkloadEnd): boolean {
  return knownValue(end.workload) === undefined;
}

/** Whether Envoy named one of its catch-all clusters in place of a service. */
export function isCatchAll(service: ServiceEnd): boolean {
  return catchAll.test(service.name);
}

/** Turns ends of calls into nodes of one view; the same end is always the same node. */
export class NodeDrafts {
  readonly all: NodeDraft[] = [];
  readonly #view: GraphView;
  readonly #places: PlaceNames;
  readonly #inventory: InventoryIndex;
  readonly #byId = new Map<string, NodeDraft>();
  readonly #byWorkload = new Map<WorkloadEnd, NodeDraft>();
  readonly #byService = new Map<ServiceEnd, NodeDraft>();
  readonly #waypoints = new Map<WorkloadEnd, boolean>();
  readonly #claims: Claims;

  constructor(view: GraphView, places: PlaceNames, inventory: InventoryIndex, claims: Claims) {
    this.#view = view;
    this.#places = places;
    this.#inventory = inventory;
    this.#claims = claims;
  }

  workload(end: WorkloadEnd): NodeDraft {
    const known = this.#byWorkload.get(end);
    if (known) return known;
    const draft = this.#newWorkload(end);
    this.#byWorkload.set(end, draft);
    return draft;
  }

  /** undefined for what is no service: unknown, a bare address, Envoy's catch-all clusters. */
  service(end: ServiceEnd): NodeDraft | undefined {
    const known = this.#byService.get(end);
    if (known) return known;
    if (!isServiceName(end.name)) return undefined;
    const draft = this.#newService(end);
    this.#byService.set(end, draft);
    return draft;
  }

  /** Where a call ends that no service and no workload is known of. */
  beyond(service: ServiceEnd | undefined, source: WorkloadEnd): NodeDraft {
    if (!service || !isCatchAll(service)) return this.#unknown(this.#places.of((service ?? source).place));
    return this.make({
      kind: "external",
      at: this.#places.of(service.place),
      namespace: knownValue(service.namespace) ?? "",
      name: service.name,
    });
  }

  isWaypoint(end: WorkloadEnd): boolean {
    if (end.isWaypoint) return true;
    let isKnown = this.#waypoints.get(end);
    if (isKnown === undefined) this.#waypoints.set(end, (isKnown = this.#gatewayKind(end) === "waypoint"));
    return isKnown;
  }

  make(parts: Pick<NodeDraft, "kind" | "at" | "namespace" | "name">): NodeDraft {
    const id = nodeId({ ...parts, cluster: parts.at.name });
    const known = this.#byId.get(id);
    if (known) {
      if (parts.at.place.isDerived) known.at = parts.at;
      return known;
    }
    const draft = { index: this.all.length, id, ...parts, app: undefined, version: undefined, entry: undefined };
    this.#byId.set(id, draft);
    this.all.push(draft);
    return draft;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** A namespace as a node, for the view of namespaces. */
  namespace(at: NamedPlace, name: string): NodeDraft {
    return this.make({ kind: "namespace", at, namespace: name, name });
  }

  #newWorkload(end: WorkloadEnd): NodeDraft {
    const at = this.#places.of(end.place);
    const namespace = knownValue(end.namespace) ?? "";
    if (isUnknown(end)) return this.#unknown(at);
    if (this.#view === "namespace" && namespace !== "") return this.namespace(at, namespace);

    const gateway = this.#gatewayKind(end);
    if (gateway) return this.#named(this.make({ kind: gateway, at, namespace, name: end.workload }), end);
    const owner = this.#view === "service" ? this.#claims(end) : undefined;
    const service = owner && this.service(owner);
    if (service) return service;
    const app = this.#appOf(end);
    if (this.#view === "app" && app !== undefined) {
      const draft = this.make({ kind: "app", at, namespace, name: app });
      draft.app = app;
      return draft;
    }
    return this.#named(this.make({ kind: "workload", at, namespace, name: end.workload }), end);
  }

  #named(draft: NodeDraft, end: WorkloadEnd): NodeDraft {
    draft.app ??= this.#appOf(end);
    draft.version ??= knownValue(end.version);
    return draft;
  }

  // What proxies do not tell of a peer, its labels do.
  #appOf(end: WorkloadEnd): string | undefined {
    const told = knownValue(end.app);
    if (told !== undefined) return told;
    return only(this.#inventory.workloads(end.place.key, end.namespace, end.workload))?.app;
  }

  #gatewayKind(end: WorkloadEnd): "gateway" | "waypoint" | undefined {
    if (end.isWaypoint) return "waypoint";
    const gateway = this.#inventory.gateway(end.place.key, end.namespace, end.workload);
    if (!gateway) return undefined;
    return gateway.role === "waypoint" ? "waypoint" : "gateway";
  }

  #newService(end: ServiceEnd): NodeDraft {
    const at = this.#places.of(end.place);
    const namespace = knownValue(end.namespace) ?? "";
    const views = this.#inventory.services(end.place.key, namespace, end.name);
    const view = only(views);
    if (view?.type === "ServiceEntry") {
      if (this.#view === "namespace") return this.namespace(at, view.ref.namespace);
      // All hosts of one ServiceEntry are one node, whichever of them is called right now.
      const name = view.hosts.length > 1 ? view.ref.name : end.name;
      const draft = this.make({ kind: "serviceEntry", at, namespace: view.ref.namespace, name });
      draft.entry = view.id;
      return draft;
    }
    if (this.#view === "namespace" && namespace !== "") return this.namespace(at, namespace);
    // Names of Kubernetes services hold no dot: this is a host that somebody wrote down.
    const isHost = views.length === 0 && (end.name.includes(".") || end.name.startsWith("*"));
    return this.make({ kind: isHost ? "serviceEntry" : "service", at, namespace, name: end.name });
  }

  #unknown(at: NamedPlace): NodeDraft {
    return this.make({ kind: "unknown", at, namespace: "", name: "unknown" });
  }
}
