import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { routeBlocks } from "./routes.ts";

export const singleWeight: Rule = {
  name: "kialiSingleWeight",
  layer: "kiali",
  codes: [
    {
      code: "KIA1104",
      severity: "warning",
      title: "Weight of the only destination",
      explanation:
        "A route with one destination sends everything to it, whatever its weight. Remove the weight, or add the destination that should get the rest.",
      source:
        "networking.istio.io VirtualService, HTTPRouteDestination.weight; Kiali's virtualservices/route_checker.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [],
  *check({ object }) {
    for (const { destinations } of routeBlocks(object)) {
      const [only, second] = destinations;
      if (only?.weight === undefined || second !== undefined) continue;
      if (only.weight <= 0 || only.weight >= 100) continue;
      yield {
        code: "KIA1104",
        path: [...only.path, "weight"],
        problem: problems.badWeight,
        message: say("The route has one destination, so weight {0} counts as 100", only.weight),
      };
    }
  },
};
