import { hasLabels } from "../../model/labelSelector.ts";
import { isVisibleIn } from "./exportTo.ts";
import type { MeshService } from "./meshServices.ts";

/** The services of a mesh, oldest first, and who sees them. */
export class ServiceIndex {
  readonly #public: readonly MeshService[];
  readonly #exportedTo = new Map<string, MeshService[]>();
  /** By host, then by namespace. */
  readonly #byHost = new Map<string, Map<string, MeshService>>();

  constructor(services: readonly MeshService[]) {
    this.#public = services.filter(({ exportTo }) => exportTo.has("*"));
    for (const service of services) {
      this.#addHost(service);
      if (service.exportTo.has("*") || service.exportTo.has("~")) continue;
      for (const namespace of service.exportTo) {
        const known = this.#exportedTo.get(namespace);
        if (known === undefined) this.#exportedTo.set(namespace, [service]);
        else known.push(service);
      }
    }
  }

  // Of several of one host and namespace the oldest counts, a Kubernetes Service before a ServiceEntry.
  #addHost(service: MeshService): void {
    const byNamespace = this.#byHost.get(service.hostname) ?? new Map<string, MeshService>();
    this.#byHost.set(service.hostname, byNamespace);
    const known = byNamespace.get(service.namespace);
    if (known === undefined || (!known.isKubernetes && service.isKubernetes))
      byNamespace.set(service.namespace, service);
  }

  /** What a namespace sees: what is exported to it by name, then what is exported to all. */
  visibleIn(namespace: string): readonly MeshService[] {
    return [...(this.#exportedTo.get(namespace) ?? []), ...this.#public];
  }

  /** The services of a host by their namespaces. */
  ofHost(host: string): ReadonlyMap<string, MeshService> {
    return this.#byHost.get(host) ?? new Map();
  }

  /** The service that a client's namespace means by a host that is in no list of its own (`pickBestVisibleNamespace`). */
  bestFor(host: string, namespace: string): MeshService | undefined {
    const byNamespace = this.ofHost(host);
    const own = byNamespace.get(namespace);
    if (own !== undefined) return own;
    const visible = [...byNamespace.values()].filter((service) => isVisibleIn(service.exportTo, namespace));
    return visible.find(({ isKubernetes }) => isKubernetes) ?? oldest(visible);
  }

  /** The services whose pods have the labels: those of a gateway's own pod. */
  selecting(namespace: string, labels: Readonly<Record<string, string>>): readonly MeshService[] {
    const found: MeshService[] = [];
    for (const byNamespace of this.#byHost.values()) {
      const service = byNamespace.get(namespace);
      if (service === undefined || !service.isKubernetes) continue;
      if (Object.keys(service.selector).length > 0 && hasLabels(labels, service.selector)) found.push(service);
    }
    return found;
  }
}

function oldest(services: readonly MeshService[]): MeshService | undefined {
  return services.reduce<MeshService | undefined>(
    (best, service) => (best === undefined || service.createdAt < best.createdAt ? service : best),
    undefined,
  );
}
