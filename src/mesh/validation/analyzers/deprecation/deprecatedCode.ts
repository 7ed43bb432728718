import type { CodeInfo } from "../../rule.ts";

export const deprecatedCode: CodeInfo = {
  code: "IST0002",
  severity: "warning",
  title: "Deprecated field or kind",
  explanation: "Istio ignores it, or will in a coming release. Use what took its place.",
  source: "Istio's analyzers/deprecation/deprecation.go and analyzers/telemetry/lightstep.go",
};
