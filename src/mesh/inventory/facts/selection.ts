import { hasLabels } from "../../model/labelSelector.ts";
import type { LabelSet } from "./labelPool.ts";

type Pairs = Readonly<Record<string, string>>;

interface Group<Member> {
  readonly labels: Pairs;
  readonly members: Set<Member>;
  readonly services: Set<string>;
}

interface Selector<Member> {
  readonly namespace: string;
  readonly pairs: Pairs;
  /** The pair it is indexed by. */
  readonly anchor: string;
  readonly groups: Set<Group<Member>>;
}

interface Room<Member> {
  readonly groups: Map<string, Group<Member>>;
  readonly groupsByPair: Map<string, Set<Group<Member>>>;
  /** By one pair of the selector only: whatever it selects must have that pair too. */
  readonly servicesByPair: Map<string, Set<string>>;
}

const nobody: ReadonlySet<string> = new Set();

/**
 * Which services select which members (pods, pod templates, workload entries), kept current both ways. Members with the
 * same labels share a group, so that a service is compared with each set of labels once, not with each pod.
 */
export class Selection<Member> {
  readonly #rooms = new Map<string, Room<Member>>();
  readonly #selectors = new Map<string, Selector<Member>>();

  add(namespace: string, labels: LabelSet, member: Member): void {
    const room = this.#room(namespace);
    let group = room.groups.get(labels.key);
    if (group === undefined) {
      group = { labels: labels.labels, members: new Set(), services: new Set() };
      room.groups.set(labels.key, group);
      for (const pair of pairsOf(labels.labels)) {
        addTo(room.groupsByPair, pair, group);
        for (const service of room.servicesByPair.get(pair) ?? nobody) this.#join(service, group);
      }
    }
    group.members.add(member);
  }

  remove(namespace: string, labels: LabelSet, member: Member): void {
    const room = this.#room(namespace);
    const group = room.groups.get(labels.key);
    if (group === undefined) return;
    group.members.delete(member);
    if (group.members.size > 0) return;
    room.groups.delete(labels.key);
    for (const pair of pairsOf(group.labels)) removeFrom(room.groupsByPair, pair, group);
    for (const service of group.services) this.#selectors.get(service)?.groups.delete(group);
    if (room.groups.size === 0 && room.servicesByPair.size === 0) this.#rooms.delete(namespace);
  }

  /** Sets what a service selects. No pairs select nothing, as Kubernetes has it. */
  select(service: string, namespace: string, pairs: Pairs): void {
    this.deselect(service);
    const room = this.#room(namespace);
    const anchor = rarest(pairsOf(pairs), room.servicesByPair);
    if (anchor === undefined) return;
    this.#selectors.set(service, { namespace, pairs, anchor, groups: new Set() });
    addTo(room.servicesByPair, anchor, service);
    for (const group of room.groupsByPair.get(anchor) ?? []) this.#join(service, group);
  }

  deselect(service: string): void {
    const selector = this.#selectors.get(service);
    if (selector === undefined) return;
    this.#selectors.delete(service);
    const room = this.#room(selector.namespace);
    removeFrom(room.servicesByPair, selector.anchor, service);
    for (const group of selector.groups) group.services.delete(service);
    if (room.groups.size === 0 && room.servicesByPair.size === 0) this.#rooms.delete(selector.namespace);
  }

  servicesOf(namespace: string, labels: LabelSet): ReadonlySet<string> {
    return this.#rooms.get(namespace)?.groups.get(labels.key)?.services ?? nobody;
  }

  *membersOf(service: string): Generator<Member> {
    for (const group of this.#selectors.get(service)?.groups ?? []) yield* group.members;
  }

  #join(service: string, group: Group<Member>): void {
    const selector = this.#selectors.get(service);
    if (selector === undefined || !hasLabels(group.labels, selector.pairs)) return;
    selector.groups.add(group);
    group.services.add(service);
  }

  #room(namespace: string): Room<Member> {
    let room = this.#rooms.get(namespace);
    if (room === undefined) {
      room = { groups: new Map(), groupsByPair: new Map(), servicesByPair: new Map() };
      this.#rooms.set(namespace, room);
    }
    return room;
  }
}

/** Fewest services: "version=v1" is what thousands have in common, and says little. */
function rarest(pairs: readonly string[], services: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const size = (pair: string) => services.get(pair)?.size ?? 0;
  return pairs.reduce<string | undefined>(
    (best, pair) => (best === undefined || size(pair) < size(best) ? pair : best),
    undefined,
  );
}

function pairsOf(labels: Pairs): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${key}=${value}`);
}

function addTo<V>(map: Map<string, Set<V>>, key: string, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}

function removeFrom<V>(map: Map<string, Set<V>>, key: string, value: V): void {
  const set = map.get(key);
  set?.delete(value);
  if (set?.size === 0) map.delete(key);
}
