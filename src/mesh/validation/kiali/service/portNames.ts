import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import type { PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { isAmbientPod, isGatewayPod } from "../ambient/enrolment.ts";
import { serviceSelector } from "../registry/services.ts";
import { hasProxyContainer, readWorkload, workloadReads, workloadsWith } from "../registry/workloads.ts";
import { isInjected } from "../workload/injection.ts";

const protocols = new Set([
  "grpc",
  "grpc-web",
  "http",
  "http2",
  "https",
  "mongo",
  "redis",
  "tcp",
  "tls",
  "udp",
  "mysql",
]);
const kubernetesProtocols = new Set(["kubernetes.io/h2c", "kubernetes.io/ws", "kubernetes.io/wss"]);

export const portNames: Rule = {
  name: "kialiPortNames",
  layer: "kiali",
  codes: [
    {
      code: "KIA0601",
      severity: "error",
      title: "Port name without a protocol",
      explanation:
        "Istio takes a port's protocol from its name, PROTOCOL or PROTOCOL-SUFFIX, unless appProtocol says it. Without either it guesses, and rules for HTTP may not apply.",
      source: "Istio's protocol selection; Kiali's services/port_mapping_checker.go",
    },
    {
      code: "KIA0602",
      severity: "error",
      title: "Unknown appProtocol",
      explanation: "Istio does not know the port's appProtocol and guesses the protocol. Write one that it knows.",
      source: "Istio's protocol selection; Kiali's services/port_mapping_checker.go",
    },
  ],
  kinds: [kinds.Service],
  reads: [...workloadReads, kinds.Namespace],
  *check(service, world) {
    const labels = textMapAt(fieldsAt(service.object, "metadata"), "labels");
    if (Object.hasOwn(labels, "kiali_wizard") || !isInMesh(service, world)) return;
    for (const [index, port] of listAt(fieldsAt(service.object, "spec"), "ports").entries()) {
      if ((textAt(port, "protocol") ?? "TCP").toUpperCase() === "UDP") continue;
      const appProtocol = textAt(port, "appProtocol");
      const name = textAt(port, "name") ?? "";
      const path = ["spec", "ports", index];
      if (appProtocol !== undefined) {
        if (protocols.has(appProtocol.toLowerCase()) || kubernetesProtocols.has(appProtocol)) continue;
        yield {
          code: "KIA0602",
          path: [...path, "appProtocol"],
          problem: problems.portNaming,
          message: say("Istio does not know the appProtocol {0}", appProtocol),
        };
      } else if (!namesProtocol(name)) {
        yield {
          code: "KIA0601",
          path: [...path, "name"],
          problem: problems.portNaming,
          message:
            name === ""
              ? say("Port {0} has neither a name nor an appProtocol", String(fieldsOf(port)["port"]))
              : say("Port name {0} does not begin with a protocol", name),
        };
      }
    }
  },
};

function namesProtocol(name: string): boolean {
  if (protocols.has(name) || name.startsWith("grpc-web-")) return true;
  const dash = name.indexOf("-");
  return dash > 0 && dash < name.length - 1 && protocols.has(name.slice(0, dash));
}

/** True if some of the Service's pods have a sidecar or are in ambient; gateways speak what their Gateways say. */
function isInMesh(service: WorldObject, world: World): boolean {
  const selector = serviceSelector(service);
  if (Object.keys(selector).length === 0) return false;
  return workloadsWith(world, service.namespace, selector)
    .map(readWorkload)
    .some((workload) => !isGatewayPod(workload) && isMember(world, workload));
}

function isMember(world: World, workload: PodLike): boolean {
  if (hasProxyContainer(workload) || isAmbientPod(world, workload)) return true;
  // A Pod that runs shows whether it was injected; a template only what is asked for.
  return workload.object.kind !== kinds.Pod && isInjected(world, workload);
}
