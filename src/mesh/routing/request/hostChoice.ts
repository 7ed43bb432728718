import type { RouteTable, VirtualHost } from "../proxy/routeTable.ts";

/**
 * The virtual host of a name: the exact one, else the longest "*suffix", else the longest "prefix*", else "*". Ports do
 * not count, nor does case (Envoy's VirtualHost.domains).
 */
export function virtualHostFor(table: RouteTable, name: string): VirtualHost | undefined {
  let suffix: { readonly host: VirtualHost; readonly length: number } | undefined;
  let prefix: typeof suffix;
  let any: VirtualHost | undefined;
  for (const host of table.hosts) {
    for (const domain of host.domains) {
      if (domain === name) return host;
      if (domain === "*") any ??= host;
      else if (domain.startsWith("*")) {
        const isLonger = domain.length > (suffix?.length ?? 0);
        if (isLonger && name.length >= domain.length && name.endsWith(domain.slice(1)))
          suffix = { host, length: domain.length };
      } else if (domain.endsWith("*")) {
        const isLonger = domain.length > (prefix?.length ?? 0);
        if (isLonger && name.length >= domain.length && name.startsWith(domain.slice(0, -1)))
          prefix = { host, length: domain.length };
      }
    }
  }
  return (suffix ?? prefix)?.host ?? any;
}
