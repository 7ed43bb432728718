import { say } from "../../../message.ts";
import { fieldsAt, flagAt, textMapAt } from "../../../model/fields.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { CodeInfo, Rule } from "../../rule.ts";
import { labelsOfNamespace } from "../../world/membership.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { containersOf, podOf } from "../../world/workloads.ts";
import { injectorNameOf, injectorValues } from "./injectorValues.ts";

const legacy = "istio-injection";
const revision = "istio.io/rev";
const mode = "istio.io/dataplane-mode";
const inject = "sidecar.istio.io/inject";
const source = "Labels of Namespaces and Pods; Istio's analyzers/injection/injection.go";

const codes: readonly CodeInfo[] = [
  {
    code: "IST0102",
    severity: "info",
    title: "Namespace without injection",
    explanation: "Nothing in the namespace gets a proxy. Label it for injection, or as not to be injected.",
    source,
  },
  {
    code: "IST0103",
    severity: "warning",
    title: "Pod without a proxy",
    explanation:
      "The namespace is labelled for injection, yet the pod runs without a proxy: it was created before, or injection " +
      "failed. Restart its workload.",
    source,
  },
  {
    code: "IST0123",
    severity: "warning",
    title: "Several injection labels",
    explanation: "The labels ask for different data planes or control planes. Keep one of them.",
    source,
  },
  {
    code: "IST0148",
    severity: "info",
    title: "Namespace injected by default",
    explanation: "Istio is installed with enableNamespacesByDefault, so this namespace is injected without a label.",
    source,
  },
];

// What Foreyard is not asked about: Istio's own analysis leaves these namespaces out before any rule.
const ignored: ReadonlySet<string> = new Set([
  "istio-system",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "local-path-storage",
]);

/** Namespaces and pods whose labels for injection do not do what they seem to. */
export const namespaceInjection: Rule = {
  name: "injection.Analyzer",
  layer: "analyzer",
  codes,
  kinds: [kinds.Namespace, kinds.Pod],
  reads: [kinds.Namespace, kinds.ConfigMap],
  *check(object, world) {
    if (object.kind === kinds.Pod) yield* ofPod(object, world);
    else if (!ignored.has(object.name)) yield* ofNamespace(object, world);
  },
};

function* ofNamespace({ name, object }: WorldObject, world: World): Generator<RuleFinding> {
  const labels = textMapAt(fieldsAt(object, "metadata"), "labels");
  const own = labels[legacy];
  const asked = [
    ...(own === undefined ? [] : [legacy]),
    ...[revision, mode].filter((key) => Object.hasOwn(labels, key) && (own === undefined || own === "enabled")),
  ];
  if (asked.length > 1) {
    const message = say(
      "Several labels ask for a data plane: {0}",
      asked.map((key) => `${key}=${labels[key]}`).join(", "),
    );
    yield { code: "IST0123", message, path: ["metadata", "labels", asked[1] ?? ""], at: "key" };
  }
  if (labels[mode] === "ambient" || (own ?? "") !== "" || Object.hasOwn(labels, revision)) return;
  const values = world.ask(injectorValues, injectorNameOf(""));
  const isByDefault = flagAt(fieldsAt(values, "sidecarInjectorWebhook"), "enableNamespacesByDefault") === true;
  const path = ["metadata", "name"];
  if (isByDefault) yield { code: "IST0148", message: say("Injected by default, without a label"), path };
  else yield { code: "IST0102", message: say("The namespace {0} has no label for injection", name), path };
}

function* ofPod(object: WorldObject, world: World): Generator<RuleFinding> {
  // A Pod in a file gets its proxy when it is created.
  if (!world.settings.isExactlyIstio && object.origin.from !== "live") return;
  if (object.namespace === "istio-system" || labelsOfNamespace(world, object.namespace)?.[legacy] !== "enabled") return;
  if (labelsOfNamespace(world, object.namespace)?.[mode] === "ambient") return;
  const pod = podOf(object);
  const choice = pod.labels[inject] ?? pod.annotations[inject] ?? "";
  if (choice.toLowerCase() === "false" || pod.spec["hostNetwork"] === true) return;
  const proxy = containersOf(pod, true).find(({ name }) => name === "istio-proxy");
  if ((proxy?.image ?? "") !== "") return;
  yield {
    code: "IST0103",
    message: say("The pod {0} runs without a proxy though its namespace is injected", object.name),
    path: ["metadata", "name"],
  };
}
