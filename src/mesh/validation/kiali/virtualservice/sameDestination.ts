import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import { hostKey } from "../registry/serviceHost.ts";
import { routeBlocks, type RouteDestination } from "./routes.ts";

export const sameDestination: Rule = {
  name: "kialiSameDestination",
  layer: "kiali",
  codes: [
    {
      code: "KIA1105",
      severity: "warning",
      title: "Same destination twice in a route",
      explanation:
        "Two destinations of one route name the same host and subset, so their weights add up. Merge them, or name the subset that was meant.",
      source: "networking.istio.io VirtualService, Destination; Kiali's virtualservices/route_checker.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.Namespace],
  *check(vs, world) {
    for (const { destinations } of routeBlocks(vs.object)) {
      if (destinations.length < 2) continue;
      const groups = groupsOf(destinations, (one) => keyOf(world, one, vs.namespace));
      for (const { host, subset, path } of groups.filter((group) => group.length > 1).flat()) {
        if (host === undefined || subset === undefined) continue;
        yield {
          code: "KIA1105",
          path: [...path, "destination", "subset"],
          message: say("Another destination of this route is subset {0} of {1} too", subset, host),
        };
      }
    }
  },
};

// Without a subset two destinations may be the same Service on purpose, with other headers or ports.
function keyOf(world: World, { host, subset, port }: RouteDestination, namespace: string): string | undefined {
  if (host === undefined || subset === undefined) return undefined;
  return `${hostKey(world, host, namespace)} ${subset} ${port ?? ""}`;
}

function groupsOf<Item>(items: readonly Item[], keyOfItem: (item: Item) => string | undefined): readonly Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOfItem(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
