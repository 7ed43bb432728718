import { hasLabels } from "../../model/labelSelector.ts";
import { noTrafficConfig, type MtlsFacts, type MtlsMode, type RouteFacts } from "../../inventory/trafficConfig.ts";
import type { WorkloadView } from "../../inventory/views.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { MeshFacts } from "../reading/topologyReading.ts";
import { governanceOf, type Governance } from "./configClusters.ts";
import { inventoryIndexOf, type InventoryIndex } from "./inventoryIndex.ts";

/** Where something runs: what selectors and namespaces of policies are compared with. */
export interface Located {
  readonly cluster: ClusterKey;
  readonly namespace: string;
  /** undefined where no inventory knows them; then only what needs no labels applies. */
  readonly labels: Readonly<Record<string, string>> | undefined;
}

/** Finds the configuration that acts on services and workloads. */
export class ConfigIndex {
  readonly #inventory: InventoryIndex;
  readonly #governance = new Map<ClusterKey, Governance>();
  readonly #routes = new Map<string, RouteFacts[]>();
  readonly #wildcards: { readonly suffix: string; readonly route: RouteFacts }[] = [];
  readonly #mtls = new Map<string, MtlsFacts[]>();

  constructor(facts: MeshFacts | undefined) {
    this.#inventory = inventoryIndexOf(facts);
    const { routes, mtls } = facts?.config ?? noTrafficConfig;
    for (const route of routes) this.#addRoute(route);
    for (const policy of mtls) append(this.#mtls, policy.ref.namespace, policy);
  }

  governance(cluster: ClusterKey): Governance {
    let known = this.#governance.get(cluster);
    if (!known) this.#governance.set(cluster, (known = governanceOf(cluster, this.#inventory)));
    return known;
  }

  /** Routes and destination rules for any of these hosts that proxies of one of these namespaces are given. */
  routesOf(cluster: ClusterKey, hosts: readonly string[], seenFrom: () => Iterable<string>): readonly RouteFacts[] {
    const found = new Set<RouteFacts>();
    for (const host of hosts) {
      for (const route of this.#routes.get(host) ?? []) found.add(route);
      for (const { suffix, route } of this.#wildcards) if (host.endsWith(suffix)) found.add(route);
    }
    if (found.size === 0) return none;
    const { clusters } = this.governance(cluster);
    return [...found].filter(({ ref, exportTo }) => {
      if (!clusters.has(ref.cluster)) return false;
      return exportTo === undefined || [...seenFrom()].some((namespace) => exportTo.includes(namespace));
    });
  }

  /**
   * The mode of mutual TLS in force: the workload's PeerAuthentication, else its namespace's, else the mesh's; UNSET
   * passes on to the next. undefined where none speaks, or where it cannot be told (two of one rank that differ, or a
   * port with a mode of its own).
   */
  mtlsMode(at: Located): MtlsMode | undefined {
    for (const rank of this.mtlsPolicies(at)) {
      const modes = new Set(rank.map(modeOf));
      const [mode] = modes;
      if (modes.size > 1) return undefined;
      if (mode !== undefined && mode !== "UNSET") return mode === "unsure" ? undefined : mode;
    }
    return undefined;
  }

  /** PeerAuthentications that apply, by rank: of the workload, of the namespace, of the mesh. */
  mtlsPolicies({ cluster, namespace, labels }: Located): readonly (readonly MtlsFacts[])[] {
    const { clusters, rootNamespace } = this.governance(cluster);
    const inForce = (policies: readonly MtlsFacts[] | undefined): readonly MtlsFacts[] =>
      policies?.filter(({ ref }) => clusters.has(ref.cluster)) ?? none;
    const here = inForce(this.#mtls.get(namespace));
    // Of policies of the root namespace those with a selector are ignored (ComposePeerAuthentication in Istio's
    // pilot/pkg/security/authn); the others speak for the mesh.
    if (namespace === rootNamespace) return [none, none, here.filter(({ selector }) => !selector)];
    const root = rootNamespace === undefined ? none : inForce(this.#mtls.get(rootNamespace));
    return [
      here.filter(({ selector }) => selector && labels && hasLabels(labels, selector)),
      here.filter(({ selector }) => !selector),
      root.filter(({ selector }) => !selector),
    ];
  }

  #addRoute(route: RouteFacts): void {
    const isInMesh = route.gateways.length === 0 || route.gateways.includes("mesh");
    if (isInMesh) {
      for (const host of route.hosts) {
        if (!host.startsWith("*")) append(this.#routes, host, route);
        else if (host.length > 1) this.#wildcards.push({ suffix: host.slice(1), route });
      }
    }
    // Hosts of a gateway's route are names of the outside; what it forwards to is told by its destinations.
    if (!isInMesh || route.gateways.length > 1)
      for (const host of route.destinations) append(this.#routes, host, route);
  }
}

/** Where a workload of the inventory is. */
export function located(view: WorkloadView): Located {
  return { cluster: view.ref.cluster, namespace: view.ref.namespace, labels: view.labels };
}

const indexes = new WeakMap<MeshFacts, ConfigIndex>();

/** Built once for the same facts. */
export function configIndexOf(facts: MeshFacts | undefined): ConfigIndex {
  if (!facts) return new ConfigIndex(undefined);
  let index = indexes.get(facts);
  if (!index) indexes.set(facts, (index = new ConfigIndex(facts)));
  return index;
}

const none: readonly never[] = [];

function modeOf({ mode, portModes }: MtlsFacts): MtlsMode | "unsure" {
  return Object.values(portModes).some((other) => other !== mode) ? "unsure" : mode;
}

function append<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (list) list.push(value);
  else map.set(at, [value]);
}
