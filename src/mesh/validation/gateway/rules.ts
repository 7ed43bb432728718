import type { Rule } from "../rule.ts";
import { gatewayAddresses } from "./addressRule.ts";
import { backendPolicies } from "./backendPolicyRule.ts";
import { gatewayListeners } from "./listenerRule.ts";
import { listenerSets } from "./listenerSetRule.ts";
import { routeBackends } from "./routeBackendRule.ts";
import { routeParents } from "./routeParentRule.ts";

/** What istiod would write into the status of Gateway API objects, on the fields that decide it. */
export const gatewayRules: readonly Rule[] = [
  gatewayAddresses,
  gatewayListeners,
  listenerSets,
  routeParents,
  routeBackends,
  backendPolicies,
];
