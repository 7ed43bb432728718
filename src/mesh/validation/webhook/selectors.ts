import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isDnsLabel } from "../values/names.ts";
import { checkNotEmpty } from "./scalars.ts";
import type { Field } from "./field.ts";

// What several kinds share: which workloads and namespaces they are for (istio-analysis, 5.0).

/** `exportTo`. @param isServiceEntry Allows "~", which exports to nobody. */
export function checkExportTo(spec: Field, namespace: string, isServiceEntry: boolean): void {
  const entries = spec.list("exportTo");
  const seen = new Set<string>();
  for (const entry of entries) {
    const resolved = entry.text === "." ? namespace : entry.text;
    if (seen.has(resolved)) entry.error(say("{0} is in exportTo twice", entry.text));
    seen.add(resolved);
    const isSign = entry.text === "." || entry.text === "*" || (isServiceEntry && entry.text === "~");
    if (!isSign && !isDnsLabel(entry.text)) {
      entry.error(say("{0} is neither a namespace nor one of . and *", entry.text), { problem: problems.badName });
    }
  }
  for (const wide of entries.filter(({ text }) => text === "*" || text === "~")) {
    if (entries.length > 1) wide.error(say("{0} cannot stand beside other namespaces", wide.text));
  }
}

/** istio.type.v1beta1.WorkloadSelector: `selector`, and `workloadSelector` of a DestinationRule. */
export function checkSelector(selector: Field): void {
  if (!selector.isSet) return;
  const labels = selector.at("matchLabels").entries;
  if (labels.length === 0) selector.warn(say("A selector without labels selects every workload"));
  for (const [key, value] of labels) {
    if (key === "") value.error(say("A label needs a key"), { at: "key", problem: problems.badName });
    if (key.includes("*"))
      value.error(say("* is not allowed in a label's key"), { at: "key", problem: problems.badName });
    if (value.text.includes("*"))
      value.error(say("* is not allowed in a label's value"), { problem: problems.badValue });
  }
}

/** `workloadSelector` (istio.networking.v1alpha3.WorkloadSelector). False: Istio looks no further. */
export function checkWorkloadSelector(spec: Field): boolean {
  const selector = spec.at("workloadSelector");
  if (!selector.isSet) return true;
  const labels = selector.at("labels").entries;
  let isFine = true;
  for (const [key, value] of labels) {
    const bad = key === "" || key.includes("*") || value.text.includes("*");
    if (!bad) continue;
    isFine = false;
    const at = value.text.includes("*") ? "value" : "key";
    value.error(say("A label of a selector has a key, and no * in it"), { at, problem: problems.badValue });
  }
  if (isFine && labels.length === 0) {
    selector.warn(say("A selector without labels applies to every workload of the namespace"));
  }
  return isFine;
}

const targets = new Set([
  "/Service",
  "core/Service",
  "networking.istio.io/ServiceEntry",
  "gateway.networking.k8s.io/Gateway",
  "gateway.networking.k8s.io/GatewayClass",
]);

/** At most one of `selector`, `targetRef` and `targetRefs`, and what they refer to. */
export function checkTargets(spec: Field, hasSingular = true): void {
  const names = ["selector", ...(hasSingular ? ["targetRef"] : []), "targetRefs"].filter((name) =>
    name === "targetRefs" ? spec.isFilled(name) : spec.has(name),
  );
  const [first, second] = names;
  if (first !== undefined && second !== undefined) {
    spec.at(second).error(say("Only one of {0} can be set", names.join(", ")), {
      at: "key",
      problem: problems.conflictingFields,
    });
  }
  const refs = [...(hasSingular && spec.has("targetRef") ? [spec.at("targetRef")] : []), ...spec.list("targetRefs")];
  for (const ref of refs) {
    checkNotEmpty(ref.at("name"));
    if (ref.textAt("namespace") !== "") {
      ref
        .at("namespace")
        .error(say("A target is in the policy's own namespace"), { at: "key", problem: problems.badValue });
    }
    const target = `${ref.textAt("group")}/${ref.textAt("kind")}`;
    if (!targets.has(target))
      ref.at("kind").error(say("{0} cannot be a target", target), { problem: problems.badValue });
  }
  checkSelector(spec.at("selector"));
}
