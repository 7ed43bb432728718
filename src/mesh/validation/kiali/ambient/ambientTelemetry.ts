import { kinds } from "../../kinds.ts";
import { ambientPolicyRule } from "./policyRule.ts";

export const ambientTelemetry = ambientPolicyRule({
  name: "kialiAmbientTelemetry",
  kind: kinds.Telemetry,
  notEnrolled: "KIA1112",
  noTarget: "KIA1117",
  subject: "Telemetry of requests",
});
