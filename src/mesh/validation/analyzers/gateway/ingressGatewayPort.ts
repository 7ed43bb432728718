import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { podsWith, type PodLike } from "../../world/workloads.ts";
import { referenceNotFound } from "../referenceNotFound.ts";

/** The port numbers that Services offer or forward to for the pods of a selector; undefined if it selects no pod. */
const servedPorts = defineQuery<ReadonlySet<number> | undefined>(
  (world, key) => {
    const pods = podsWith(world, "*", Object.fromEntries(JSON.parse(key) as [string, string][]));
    if (pods.length === 0) return undefined;
    const ports = new Set<number>();
    const judged = new Set<string>();
    for (const pod of pods) {
      // The replicas of a workload have the same Services.
      const key = `${pod.namespace}/${labelText(pod.labels)}`;
      if (judged.has(key)) continue;
      judged.add(key);
      for (const port of portsOf(world, pod)) ports.add(port);
    }
    return ports;
  },
  (a, b) => a === b || (a !== undefined && b !== undefined && a.size === b.size && [...a].every((port) => b.has(port))),
);

/** Ports of a Gateway that its Service does not offer (istio-analysis, 3.13). */
export const ingressGatewayPort: Rule = {
  name: "gateway.IngressGatewayPortAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0162",
      severity: "warning",
      title: "Gateway's port is in no Service",
      explanation:
        "The gateway's pods would listen there, but no Service of theirs offers the port, so nobody gets in by it. Add it to the Service.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, GatewayPortNotDefinedOnService",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [kinds.Pod, kinds.Service],
  *check({ object, namespace }, world) {
    const selector = textMapAt(object["spec"], "selector");
    const ports = world.ask(servedPorts, JSON.stringify(Object.entries(selector)));
    const [first] = Object.keys(selector);
    if (ports === undefined) {
      yield {
        code: "IST0101",
        message: say("No pod has the labels {0} of the gateway's selector", labelText(selector)),
        path: first === undefined ? ["spec", "selector"] : ["spec", "selector", first],
        problem: problems.noWorkloads,
        missingIn: namespace,
        missingKind: kinds.Pod,
      };
      return;
    }
    for (const [at, server] of listAt(object["spec"], "servers").entries()) {
      if (!Object.hasOwn(fieldsOf(server), "port")) continue;
      const number = fieldsAt(server, "port")["number"];
      const port = typeof number === "number" ? number : 0;
      if (ports.has(port)) continue;
      yield {
        code: "IST0162",
        message: say("No Service of the pods {0} offers port {1}", labelText(selector), port),
        path: ["spec", "servers", at, "port", "number"],
        problem: problems.portNotFound,
      };
    }
  },
};

function* portsOf(world: World, pod: PodLike): Generator<number> {
  for (const { object } of world.inNamespace(kinds.Service, pod.namespace)) {
    if (!hasLabels(pod.labels, textMapAt(object["spec"], "selector"))) continue;
    for (const port of listAt(object["spec"], "ports")) {
      // In a file the protocol is often left out; the API server would fill in TCP.
      const protocol = textAt(port, "protocol") ?? (world.settings.isExactlyIstio ? "" : "TCP");
      if (protocol !== "TCP") continue;
      const { port: number, targetPort } = fieldsOf(port);
      if (typeof number === "number") yield number;
      if (typeof targetPort === "number") yield targetPort;
    }
  }
}

export function labelText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");
}
