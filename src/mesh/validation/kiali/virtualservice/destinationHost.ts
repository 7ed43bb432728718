import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { hostNamespace, isHostKnown } from "../registry/findHost.ts";
import { allowsAnyHost } from "../registry/meshSettings.ts";
import { routeBlocks } from "./routes.ts";

export const destinationHost: Rule = {
  name: "kialiDestinationHost",
  layer: "kiali",
  codes: [
    {
      code: "KIA1101",
      severity: "error",
      title: "Destination host not found",
      explanation:
        "No Service and no ServiceEntry that the VirtualService's namespace sees stands for the host, so the route leads nowhere. Correct the host, or declare it. It is a warning where the mesh lets traffic to unknown hosts pass.",
      source: "networking.istio.io VirtualService, Destination.host; Kiali's virtualservices/no_host_checker.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.Service, kinds.ServiceEntry, kinds.Namespace, kinds.MeshConfig],
  *check(vs, world) {
    for (const { destinations } of routeBlocks(vs.object)) {
      for (const { host, path } of destinations) {
        if (host === undefined || isHostKnown(world, host, vs.namespace)) continue;
        yield {
          code: "KIA1101",
          path: [...path, "destination", "host"],
          problem: problems.hostNotFound,
          severity: allowsAnyHost(world) ? "warning" : "error",
          message: say("No Service or ServiceEntry for host {0} is visible in namespace {1}", host, vs.namespace),
          missingIn: hostNamespace(world, host, vs.namespace),
          missingKind: kinds.Service,
        };
      }
    }
  },
};
