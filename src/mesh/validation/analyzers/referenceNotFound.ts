import type { CodeInfo } from "../rule.ts";

/** IST0101, which many analyzers give. */
export const referenceNotFound: CodeInfo = {
  code: "IST0101",
  severity: "error",
  title: "Referenced resource not found",
  explanation:
    "What is referred to here does not exist, or not under this name. Correct the name, or create what is missing.",
  source: "istio/istio pkg/config/analysis/msg/messages.yaml, ReferencedResourceNotFound",
};
