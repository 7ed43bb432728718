import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { isInMesh } from "../../world/membership.ts";
import { defineQuery } from "../../world/query.ts";
import { podOfTemplate } from "../../world/workloads.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

const source = "ports of the Services; Istio's analyzers/deployment/services.go";

/** Deployments whose Services disagree about a port. */
export const multiService: Rule = {
  name: "deployment.MultiServiceAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0116",
      severity: "warning",
      title: "One port with several protocols",
      explanation:
        "Services that select the same pods use one port number with TCP and with UDP. The proxy can listen for one of " +
        "them only.",
      source,
    },
    {
      code: "IST0137",
      severity: "warning",
      title: "One target port behind several ports",
      explanation:
        "Services that select the same pods reach one target port by different ports. The proxy knows of one of them " +
        "only for inbound traffic; use the same port in all.",
      source,
    },
  ],
  kinds: [kinds.Deployment],
  reads: [kinds.Service, kinds.Namespace],
  *check(object, world) {
    const metadata = fieldsAt(object.object, "metadata");
    if (textMapAt(metadata, "labels")["gateway.istio.io/managed"] === "istio.io-mesh-controller") return;
    const pod = podOfTemplate(object, fieldsAt(fieldsAt(object.object, "spec"), "template"));
    if (Object.keys(pod.labels).length === 0 || !isInMesh(world, pod)) return;
    const services = servicesOf(world, object.namespace, pod.labels);
    yield* severalProtocols(services);
    yield* severalPorts(services);
  },
};

/** Services of a namespace by one pair of their selector, "key=value", so that a Deployment meets few of them. */
const bySelector = defineQuery((world, namespace): ReadonlyMap<string, readonly WorldObject[]> => {
  const index = new Map<string, WorldObject[]>();
  for (const service of world.inNamespace(kinds.Service, namespace)) {
    const [pair] = Object.entries(selectorOf(service));
    if (pair === undefined) continue;
    const key = pair.join("=");
    index.set(key, [...(index.get(key) ?? []), service]);
  }
  return index;
});

function servicesOf(world: World, namespace: string, labels: Readonly<Record<string, string>>): readonly WorldObject[] {
  const index = world.ask(bySelector, namespace);
  return Object.entries(labels)
    .flatMap((pair) => index.get(pair.join("=")) ?? [])
    .filter((service) => hasLabels(labels, selectorOf(service)));
}

function selectorOf({ object }: WorldObject): Readonly<Record<string, string>> {
  return textMapAt(fieldsAt(object, "spec"), "selector");
}

interface Use {
  readonly service: WorldObject;
  readonly at: number;
  readonly port: number;
  readonly protocol: string;
  readonly target: string;
}

function usesOf(services: readonly WorldObject[]): readonly Use[] {
  return services.flatMap((service) =>
    listAt(fieldsAt(service.object, "spec"), "ports").map((entry, at) => {
      const { port, targetPort } = fieldsOf(entry);
      const number = typeof port === "number" ? port : 0;
      const hasTarget = (typeof targetPort === "number" || typeof targetPort === "string") && !isZero(targetPort);
      const target = hasTarget ? String(targetPort) : String(number);
      return { service, at, port: number, protocol: textAt(entry, "protocol") ?? "TCP", target };
    }),
  );
}

function isZero(port: number | string): boolean {
  return port === 0 || port === "" || port === "0";
}

function* severalProtocols(services: readonly WorldObject[]): Generator<RuleFinding> {
  for (const [port, uses] of usesBy(services, ({ port }) => port)) {
    const protocols = [...new Set(uses.map(({ protocol }) => protocol))].sort();
    if (protocols.length < 2) continue;
    const message = say("The port {0} is used with {1} by {2}", port, protocols.join(" and "), namesOf(uses));
    yield { code: "IST0116", message, path: ["metadata", "name"], related: relatedOf(uses) };
  }
}

function* severalPorts(services: readonly WorldObject[]): Generator<RuleFinding> {
  for (const [target, uses] of usesBy(services, ({ target }) => target)) {
    const ports = [...new Set(uses.map(({ port }) => port))].sort((a, b) => a - b);
    if (ports.length < 2) continue;
    const message = say(
      "The target port {0} is reached by the ports {1} of {2}",
      target,
      ports.join(", "),
      namesOf(uses),
    );
    yield { code: "IST0137", message, path: ["metadata", "name"], related: relatedOf(uses) };
  }
}

function usesBy<Key>(services: readonly WorldObject[], keyOf: (use: Use) => Key): ReadonlyMap<Key, readonly Use[]> {
  const groups = new Map<Key, Use[]>();
  for (const use of usesOf(services)) {
    const known = groups.get(keyOf(use));
    if (known === undefined) groups.set(keyOf(use), [use]);
    else known.push(use);
  }
  return groups;
}

function namesOf(uses: readonly Use[]): string {
  return [...new Set(uses.map(({ service }) => service.name))].sort().join(", ");
}

function relatedOf(uses: readonly Use[]): NonNullable<RuleFinding["related"]> {
  return uses.map(({ service, at, port, protocol, target }) => ({
    object: service,
    path: ["spec", "ports", at],
    message: say("{0} {1} to {2}", protocol, port, target),
  }));
}
