import type { CodeInfo } from "../../rule.ts";

const source = (name: string): string => `istio/istio pkg/config/analysis/msg/messages.yaml, ${name}`;

export const envoyPatchCodes: readonly CodeInfo[] = [
  {
    code: "IST0151",
    severity: "warning",
    title: "Patch depends on the order of filters",
    explanation:
      "The operation works only if what it refers to is there already, and without a priority the order of EnvoyFilters is by their age. Set a priority, or use INSERT_FIRST or ADD.",
    source: source("EnvoyFilterUsesRelativeOperation"),
  },
  {
    code: "IST0152",
    severity: "error",
    title: "REPLACE where it does nothing",
    explanation: "REPLACE is for HTTP_FILTER and NETWORK_FILTER only.",
    source: source("EnvoyFilterUsesReplaceOperationIncorrectly"),
  },
  {
    code: "IST0153",
    severity: "error",
    title: "ADD where it does nothing",
    explanation: "ADD is ignored for ROUTE_CONFIGURATION and HTTP_ROUTE.",
    source: source("EnvoyFilterUsesAddOperationIncorrectly"),
  },
  {
    code: "IST0154",
    severity: "error",
    title: "REMOVE where it does nothing",
    explanation: "REMOVE is ignored for ROUTE_CONFIGURATION and HTTP_ROUTE.",
    source: source("EnvoyFilterUsesRemoveOperationIncorrectly"),
  },
  {
    code: "IST0155",
    severity: "warning",
    title: "Patch depends on one for a proxy version",
    explanation:
      "The operation refers to what another patch adds for one proxy version only, so it stops working during an upgrade. Set a priority, or use INSERT_FIRST or ADD.",
    source: source("EnvoyFilterUsesRelativeOperationWithProxyVersion"),
  },
];
