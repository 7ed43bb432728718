import { byKey, type BoxItem, type Item, type Link } from "./tree.ts";

/** Items and links in which services are one with what runs behind them. `release` puts the members back. */
export interface Paired {
  readonly items: readonly Item[];
  readonly links: readonly Link[];
  /** Moves the members to where their pair was placed. */
  release(): void;
}

/**
 * A service that is in no app's box stands beside the workloads that only it leads to, as in one: otherwise long
 * layers tear them apart. `arrangePair` places the members from 0, 0.
 */
export function pairServices(
  items: readonly Item[],
  links: readonly Link[],
  arrangePair: (members: readonly Item[]) => void,
): Paired {
  const callers = new Map<Item, Item | undefined>();
  // undefined: several call it.
  for (const { source, target } of links) callers.set(target, callers.has(target) ? undefined : source);
  const members = new Map<Item, Item[]>();
  for (const item of items) {
    const service = callers.get(item);
    if (item.isBox || item.rank === 0 || !service || service.isBox || service.rank !== 0) continue;
    members.set(service, [...(members.get(service) ?? [service]), item]);
  }
  const pairs = [...members.values()].map((list) => pairOf(list, arrangePair));
  const pairByMember = new Map(pairs.flatMap((pair) => pair.children.map((member) => [member, pair] as const)));
  return {
    items: [...items.filter((item) => !pairByMember.has(item)), ...pairs].sort(byKey),
    links: mapLinks(links, pairByMember),
    release: () => {
      for (const pair of pairs) {
        for (const member of pair.children) {
          member.x += pair.x;
          member.y += pair.y;
        }
      }
    },
  };
}

function pairOf(members: readonly Item[], arrangePair: (members: readonly Item[]) => void): BoxItem {
  arrangePair(members);
  const [first] = members;
  const edges = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { x, y, left, top, right, bottom } of members) {
    edges.left = Math.min(edges.left, x + left);
    edges.top = Math.min(edges.top, y + top);
    edges.right = Math.max(edges.right, x + right);
    edges.bottom = Math.max(edges.bottom, y + bottom);
  }
  const place = { x: 0, y: 0, ...edges, isFixed: false };
  const names = { index: first?.index ?? 0, key: first?.key ?? "", rank: 0 };
  return { isBox: true, kind: "app", parent: undefined, children: [...members], links: [], ...names, ...place };
}

function mapLinks(links: readonly Link[], pairByMember: ReadonlyMap<Item, BoxItem>): Link[] {
  if (pairByMember.size === 0) return [...links];
  const bySource = new Map<Item, Map<Item, Link>>();
  for (const { source: from, target: to, weight } of links) {
    const source = pairByMember.get(from) ?? from;
    const target = pairByMember.get(to) ?? to;
    if (source === target) continue;
    const byTarget = bySource.get(source) ?? new Map<Item, Link>();
    bySource.set(source, byTarget);
    const link = byTarget.get(target);
    if (link) link.weight += weight;
    else byTarget.set(target, { source, target, weight });
  }
  return [...bySource.values()].flatMap((byTarget) => [...byTarget.values()]);
}
