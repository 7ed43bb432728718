// What Istio's proxies write where they do not know: istio_stats' "unknown", and cluster names in place of services.

const noService = /^(?:PassthroughCluster|BlackHoleCluster|InboundPassthroughCluster(?:Ipv4|Ipv6)?)$/;
const ipv4 = /^\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?$/;
const ipv6 = /^\[?(?=[^:]*:[^:]*:)[0-9a-fA-F:.]+\]?(?::\d+)?$/;

/** The value where it says something; undefined for absent, "" and "unknown". */
export function knownValue(value: string | undefined): string | undefined {
  return value === undefined || value === "" || value === "unknown" ? undefined : value;
}

/** True for names of services: neither unknown, nor one of Envoy's catch-all clusters, nor a bare address. */
export function isServiceName(name: string): boolean {
  return knownValue(name) !== undefined && !noService.test(name) && !ipv4.test(name) && !ipv6.test(name);
}
