import type { MeshService } from "../config/meshServices.ts";

/** The services that a proxy sees, one of each host (`appendSidecarServices`). */
export class ScopeServices {
  readonly #byHost = new Map<string, MeshService>();

  get byHost(): ReadonlyMap<string, MeshService> {
    return this.#byHost;
  }

  /** Kubernetes' Services count before ServiceEntries; two alike of one namespace join their ports. */
  add(service: MeshService): void {
    const known = this.#byHost.get(service.hostname);
    if (known === undefined) this.#byHost.set(service.hostname, service);
    else if (known.isKubernetes !== service.isKubernetes) {
      if (service.isKubernetes) this.#byHost.set(service.hostname, service);
    } else if (canMerge(known, service)) {
      const numbers = new Set(known.ports.map(({ number }) => number));
      const more = service.ports.filter(({ number }) => !numbers.has(number));
      if (more.length > 0) this.#byHost.set(service.hostname, { ...known, ports: [...known.ports, ...more] });
    }
  }
}

function canMerge(a: MeshService, b: MeshService): boolean {
  return (
    a.namespace === b.namespace &&
    a.resolution === b.resolution &&
    a.exportTo.size === b.exportTo.size &&
    [...a.exportTo].every((entry) => b.exportTo.has(entry)) &&
    isSame(a.labels, b.labels) &&
    isSame(a.selector, b.selector)
  );
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
