import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { rowKey, type RowKind } from "./trafficIndex.ts";

/** A name that a row may go by: what finds the views to look at again when that row changed. */
export function rowClaim(kind: RowKind, cluster: ClusterKey, key: string): string {
  const scope = kind === "services" ? "services" : "workloads";
  return `${scope}/${cluster}/${key}`;
}

/** The names that an inventory's services and workloads go by in the metrics. */
export class NameClaims {
  readonly #claimants = new Map<string, Set<string>>();

  claim(view: ServiceView | WorkloadView): void {
    for (const name of claimedNames(view)) {
      const claimants = this.#claimants.get(name);
      if (claimants) claimants.add(view.id);
      else this.#claimants.set(name, new Set([view.id]));
    }
  }

  release(view: ServiceView | WorkloadView): void {
    for (const name of claimedNames(view)) {
      const claimants = this.#claimants.get(name);
      claimants?.delete(view.id);
      if (claimants?.size === 0) this.#claimants.delete(name);
    }
  }

  /** Ids of what goes by a name. */
  of(name: string): ReadonlySet<string> {
    return this.#claimants.get(name) ?? nobody;
  }

  /** Ids of what goes by a name of this one, itself included. */
  rivals(view: ServiceView | WorkloadView): ReadonlySet<string> {
    const [first, ...others] = claimedNames(view);
    if (first !== undefined && others.length === 0) return this.of(first);
    return new Set([first, ...others].flatMap((name) => (name === undefined ? [] : [...this.of(name)])));
  }
}

const nobody: ReadonlySet<string> = new Set();

/** What Istio calls a workload: `destination_workload` holds no kind. */
export function telemetryNames({ telemetryName, otherTelemetryNames = [] }: WorkloadView): readonly string[] {
  return [telemetryName, ...otherTelemetryNames];
}

/** What Istio calls a service: a ServiceEntry goes by its hosts. */
export function serviceNames(view: ServiceView): readonly string[] {
  return view.type === "ServiceEntry" ? view.hosts : [view.ref.name];
}

/** Keys under which older proxies report an external host without its namespace. */
export function homelessKeys(host: string): readonly string[] {
  return [rowKey("", host), rowKey("unknown", host)];
}

function claimedNames(view: ServiceView | WorkloadView): readonly string[] {
  const { cluster, namespace } = view.ref;
  if ("telemetryName" in view) {
    return telemetryNames(view).map((name) => rowClaim("workloads", cluster, rowKey(namespace, name)));
  }
  return serviceNames(view).flatMap((name) => {
    const keys = [rowKey(namespace, name), ...(view.type === "ServiceEntry" ? homelessKeys(name) : [])];
    return keys.map((key) => rowClaim("services", cluster, key));
  });
}
