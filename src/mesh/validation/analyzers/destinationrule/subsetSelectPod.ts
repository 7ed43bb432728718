import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { findDestination, namespaceOfHost } from "../../world/hosts.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { podsWith, type PodLike } from "../../world/workloads.ts";

type Labels = Readonly<Record<string, string>>;

/** Labels that Istio takes from a pod's node, not from the pod. */
const nodeLabels = [
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "topology.istio.io/subzone",
] as const;
const hostname = "kubernetes.io/hostname";

const labelsOfNode = defineQuery<Labels>(
  (world, name) => {
    const node = world.get(kinds.Node, "", name);
    const own = node === undefined ? {} : textMapAt(node.object.metadata, "labels");
    const found: Record<string, string> = { [hostname]: name };
    // A missing zone cuts the subzone off.
    for (const label of nodeLabels) {
      const value = own[label];
      if (value === undefined || value === "") break;
      found[label] = value;
    }
    return found;
  },
  (a, b) => JSON.stringify(a) === JSON.stringify(b),
);

/** Subsets that select no pod, and hosts that nothing has (istio-analysis, 3.9). */
export const subsetSelectPod: Rule = {
  name: "destinationrule.SubsetSelectPodAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0173",
      severity: "error",
      title: "Subset selects no pods",
      explanation:
        "Requests to this subset fail with 503 UH, since no pod has its labels. Correct the labels, or deploy the pods first.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, DestinationRuleSubsetNotSelectPods",
    },
    {
      code: "IST0174",
      severity: "warning",
      title: "Host of a DestinationRule is unknown",
      explanation: "No Service or ServiceEntry has this host, so the rule applies to nothing. Correct the name.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, UnknownDestinationRuleHost",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [kinds.Pod, kinds.Service, kinds.ServiceEntry, kinds.Node],
  *check(object, world) {
    const spec = object.object["spec"];
    const host = textAt(spec, "host") ?? "";
    const target = findDestination(world, object.namespace, textsAt(spec, "exportTo"), host);
    const namespace = namespaceOfHost(object.namespace, host);
    if (target === undefined) {
      yield {
        code: "IST0174",
        message: say("No Service or ServiceEntry has the host {0}", host),
        path: ["spec", "host"],
        problem: problems.hostNotFound,
        missingIn: namespace,
      };
      return;
    }
    const base = textMapAt(fieldsAt(target.object["spec"], "workloadSelector"), "labels");
    // Endpoints that are written out or WorkloadEntries are no pods; Istio looks for pods all the same.
    const isOfPods = target.kind === kinds.Service || listAt(target.object["spec"], "endpoints").length === 0;
    if (!isOfPods && !world.settings.isExactlyIstio) return;
    const seen = new Set<string>();
    for (const [at, subset] of listAt(spec, "subsets").entries()) {
      const name = textAt(subset, "name") ?? "";
      if (seen.has(name)) continue;
      seen.add(name);
      const labels = { ...base, ...textMapAt(subset, "labels") };
      if (hasPod(world, labels)) continue;
      yield {
        code: "IST0173",
        message: say("No pod has the labels of subset {0}", name),
        path: ["spec", "subsets", at, Object.keys(textMapAt(subset, "labels")).length > 0 ? "labels" : "name"],
        problem: problems.noWorkloads,
        missingIn: namespace,
        missingKind: kinds.Pod,
      };
    }
  },
};

function hasPod(world: World, labels: Labels): boolean {
  const ofNodes = [...nodeLabels, hostname].filter((label) => Object.hasOwn(labels, label));
  if (ofNodes.length === 0) return podsWith(world, "*", labels).length > 0;
  const own = Object.fromEntries(
    Object.entries(labels).filter(([label]) => !(ofNodes as readonly string[]).includes(label)),
  );
  return podsWith(world, "*", own).some((pod) => hasLabels(augmented(world, pod), labels));
}

function augmented(world: World, pod: PodLike): Labels {
  const node = textAt(pod.spec, "nodeName");
  return node === undefined ? pod.labels : { ...pod.labels, ...world.ask(labelsOfNode, node) };
}
