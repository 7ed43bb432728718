import { wantsInjection } from "../../../inventory/facts/injection.ts";
import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import { matchesSelector, parseLabelSelector, type LabelSelector } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { labelsOfNamespace } from "../../world/membership.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import { podOf, podOfTemplate, type PodLike } from "../../world/workloads.ts";

const source = "Container istio-proxy, image auto; Istio's analyzers/injection/image-auto.go";

/** Gateways and the like whose proxy image nobody fills in. */
export const imageAuto: Rule = {
  name: "injection.ImageAutoAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0146",
      severity: "warning",
      title: "Image auto that is not injected",
      explanation:
        "The image auto is filled in on injection, and no injection webhook selects these pods. Label the namespace or " +
        "the pods for injection.",
      source,
    },
    {
      code: "IST0147",
      severity: "error",
      title: "Pod with the image auto",
      explanation: "The pod was not injected, so its image does not exist. Label it for injection and create it again.",
      source,
    },
  ],
  kinds: [kinds.Pod, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet],
  reads: [kinds.Namespace, kinds.MutatingWebhookConfiguration],
  *check(object, world) {
    const isPod = object.kind === kinds.Pod;
    if (!isPod && object.kind !== kinds.Deployment && world.settings.isExactlyIstio) return;
    const pod = isPod ? podOf(object) : podOfTemplate(object, fieldsAt(fieldsAt(object.object, "spec"), "template"));
    const at = listAt(pod.spec, "containers").findIndex(
      (one) => textAt(one, "name") === "istio-proxy" && textAt(one, "image") === "auto",
    );
    if (at < 0) return;
    // A Pod that is there should have its image; one in a file is injected when it is created.
    const isCreated = isPod && (world.settings.isExactlyIstio || object.origin.from === "live");
    if (!isCreated && isInjected(world, pod)) return;
    const spec = isPod ? ["spec"] : ["spec", "template", "spec"];
    yield {
      code: isPod ? "IST0147" : "IST0146",
      message: say("No injection webhook selects {0}, so the image auto stays", object.name),
      path: [...spec, "containers", at, "image"],
    };
  },
};

interface Selectors {
  readonly namespaces: LabelSelector;
  readonly pods: LabelSelector;
}

const webhooks = defineQuery((world): readonly Selectors[] =>
  world.all(kinds.MutatingWebhookConfiguration).flatMap(({ object }) =>
    listAt(object, "webhooks")
      .filter((webhook) => (textAt(webhook, "name") ?? "").endsWith("istio.io"))
      .map((webhook) => ({
        namespaces: parseLabelSelector(fieldsOf(webhook)["namespaceSelector"]),
        pods: parseLabelSelector(fieldsOf(webhook)["objectSelector"]),
      })),
  ),
);

function isInjected(world: World, pod: PodLike): boolean {
  const namespace = pod.namespace === "" ? "default" : pod.namespace;
  const labels = labelsOfNamespace(world, namespace) ?? {};
  const known = world.ask(webhooks);
  // Files rarely hold the webhooks; the labels that they usually ask for decide then.
  if (known.length === 0 && !world.settings.isExactlyIstio) {
    return wantsInjection(
      {
        namespace,
        namespaceLabels: labels,
        labels: pod.labels,
        injectAnnotation: pod.annotations["sidecar.istio.io/inject"],
        usesHostNetwork: false,
      },
      undefined,
    );
  }
  return known.some(({ namespaces, pods }) => matchesSelector(namespaces, labels) && matchesSelector(pods, pod.labels));
}
