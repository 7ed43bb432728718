import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import { hostNamespace, isHostKnown } from "../registry/findHost.ts";
import { allowsAnyHost } from "../registry/meshSettings.ts";
import { hostKey, serviceNameOf } from "../registry/serviceHost.ts";
import { hasVirtualService } from "../registry/virtualHosts.ts";
import { textItems } from "../textItems.ts";
import { operationsOf } from "./ruleParts.ts";

export const operationHosts: Rule = {
  name: "kialiOperationHosts",
  layer: "kiali",
  codes: [
    {
      code: "KIA0104",
      severity: "error",
      title: "Host of a policy not found",
      explanation:
        "The rule names a short host as Services have, and neither a Service, a ServiceEntry nor a VirtualService has it. The field is compared with the Host header, so names of the outside are not judged. It is a warning where the mesh lets traffic to unknown hosts pass.",
      source: "security.istio.io AuthorizationPolicy, Operation.hosts; Kiali's authorization/no_host_checker.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy],
  reads: [kinds.Service, kinds.ServiceEntry, kinds.VirtualService, kinds.Namespace, kinds.MeshConfig],
  *check({ object, namespace }, world) {
    for (const { value, path } of operationsOf(object)) {
      for (const [index, text] of textItems(value, "hosts")) {
        const host = text.replace(/:\d+$/u, "");
        if (!looksLikeService(world, host, namespace) || isHostKnown(world, host, namespace)) continue;
        if (hasVirtualService(world, hostKey(world, host, namespace))) continue;
        yield {
          code: "KIA0104",
          path: [...path, "hosts", index],
          problem: problems.hostNotFound,
          severity: allowsAnyHost(world) ? "warning" : "error",
          message: say("No Service, ServiceEntry or VirtualService has the host {0}", host),
          missingIn: hostNamespace(world, host, namespace),
          missingKind: kinds.Service,
        };
      }
    }
  },
};

// "a" and "a.NAMESPACE"; anything longer may well be a Host header from outside.
function looksLikeService(world: World, host: string, namespace: string): boolean {
  if (host === "" || host.includes("*") || host.split(".").length > 2) return false;
  return serviceNameOf(world, host, namespace) !== undefined;
}
