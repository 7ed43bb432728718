import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import type { PodLike } from "../../world/workloads.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import { isGatewayLabelled, isGatewayPod } from "../ambient/enrolment.ts";
import { serviceSelector } from "../registry/services.ts";
import { readWorkload, workloadsWith } from "../registry/workloads.ts";

export const containerPorts: Rule = {
  name: "kialiContainerPorts",
  layer: "kiali",
  codes: [
    {
      code: "KIA0701",
      severity: "warning",
      title: "No container declares the target port",
      explanation:
        "No container of the Deployments behind the Service declares the port that it sends to. Kubernetes needs no declaration of a number, so then this only hints at a wrong port; a target port by name must be declared.",
      source: "Service, ports.targetPort; Kiali's services/port_mapping_checker.go",
    },
  ],
  kinds: [kinds.Service],
  reads: [kinds.Deployment, kinds.MeshConfig],
  *check(service, world) {
    const selector = serviceSelector(service);
    // Ports of the control plane and of gateways are often not declared, and are used for debugging.
    if (Object.keys(selector).length === 0 || service.namespace === rootNamespaceOf(world)) return;
    if (isGatewayLabelled(textMapAt(fieldsAt(service.object, "metadata"), "labels"))) return;
    const deployments = workloadsWith(world, service.namespace, selector)
      .filter(({ kind }) => kind === kinds.Deployment)
      .map(readWorkload)
      .filter((workload) => !isGatewayPod(workload));
    const declared = deployments.flatMap(portsOf);
    const [first] = deployments;
    if (first === undefined) return;
    for (const [index, port] of listAt(fieldsAt(service.object, "spec"), "ports").entries()) {
      const { targetPort, port: number } = fieldsOf(port);
      const wanted = targetPort === undefined || targetPort === 0 || targetPort === "" ? number : targetPort;
      if (typeof wanted !== "number" && typeof wanted !== "string") continue;
      if (declared.some((one) => one.name === wanted || one.number === Number(wanted))) continue;
      const hasTarget = textAt(port, "targetPort") !== undefined || typeof targetPort === "number";
      yield {
        code: "KIA0701",
        path: ["spec", "ports", index, ...(hasTarget ? ["targetPort"] : ["port"])],
        problem: problems.portNotFound,
        // A number works without being declared; a name does not.
        severity: Number.isInteger(Number(wanted)) ? "hint" : "warning",
        message: say("No container of Deployment {0} declares port {1}", first.object.name, wanted),
        related: [
          {
            object: first.object,
            path: ["spec", "template", "spec", "containers"],
            message: say("The Service's pods"),
          },
        ],
      };
    }
  },
};

function portsOf({ spec }: PodLike) {
  return listAt(spec, "containers")
    .flatMap((container) => listAt(container, "ports"))
    .map((port) => ({ name: textAt(port, "name"), number: fieldsOf(port)["containerPort"] }));
}
