import { kinds } from "../kinds.ts";
import { textAt, fieldsAt } from "../../model/fields.ts";
import { createdAt } from "../foreyard/facts/createdAt.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { roleOfClass } from "./gatewayClasses.ts";
import { admitsListenerSets, listenersOf, type Listener } from "./listener.ts";
import { kindOfReference } from "./references.ts";

/** A listener that lost against one that comes before it (istio pilot/pkg/config/kube/gatewaycommon/listener_conflict.go). */
export interface Conflict {
  readonly reason: "ProtocolConflict" | "HostnameConflict";
  readonly winner: Listener;
}

/** The Gateway that a ListenerSet names; undefined where its parent is something else or not there. */
export function parentOfSet(world: World, set: WorldObject): WorldObject | undefined {
  const ref = fieldsAt(fieldsAt(set.object, "spec"), "parentRef");
  if (kindOfReference(ref, kinds.KubernetesGateway) !== kinds.KubernetesGateway) return undefined;
  return world.get(kinds.KubernetesGateway, textAt(ref, "namespace") ?? set.namespace, textAt(ref, "name") ?? "");
}

const setsByGateway = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const set of world.all(kinds.ListenerSet)) {
    const parent = parentOfSet(world, set);
    if (parent === undefined) continue;
    const key = `${parent.namespace}/${parent.name}`;
    const sets = found.get(key);
    if (sets === undefined) found.set(key, [set]);
    else sets.push(set);
  }
  return found;
});

/** The ListenerSets that name a Gateway ("namespace/name") and that it admits, first those that come first. */
export const setsOfGateway = defineQuery((world, key): readonly WorldObject[] => {
  const sets = world.ask(setsByGateway).get(key) ?? [];
  const [first] = sets;
  const gateway = first && parentOfSet(world, first);
  if (gateway === undefined) return [];
  const created = new Map(sets.map((set) => [set, createdAt(world, set) ?? Number.MAX_SAFE_INTEGER]));
  return sets
    .filter((set) => admitsListenerSets(world, gateway, set.namespace))
    .sort(
      (a, b) =>
        (created.get(a) ?? 0) - (created.get(b) ?? 0) ||
        (`${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1),
    );
});

/** Which listeners of a Gateway ("namespace/name") and its ListenerSets lose, by `conflictKey`. */
export const conflictsOfGateway = defineQuery<ReadonlyMap<string, Conflict>>((world, key) => {
  const at = key.indexOf("/");
  const gateway = world.get(kinds.KubernetesGateway, key.slice(0, at), key.slice(at + 1));
  const conflicts = new Map<string, Conflict>();
  if (gateway === undefined) return conflicts;
  const hasSets = roleOfClass(world, textAt(fieldsAt(gateway.object, "spec"), "gatewayClassName") ?? "") === "gateway";
  // Winners by port, for TCP and UDP by the port alone, for the rest by port and host name.
  const winners = new Map<number, Listener[]>();
  for (const owner of [gateway, ...(hasSets ? world.ask(setsOfGateway, key) : [])]) {
    for (const listener of listenersOf(owner)) {
      const samePort = winners.get(listener.port) ?? [];
      const winner = samePort.find((prior) => !areDistinct(listener, prior));
      if (winner !== undefined) conflicts.set(conflictKey(listener), { reason: reasonOf(listener, winner), winner });
      else winners.set(listener.port, [...samePort, listener]);
    }
  }
  return conflicts;
});

export function conflictKey({ owner, name }: Listener): string {
  return `${owner.kind}|${owner.namespace}/${owner.name}|${name}`;
}

const layer4 = new Set(["TCP", "UDP"]);
const httpLike = new Set(["HTTP", "HTTPS", "TLS"]);

function areDistinct(a: Listener, b: Listener): boolean {
  if (httpLike.has(a.protocol) && httpLike.has(b.protocol)) return a.hostname !== b.hostname;
  const isKnown = (one: Listener) => layer4.has(one.protocol) || httpLike.has(one.protocol);
  if (isKnown(a) && isKnown(b)) return false;
  return a.protocol !== b.protocol;
}

function reasonOf(a: Listener, b: Listener): Conflict["reason"] {
  return (layer4.has(a.protocol) && layer4.has(b.protocol)) || a.protocol !== b.protocol
    ? "ProtocolConflict"
    : "HostnameConflict";
}
