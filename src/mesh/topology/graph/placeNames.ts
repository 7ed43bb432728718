import type { ClusterKey } from "../../model/refs.ts";
import type { Call, ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { MeshFacts } from "../reading/topologyReading.ts";

/** What a cluster is called in a graph, and where it is for the numbers. */
export interface NamedPlace {
  /** The metrics' label; with the context's name where several clusters have the same one; "" where nothing tells. */
  readonly name: string;
  readonly place: ClusterPlace;
}

/**
 * Names the clusters of a graph. Two that carry the same label (all left at "Kubernetes") are two: the context's name
 * tells them apart. A place whose label was missing and one with that very label are one cluster and have one name.
 */
export class PlaceNames {
  readonly #contexts = new Map<ClusterKey, string>();
  readonly #keys = new Map<string, Set<ClusterKey | undefined>>();
  readonly #named = new Map<ClusterPlace, NamedPlace>();
  readonly #byKey = new Map<ClusterKey, NamedPlace>();
  /** By name: who would be called so. */
  readonly #claims = new Map<string, Set<string>>();

  constructor(places: ReadonlySet<ClusterPlace>, facts: MeshFacts | undefined) {
    const clusters = facts?.meshes.flatMap((mesh) => mesh.clusters) ?? [];
    for (const { key, context, clusterId } of clusters) {
      this.#contexts.set(key, context);
      this.#hold(clusterId ?? "", key);
    }
    for (const { label, key } of places) this.#hold(label, key);
    for (const { key, clusterId } of clusters) this.#claim({ label: clusterId ?? "", key, isDerived: false });
    for (const place of places) this.#claim(place);

    for (const place of places) this.#name(place);
    for (const { key, clusterId } of clusters) {
      if (!this.#byKey.has(key)) this.#name({ label: clusterId ?? "", key, isDerived: false });
    }
  }

  of(place: ClusterPlace): NamedPlace {
    return this.#named.get(place) ?? this.#name(place);
  }

  /** A connected cluster; undefined for keys that no cluster of the facts and no place has. */
  ofKey(key: ClusterKey): NamedPlace | undefined {
    return this.#byKey.get(key);
  }

  #hold(label: string, key: ClusterKey | undefined): void {
    const keys = this.#keys.get(label);
    if (keys) keys.add(key);
    else this.#keys.set(label, new Set([key]));
  }

  #name(place: ClusterPlace): NamedPlace {
    const named = { name: this.#nameOf(place), place };
    this.#named.set(place, named);
    const { key } = place;
    if (key !== undefined && this.#byKey.get(key)?.place.isDerived !== false) this.#byKey.set(key, named);
    return named;
  }

  #claim(place: ClusterPlace): void {
    const name = this.#wish(place);
    const claims = this.#claims.get(name);
    if (claims) claims.add(identityOf(place));
    else this.#claims.set(name, new Set([identityOf(place)]));
  }

  /** A context may have the name of another cluster's label: the label keeps it. */
  #nameOf(place: ClusterPlace): string {
    const name = this.#wish(place);
    const isContested = (this.#claims.get(name)?.size ?? 0) > 1;
    return isContested && name !== place.label && place.key !== undefined ? `${name} (${place.key})` : name;
  }

  #wish({ label, key }: ClusterPlace): string {
    const context = key === undefined ? undefined : this.#contexts.get(key);
    const isShared = (this.#keys.get(label)?.size ?? 0) > 1;
    if (label === "") return context ?? "";
    if (!isShared || key === undefined) return label;
    return `${label} (${context ?? key})`;
  }
}

function identityOf({ label, key }: ClusterPlace): string {
  return key === undefined ? `label ${label}` : `key ${key}`;
}

/** The places that calls speak of; each is one object. */
export function placesOf(calls: readonly Call[]): ReadonlySet<ClusterPlace> {
  const places = new Set<ClusterPlace>();
  for (const { source, service, destination } of calls) {
    places.add(source.place);
    if (service) places.add(service.place);
    if (destination) places.add(destination.place);
  }
  return places;
}
