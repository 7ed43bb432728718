import { say } from "../../../message.ts";
import type { RuleFinding } from "../../finding.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { annotatedKinds, judgedMetadata, templateKinds, type JudgedMetadata } from "./judged.ts";
import { isIstioAnnotation, knownAnnotations } from "./registry.ts";
import { annotationFault } from "./values.ts";

const injectKey = "sidecar.istio.io/inject";
const source = "istio.io/api annotation/annotations.yaml; Istio's analyzers/annotations/annotations.go";

/** Annotations of Istio that are unknown, on the wrong kind, deprecated, or have a bad value. */
export const k8sAnnotations: Rule = {
  name: "annotations.K8sAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0107",
      severity: "warning",
      title: "Annotation on the wrong kind",
      explanation: "Istio reads this annotation on other kinds only; here it has no effect. Move it there.",
      source,
    },
    {
      code: "IST0108",
      severity: "warning",
      title: "Unknown annotation of Istio",
      explanation: "Istio has no annotation of this name, so it has no effect. Look for a slip in its spelling.",
      source,
    },
    {
      code: "IST0125",
      severity: "warning",
      title: "Bad value of an annotation",
      explanation: "The injector refuses the value, so that Pods with it are not created or get no proxy.",
      source: "Istio's pkg/kube/inject/validate.go",
    },
    {
      code: "IST0135",
      severity: "info",
      title: "Deprecated annotation",
      explanation: "A coming Istio may ignore the annotation. Use what its documentation names in its place.",
      source,
    },
  ],
  kinds: [...annotatedKinds, ...templateKinds],
  reads: [],
  *check(object, world) {
    for (const metadata of judgedMetadata(object, world)) {
      for (const [name, value] of Object.entries(metadata.annotations)) {
        if (isIstioAnnotation(name)) yield* findings(metadata, name, value);
      }
    }
  },
};

function* findings(metadata: JudgedMetadata, name: string, value: string): Generator<RuleFinding> {
  const known = knownAnnotations.get(name);
  const path = [...metadata.path, name];
  if (known === undefined) {
    const message = say("Istio has no annotation {0}", name);
    yield { code: "IST0108", message, path, at: "key", tags: ["unnecessary"] };
    return;
  }
  if (known.isDeprecated && !(name === injectKey && Object.hasOwn(metadata.labels, name))) {
    const message =
      name === injectKey
        ? say("The annotation {0} is deprecated; set the label of that name", name)
        : say("The annotation {0} is deprecated", name);
    yield { code: "IST0135", message, path, at: "key", tags: ["deprecated"] };
  }
  if (known.resources.includes("Any")) return;
  if (!known.resources.includes(metadata.resource)) {
    const kinds = known.resources.join(", ");
    const message = say("The annotation {0} has an effect on {1} only, not on {2}", name, kinds, metadata.resource);
    yield { code: "IST0107", message, path, at: "key", tags: ["unnecessary"] };
    return;
  }
  const message = annotationFault(name, value);
  if (message !== undefined) yield { code: "IST0125", message, path, problem: problems.badValue };
}
