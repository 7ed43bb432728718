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
  const winners = new Map<string, Listener>();
  for (const owner of [gateway, ...(hasSets ? world.ask(setsOfGateway, key) : [])]) {
    for (const listener of listenersOf(owner)) {
      const keys = winnerKeys(listener);
      const winner = winners.get(keys.against) ?? winners.get(keys.orAgainst);
      if (winner === undefined) takeAll(winners, keys.takes, listener);
      else conflicts.set(conflictKey(listener), { reason: reasonOf(listener, winner), winner });
    }
  }
  return conflicts;
});

function takeAll(winners: Map<string, Listener>, keys: readonly string[], listener: Listener): void {
  for (const key of keys) if (!winners.has(key)) winners.set(key, listener);
}

interface WinnerKeys {
  readonly against: string;
  readonly orAgainst: string;
  /** What it takes if it wins. */
  readonly takes: readonly string[];
}

/** TCP and UDP take their port alone; HTTP, HTTPS and TLS a host name on it; any other protocol only itself. */
function winnerKeys({ port, protocol, hostname }: Listener): WinnerKeys {
  const [any, byPort, byHost] = [`${port} any`, `${port} layer 4`, `${port} host ${hostname}`];
  if (layer4.has(protocol)) return { against: any, orAgainst: any, takes: [any, byPort] };
  if (httpLike.has(protocol)) return { against: byPort, orAgainst: byHost, takes: [any, byHost] };
  const own = `${port} protocol ${protocol}`;
  return { against: own, orAgainst: own, takes: [own] };
}

export function conflictKey({ owner, name }: Listener): string {
  return `${owner.kind}|${owner.namespace}/${owner.name}|${name}`;
}

const layer4 = new Set(["TCP", "UDP"]);
const httpLike = new Set(["HTTP", "HTTPS", "TLS"]);

function reasonOf(a: Listener, b: Listener): Conflict["reason"] {
  return (layer4.has(a.protocol) && layer4.has(b.protocol)) || a.protocol !== b.protocol
    ? "ProtocolConflict"
    : "HostnameConflict";
}
