import type { Rule } from "../rule.ts";
import { alphaAnnotations } from "./annotations/alphaAnnotations.ts";
import { k8sAnnotations } from "./annotations/k8sAnnotations.ts";
import { applicationUid } from "./applicationuid/applicationUid.ts";
import { blockedCidrs } from "./authn/blockedCidrs.ts";
import { authorizationPolicies } from "./authz/authorizationPolicies.ts";
import { negativeConditions } from "./conditions/negativeConditions.ts";
import { multiService } from "./deployment/multiService.ts";
import { deprecated } from "./deprecation/deprecated.ts";
import { externalControlPlane } from "./externalcontrolplane/externalControlPlane.ts";
import { imageAuto } from "./injection/imageAuto.ts";
import { namespaceInjection } from "./injection/namespaceInjection.ts";
import { proxyImage } from "./injection/proxyImage.ts";
import { crdVersion } from "./k8sgateway/crdVersion.ts";
import { gatewaySelector } from "./k8sgateway/selector.ts";
import { meshNetworks } from "./meshnetworks/meshNetworks.ts";
import { multiClusterService } from "./services/multiClusterService.ts";
import { portName } from "./services/portName.ts";
import { defaultSelector } from "./telemetry/defaultSelector.ts";
import { lightstep } from "./telemetry/lightstep.ts";
import { provider } from "./telemetry/provider.ts";
import { selector } from "./telemetry/selector.ts";
import { injectorWebhooks } from "./webhook/injectorWebhooks.ts";

/** Istio's analyzers of all but traffic. */
export const restRules: readonly Rule[] = [
  k8sAnnotations,
  alphaAnnotations,
  applicationUid,
  authorizationPolicies,
  blockedCidrs,
  crdVersion,
  defaultSelector,
  deprecated,
  externalControlPlane,
  gatewaySelector,
  imageAuto,
  injectorWebhooks,
  lightstep,
  meshNetworks,
  multiClusterService,
  multiService,
  namespaceInjection,
  negativeConditions,
  portName,
  provider,
  proxyImage,
  selector,
];
