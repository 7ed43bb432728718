import { kinds } from "../../kinds.ts";
import { ambientPolicyRule } from "./policyRule.ts";

export const ambientAuthentication = ambientPolicyRule({
  name: "kialiAmbientAuthentication",
  kind: kinds.RequestAuthentication,
  notEnrolled: "KIA1110",
  noTarget: "KIA1115",
  subject: "RequestAuthentication",
});
