import type { Rule } from "../../rule.ts";
import { gatewayClass } from "./gatewayClass.ts";
import { grantNamespace } from "./grantNamespace.ts";
import { liveStatus } from "./liveStatus.ts";
import { routeGateway } from "./routeGateway.ts";
import { routeService } from "./routeService.ts";
import { sameListener } from "./sameListener.ts";

/** Kiali's checks of Gateway API objects. */
export const k8sgatewayRules: readonly Rule[] = [
  routeGateway,
  routeService,
  sameListener,
  gatewayClass,
  liveStatus,
  grantNamespace,
];
