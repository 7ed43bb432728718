import { say } from "../../../message.ts";
import { fieldsAt, listAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import { hasEntryUnder, hostNamespace, isHostKnown } from "../registry/findHost.ts";
import { namespaceExists } from "../registry/namespaces.ts";
import { hostKey } from "../registry/serviceHost.ts";
import { hasVirtualService } from "../registry/virtualHosts.ts";
import { textItems } from "../textItems.ts";

export const egressHosts: Rule = {
  name: "kialiEgressHosts",
  layer: "kiali",
  codes: [
    {
      code: "KIA1004",
      severity: "warning",
      title: "Egress host not found",
      explanation:
        "The Sidecar imports a host that no Service, ServiceEntry or VirtualService has, so it imports nothing there. Hosts are written NAMESPACE/NAME, with full names of Services.",
      source: "networking.istio.io Sidecar, egress.hosts; Kiali's sidecars/egress_listener_checker.go",
    },
  ],
  kinds: [kinds.Sidecar],
  reads: [kinds.Service, kinds.ServiceEntry, kinds.VirtualService, kinds.Namespace, kinds.MeshConfig],
  *check({ object, namespace }, world) {
    for (const [at, listener] of listAt(fieldsAt(object, "spec"), "egress").entries()) {
      for (const [index, text] of textItems(listener, "hosts")) {
        const slash = text.indexOf("/");
        const host = text.slice(slash + 1);
        // Without a namespace it is malformed, which another layer tells.
        if (slash < 0 || text.startsWith("~/") || isKnown(world, host, namespace)) continue;
        yield {
          code: "KIA1004",
          path: ["spec", "egress", at, "hosts", index],
          problem: problems.hostNotFound,
          message: say("No Service, ServiceEntry or VirtualService has the host {0}", host),
          missingIn: hostNamespace(world, host, namespace),
          missingKind: kinds.Service,
        };
      }
    }
  },
};

function isKnown(world: World, host: string, namespace: string): boolean {
  if (host === "*") return true;
  if (!host.startsWith("*")) {
    return isHostKnown(world, host, namespace) || hasVirtualService(world, hostKey(world, host, namespace));
  }
  const [, inside] = /^\*\.([^.]+)\.svc(?:\..+)?$/u.exec(host) ?? [];
  if (inside !== undefined) return namespaceExists(world, inside);
  if (/^\*\.svc\.|^\*\.local$/u.test(host)) return true;
  return hasEntryUnder(world, host.toLowerCase());
}
