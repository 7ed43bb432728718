/** The Service that an address inside the cluster names. */
export interface InClusterAddress {
  readonly namespace: string;
  readonly service: string;
  /** undefined where the address says none: 80 or 443 is meant then. */
  readonly port: number | undefined;
  readonly prefix: string;
}

/**
 * Reads "http://prometheus.monitoring:9090/prefix" and its longer forms. `mayBeShort` also takes a host of two labels
 * for service and namespace, as it is inside a cluster; elsewhere only hosts that go on with ".svc" are.
 */
export function inClusterAddress(url: URL, mayBeShort: boolean): InClusterAddress | undefined {
  const [service, namespace, svc, ...domain] = url.hostname.split(".");
  if (!service || !namespace || /^[\d.]+$/.test(url.hostname)) return undefined;
  if (svc === undefined ? !mayBeShort : svc !== "svc") return undefined;
  if (domain.includes("")) return undefined;
  const port = url.port === "" ? undefined : Number(url.port);
  const path = url.pathname.replace(/\/+$/, "");
  return { namespace, service, port, prefix: path };
}
