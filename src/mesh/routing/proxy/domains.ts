import { isIpAddress } from "../../validation/values/addresses.ts";
import type { MeshService } from "../config/meshServices.ts";
import { anyAddress } from "../config/meshServices.ts";

const clusterSuffix = ".svc.cluster.local";

/** The names by which a client of a namespace may call a service (`generateVirtualHostDomains`). */
export function serviceDomains(
  service: MeshService,
  namespace: string,
): { readonly all: readonly string[]; readonly short: ReadonlySet<string> } {
  const all: string[] = [];
  const short: string[] = [];
  for (const host of [service.hostname, ...service.aliases]) {
    const others = [...(isIpAddress(host) ? [] : [`${host}.`]), ...shortNames(host, namespace)];
    all.push(host, ...others);
    short.push(...others);
  }
  // A pod of a headless service is called by its own name below the service's.
  if (service.resolution === "passthrough" && service.isKubernetes) all.push(...all.map((domain) => `*.${domain}`));
  if (service.address !== anyAddress)
    all.push(service.address.includes(":") ? `[${service.address}]` : service.address);
  return { all, short: new Set(short) };
}

// generateAltVirtualHostsForKubernetesService: the bare name is for the own namespace only.
function shortNames(host: string, namespace: string): readonly string[] {
  if (!host.endsWith(clusterSuffix)) return [];
  const end = host.indexOf(".svc.");
  const dot = host.indexOf(".");
  if (end <= 0 || dot + 1 > end) return [];
  const withNamespace = host.slice(0, end);
  const own = host.slice(dot + 1, end) === namespace;
  return own ? [host.slice(0, dot), `${withNamespace}.svc`, withNamespace] : [withNamespace, `${withNamespace}.svc`];
}
