import { say } from "../../../message.ts";
import { listAt, fieldsAt, textAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { annotatedKinds, judgedMetadata, templateKinds } from "./judged.ts";
import { isIstioAnnotation, knownAnnotations } from "./registry.ts";

// The injector itself sets these where the CNI plugin redirects.
const setByInjector: ReadonlySet<string> = new Set([
  "sidecar.istio.io/interceptionMode",
  "traffic.sidecar.istio.io/includeInboundPorts",
  "traffic.sidecar.istio.io/excludeInboundPorts",
  "traffic.sidecar.istio.io/includeOutboundIPRanges",
]);

/** Annotations of features that Istio may still change. */
export const alphaAnnotations: Rule = {
  name: "annotations.AlphaAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0136",
      severity: "info",
      title: "Annotation of an alpha feature",
      explanation: "The feature behind the annotation may change or go away with any release of Istio.",
      source: "istio.io/api annotation/annotations.yaml; Istio's analyzers/maturity/maturity.go",
      isOffByDefault: true,
    },
  ],
  kinds: [...annotatedKinds, ...templateKinds],
  reads: [],
  *check(object, world) {
    const isByCni = object.kind === kinds.Pod && !hasIstioInit(object);
    for (const { annotations, path } of judgedMetadata(object, world)) {
      for (const name of Object.keys(annotations)) {
        if (!isIstioAnnotation(name) || (isByCni && setByInjector.has(name))) continue;
        if (knownAnnotations.get(name)?.stage !== "Alpha") continue;
        const message = say("The annotation {0} belongs to an alpha feature", name);
        yield { code: "IST0136", message, path: [...path, name], at: "key" };
      }
    }
  },
};

function hasIstioInit({ object }: WorldObject): boolean {
  return listAt(fieldsAt(object, "spec"), "initContainers").some((one) => textAt(one, "name") === "istio-init");
}
