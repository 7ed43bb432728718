import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { serviceEntriesOf, visibleService } from "../registry/findHost.ts";
import { hostKey, serviceNameOf } from "../registry/serviceHost.ts";
import { workloadReads, workloadsWith } from "../registry/workloads.ts";
import { routeBlocks } from "../virtualservice/routes.ts";

type Labels = Readonly<Record<string, string>>;

export const subsetLabels: Rule = {
  name: "kialiSubsetLabels",
  layer: "kiali",
  codes: [
    {
      code: "KIA0203",
      severity: "error",
      title: "Labels of a subset select nothing",
      explanation:
        "No workload behind the host has the subset's labels, so requests to the subset fail. It is only told as information while no VirtualService routes to the subset.",
      source: "networking.istio.io DestinationRule, Subset.labels; Kiali's destinationrules/no_dest_checker.go",
    },
    {
      code: "KIA0209",
      severity: "warning",
      title: "Subset without labels",
      explanation:
        "A subset without labels selects the whole host. Give it labels, or remove it, unless it only carries a traffic policy.",
      source: "networking.istio.io DestinationRule, Subset.labels; Kiali's destinationrules/no_dest_checker.go",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [
    kinds.Service,
    kinds.ServiceEntry,
    kinds.WorkloadEntry,
    kinds.VirtualService,
    kinds.Namespace,
    kinds.MeshConfig,
    ...workloadReads,
  ],
  *check(rule, world) {
    const spec = fieldsAt(rule.object, "spec");
    const host = textAt(spec, "host");
    if (host === undefined || host.includes("*")) return;
    const subsets = listAt(spec, "subsets").map((subset) => ({
      name: textAt(subset, "name") ?? "",
      labels: textMapAt(subset, "labels"),
    }));
    if (subsets.length === 0) return;
    const isSelecting = selectionOf(world, host, rule);
    if (isSelecting === undefined) return;
    const isAnyFull = subsets.some(({ labels }) => Object.keys(labels).length > 0 && isSelecting(labels));
    for (const [index, { name, labels }] of subsets.entries()) {
      const path = ["spec", "subsets", index];
      if (Object.keys(labels).length === 0) {
        yield {
          code: "KIA0209",
          path,
          severity: isAnyFull ? "info" : "warning",
          message: say("Subset {0} has no labels and selects all of {1}", name, host),
        };
      } else if (!isSelecting(labels)) {
        yield notSelecting(world, { rule, host, name, path: [...path, "labels"] });
      }
    }
  },
};

interface Unselecting {
  readonly rule: WorldObject;
  readonly host: string;
  readonly name: string;
  readonly path: readonly (string | number)[];
}

function notSelecting(world: World, { rule, host, name, path }: Unselecting): RuleFinding {
  const routing = world.ask(routesToSubset, `${hostKey(world, host, rule.namespace)} ${name}`);
  return {
    code: "KIA0203",
    path,
    problem: problems.noWorkloads,
    severity: routing.length > 0 ? "error" : "info",
    message: say("No workload behind {0} has the labels of subset {1}", host, name),
    related: routing.slice(0, 3).map((object) => ({ object, path: ["spec"], message: say("Routes to this subset") })),
    missingIn: serviceNameOf(world, host, rule.namespace)?.namespace ?? rule.namespace,
  };
}

/** Tells whether labels select something behind a host; undefined where the host itself is not known. */
function selectionOf(world: World, host: string, rule: WorldObject): ((labels: Labels) => boolean) | undefined {
  const service = visibleService(world, host, rule.namespace);
  const selector = textMapAt(fieldsAt(service?.object, "spec"), "selector");
  if (service !== undefined && Object.keys(selector).length > 0) {
    // Endpoints of all clusters of the mesh are one Service's.
    return (labels) =>
      hasClash(selector, labels)
        ? false
        : [world, ...world.clusters()].some(
            (one) => workloadsWith(one, service.namespace, { ...selector, ...labels }).length > 0,
          );
  }
  const entries = serviceEntriesOf(world, host, rule.namespace);
  if (entries.length === 0) return undefined;
  return (labels) => entries.some((entry) => isInEntry(world, entry, labels));
}

function hasClash(a: Labels, b: Labels): boolean {
  return Object.entries(b).some(([key, value]) => Object.hasOwn(a, key) && a[key] !== value);
}

function isInEntry(world: World, entry: WorldObject, labels: Labels): boolean {
  const spec = fieldsAt(entry.object, "spec");
  if (listAt(spec, "endpoints").some((endpoint) => hasLabels(textMapAt(endpoint, "labels"), labels))) return true;
  const selector = textMapAt(fieldsAt(spec, "workloadSelector"), "labels");
  if (Object.keys(selector).length === 0 || hasClash(selector, labels)) return false;
  const all = { ...selector, ...labels };
  return (
    workloadsWith(world, entry.namespace, all).length > 0 ||
    world
      .inNamespace(kinds.WorkloadEntry, entry.namespace)
      .some(({ object }) => hasLabels(textMapAt(fieldsAt(object, "spec"), "labels"), all))
  );
}

const routesBySubset = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const routes = new Map<string, WorldObject[]>();
  for (const vs of world.all(kinds.VirtualService)) {
    for (const { destinations } of routeBlocks(vs.object)) {
      for (const { host, subset } of destinations) {
        if (host === undefined || subset === undefined) continue;
        const key = `${hostKey(world, host, vs.namespace)} ${subset}`;
        const list = routes.get(key);
        if (list === undefined) routes.set(key, [vs]);
        else if (list.at(-1) !== vs) list.push(vs);
      }
    }
  }
  return routes;
});

/** The VirtualServices that route to a subset, by "HOST SUBSET". */
const routesToSubset = defineQuery<readonly WorldObject[]>((world, key) => world.ask(routesBySubset).get(key) ?? []);
