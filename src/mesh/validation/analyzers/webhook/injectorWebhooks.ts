import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import { isIstioConfiguration, overlapsOf } from "./webhookOverlap.ts";

/** Injection webhooks that meet the same pods, or that call a Service that is not there. */
export const injectorWebhooks: Rule = {
  name: "webhook.Analyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0139",
      severity: "error",
      title: "Injection webhook that cannot work",
      explanation:
        "Either two webhooks would inject the same pods, or the Service of a webhook does not exist, so that creating " +
        "pods fails. Make the selectors differ, or install the control plane that the webhook is for.",
      source: "MutatingWebhookConfiguration webhooks[]; Istio's analyzers/webhook/webhook.go",
    },
  ],
  kinds: [kinds.MutatingWebhookConfiguration],
  reads: [kinds.MutatingWebhookConfiguration, kinds.Service],
  *check(object, world) {
    if (!isIstioConfiguration(object)) return;
    for (const [at, webhook] of listAt(object.object, "webhooks").entries()) {
      for (const others of overlapping(world, `${object.name}/${textAt(webhook, "name") ?? ""}`)) {
        const message = say("Would inject the same pods as {0}", others.join(", "));
        yield { code: "IST0139", message, path: ["webhooks", at, "name"] };
      }
      const service = fieldsAt(fieldsAt(webhook, "clientConfig"), "service");
      if (Object.keys(service).length === 0) continue;
      const [namespace, name] = [textAt(service, "namespace") ?? "", textAt(service, "name") ?? ""];
      if (world.get(kinds.Service, namespace, name) !== undefined) continue;
      yield {
        code: "IST0139",
        message: say("Calls the Service {0}, which is not there", `${namespace}/${name}`),
        path: ["webhooks", at, "clientConfig", "service", "name"],
        missingIn: namespace,
        missingKind: kinds.Service,
      };
    }
  },
};

// Istio tells each set of others; one message with all of them says as much.
function overlapping(world: World, id: string): readonly (readonly string[])[] {
  const sets = world.ask(overlapsOf, id);
  if (world.settings.isExactlyIstio || sets.length === 0) return sets;
  return [[...new Set(sets.flat())].sort()];
}
