import { kinds } from "../../kinds.ts";
import { ambientPolicyRule } from "./policyRule.ts";

export const ambientAuthorization = ambientPolicyRule({
  name: "kialiAmbientAuthorization",
  kind: kinds.AuthorizationPolicy,
  notEnrolled: "KIA0109",
  noTarget: "KIA0110",
  subject: "AuthorizationPolicy for requests",
});
