import { hostsOverlap, isHostWithin, isWildcard } from "../hostPatterns.ts";

/** Hosts that an egress listener of a Sidecar names for one namespace, or for all ("*"). */
interface HostList {
  readonly exact: Set<string>;
  readonly all: string[];
  readonly excluded: string[];
}

/** Which hosts of which namespaces a Sidecar's egress listener imports (`convertIstioListenerToWrapper`). */
export class ImportedHosts {
  readonly #byNamespace = new Map<string, HostList>();

  constructor(entries: readonly string[], namespace: string) {
    for (const entry of entries) {
      const [said = "", host, ...rest] = entry.split("/");
      if (host === undefined || rest.length > 0) continue;
      const isExcluded = said.startsWith("~");
      const named = isExcluded ? said.slice(1) || "*" : said;
      const list = this.#list(named === "." ? namespace : named);
      if (isExcluded) list.excluded.push(host);
      else {
        if (!isWildcard(host)) list.exact.add(host);
        list.all.push(host);
      }
    }
  }

  #list(namespace: string): HostList {
    const known = this.#byNamespace.get(namespace);
    if (known !== undefined) return known;
    const list: HostList = { exact: new Set(), all: [], excluded: [] };
    this.#byNamespace.set(namespace, list);
    return list;
  }

  isExcluded(host: string, namespace: string): boolean {
    return this.#listsFor(namespace).some(({ excluded }) => excluded.some((pattern) => isHostWithin(host, pattern)));
  }

  /** The lists that count for objects of a namespace: its own, then that of all namespaces. */
  #listsFor(namespace: string): readonly HostList[] {
    return [this.#byNamespace.get(namespace), this.#byNamespace.get("*")].filter((list) => list !== undefined);
  }

  hasService(host: string, namespace: string): boolean {
    if (this.isExcluded(host, namespace)) return false;
    return this.#listsFor(namespace).some((list) => list.exact.has(host) || matches(list, host, isHostWithin));
  }

  /** True if one of a route config's hosts is imported and not excluded. */
  hasRoutes(hosts: readonly string[], namespace: string, isGatewayApi: boolean): boolean {
    const meets = isGatewayApi ? isHostWithin : hostsOverlap;
    return this.#listsFor(namespace).some((list) =>
      hosts.some((host) => (list.exact.has(host) || matches(list, host, meets)) && !this.isExcluded(host, namespace)),
    );
  }
}

function matches(list: HostList, host: string, meets: (host: string, pattern: string) => boolean): boolean {
  return list.all.some((pattern) => (isWildcard(host) || isWildcard(pattern)) && meets(host, pattern));
}
