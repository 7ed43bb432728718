import { serviceHost } from "../../../inventory/facts/hostNames.ts";
import { countAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { ConfigObject } from "../configObject.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What backendRefs are looked up in. */
export interface BackendIndex {
  readonly services: ReadonlyMap<string, ConfigObject>;
  /** Hosts of Services and ServiceEntries. */
  readonly hostnames: ReadonlySet<string>;
  readonly grants: readonly ConfigObject[];
}

export interface Backend {
  /** networking.istio.io's Destination; without a host where the reference is refused, which answers 500. */
  readonly destination: Fields;
  /** False where the reference leads to nothing or is refused. */
  readonly isResolved: boolean;
}

/** A reference for which istiod drops all rules of the route. */
export const brokenRoute = Symbol("broken route");

/** The destination of a backendRef of a route (`buildDestination`). ReferenceGrants count for Gateway parents only. */
export function backendOf(
  ref: unknown,
  route: ConfigObject,
  index: BackendIndex,
  needsGrant: boolean,
): Backend | typeof brokenRoute {
  const group = textAt(ref, "group") ?? "";
  const kind = textAt(ref, "kind") ?? "Service";
  const name = textAt(ref, "name") ?? "";
  const saidNamespace = textAt(ref, "namespace");
  const namespace = saidNamespace ?? route.namespace;
  const refused: Backend = { destination: {}, isResolved: false };
  if (needsGrant && namespace !== route.namespace && !isGranted(route, { group, kind, name, namespace }, index)) {
    return refused;
  }
  let host: string;
  let isResolved: boolean;
  if (kind === "Service" && group === "") {
    if (name.includes(".")) return brokenRoute;
    host = serviceHost(name, namespace);
    isResolved = index.services.has(`${namespace}/${name}`);
  } else if (kind === "Hostname" && group === "networking.istio.io") {
    if (saidNamespace !== undefined) return brokenRoute;
    host = name;
    isResolved = index.hostnames.has(name);
  } else if (kind === "ServiceImport" && group === "multicluster.x-k8s.io") {
    host = serviceHost(name, namespace);
    isResolved = index.services.has(`${namespace}/${name}`);
  } else return refused;
  const port = countAt(ref, "port");
  if (port === undefined) return brokenRoute;
  return { destination: { host, port: { number: port } }, isResolved };
}

function isGranted(
  route: ConfigObject,
  to: { readonly group: string; readonly kind: string; readonly name: string; readonly namespace: string },
  index: BackendIndex,
): boolean {
  return index.grants.some(({ namespace, spec }) => {
    if (namespace !== to.namespace) return false;
    const isFrom = listAt(spec, "from").some(
      (from) =>
        textAt(from, "group") === "gateway.networking.k8s.io" &&
        textAt(from, "kind") === route.kind &&
        textAt(from, "namespace") === route.namespace,
    );
    return (
      isFrom &&
      listAt(spec, "to").some(
        (allowed) =>
          (textAt(allowed, "group") ?? "") === to.group &&
          textAt(allowed, "kind") === to.kind &&
          (textAt(allowed, "name") ?? to.name) === to.name,
      )
    );
  });
}

/** A backendRef's weight: 1 where it says none. */
export function weightOf(ref: unknown): number {
  const { weight } = fieldsOf(ref);
  return typeof weight === "number" ? weight : 1;
}

/** The backendRefs with a weight, and the weights as istiod gives them on: a single one has none. */
export function weighted(refs: readonly unknown[]): readonly { readonly ref: unknown; readonly weight: number }[] {
  const live = refs.map((ref) => ({ ref, weight: weightOf(ref) })).filter(({ weight }) => weight !== 0);
  return live.length === 1 ? live.map(({ ref }) => ({ ref, weight: 0 })) : live;
}
