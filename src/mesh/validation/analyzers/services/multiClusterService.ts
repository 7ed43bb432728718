import { say, type Message } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { sameValue } from "../../world/sameValue.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

/** Services of one name that mean different things in the clusters of a mesh. */
export const multiClusterService: Rule = {
  name: "services.MultiClusterServiceAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0170",
      severity: "warning",
      title: "Service differs between clusters",
      explanation:
        "Istio joins Services of the same name and namespace into one. Where their type, ports or being headless differ, " +
        "which of them counts is not defined. Make them the same.",
      source: "spec of the Services; Istio's analyzers/multicluster/service.go",
    },
  ],
  kinds: [kinds.Service],
  reads: [kinds.Service],
  *check(service, world) {
    const others = sameElsewhere(service, world);
    if (others.length === 0) return;
    // Istio tells each Service once; so does the copy in the first cluster that has one, about all of them.
    const isFirst = world.clusters().find((one) => copyIn(one, service) !== undefined) === world;
    if (!isFirst) return;
    const found = others.flatMap((other) =>
      differences(service, other).map((difference) => ({ ...difference, other })),
    );
    const [first] = found;
    if (first === undefined) return;
    const clusters = [service, ...new Set(found.map(({ other }) => other))].map(({ cluster }) => cluster);
    const finding: RuleFinding = {
      code: "IST0170",
      message: say("This Service is not the same in the clusters {0}", [...clusters].sort().join(", ")),
      path: first.path,
      at: "key",
      related: found.map(({ other, path, message }) => ({ object: other, path, message })),
    };
    yield finding;
  },
};

function copyIn(world: World, { kind, namespace, name }: WorldObject): WorldObject | undefined {
  return world.get(kind, namespace, name);
}

function sameElsewhere(service: WorldObject, world: World): readonly WorldObject[] {
  const worlds = world.clusters();
  if (worlds.length < 2) return [];
  return worlds.flatMap((other) => (other === world ? [] : (copyIn(other, service) ?? [])));
}

interface Difference {
  readonly path: FieldPath;
  readonly message: Message;
}

function differences(a: WorldObject, b: WorldObject): readonly Difference[] {
  const [one, other] = [fieldsAt(a.object, "spec"), fieldsAt(b.object, "spec")];
  const found: Difference[] = [];
  if (isHeadless(one) !== isHeadless(other)) {
    found.push({ path: ["spec", "clusterIP"], message: say("Headless in one cluster only") });
  }
  if ((textAt(one, "type") ?? "") !== (textAt(other, "type") ?? "")) {
    found.push({ path: ["spec", "type"], message: say("Of type {0} here", textAt(other, "type") ?? "ClusterIP") });
  }
  if (!sameValue(portsOf(one), portsOf(other))) {
    found.push({ path: ["spec", "ports"], message: say("With other ports here") });
  }
  return found;
}

function isHeadless(spec: unknown): boolean {
  return textAt(spec, "clusterIP") === "None";
}

// As Go holds a ServicePort: an absent field is its zero value. Istio sorts them by name.
function portsOf(spec: unknown): readonly unknown[] {
  return listAt(spec, "ports")
    .map((port) => ({ name: textAt(port, "name") ?? "", fields: valuesOf(fieldsOf(port)) }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function valuesOf({
  protocol = "",
  appProtocol = null,
  port = 0,
  targetPort = 0,
  nodePort = 0,
}: Readonly<Record<string, unknown>>): readonly unknown[] {
  return [protocol, appProtocol, port, targetPort, nodePort];
}
