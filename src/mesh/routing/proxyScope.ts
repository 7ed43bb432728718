type Labels = Readonly<Record<string, string>>;

/** Which proxies' listeners a match is for. */
export interface ProxyScope {
  /** "namespace/name" or "mesh". Where any is named, istiod does not look at the source conditions (sourceMatchHTTP). */
  readonly gateways: readonly string[];
  readonly sourceLabels: Labels;
  readonly sourceNamespace: string | undefined;
  readonly port: number | undefined;
}

/** A proxy's listener, as istiod compares it with a match. */
export interface Listener {
  /** "mesh" at a sidecar, else "namespace/name" of the gateway. */
  readonly gateway: string;
  readonly labels: Labels;
  readonly namespace: string;
  readonly port: number;
}

export function appliesTo(scope: ProxyScope, listener: Listener): boolean {
  if (scope.port !== undefined && scope.port !== listener.port) return false;
  if (scope.gateways.length > 0) return scope.gateways.includes(listener.gateway);
  if (scope.sourceNamespace !== undefined && scope.sourceNamespace !== listener.namespace) return false;
  return isWithin(scope.sourceLabels, listener.labels);
}

/** True if `earlier` applies to every listener of the gateways that `later` applies to. */
export function coversScope(earlier: ProxyScope, later: ProxyScope, gateways: readonly string[]): boolean {
  if (earlier.port !== undefined && earlier.port !== later.port) return false;
  if (earlier.gateways.length > 0) {
    const reached = later.gateways.length > 0 ? later.gateways : gateways;
    return reached.every((gateway) => earlier.gateways.includes(gateway));
  }
  if (earlier.sourceNamespace === undefined && Object.keys(earlier.sourceLabels).length === 0) return true;
  if (later.gateways.length > 0) return false;
  if (earlier.sourceNamespace !== undefined && earlier.sourceNamespace !== later.sourceNamespace) return false;
  return isWithin(earlier.sourceLabels, later.sourceLabels);
}

function isWithin(pairs: Labels, labels: Labels): boolean {
  return Object.entries(pairs).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
