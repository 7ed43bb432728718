import type { Rule } from "../rule.ts";
import { caCertificate } from "./destinationrule/caCertificate.ts";
import { subsetSelectPod } from "./destinationrule/subsetSelectPod.ts";
import { envoyPatch } from "./envoyfilter/envoyPatch.ts";
import { certificate } from "./gateway/certificate.ts";
import { conflictingGateway } from "./gateway/conflictingGateway.ts";
import { ingressGatewayPort } from "./gateway/ingressGatewayPort.ts";
import { secret } from "./gateway/secret.ts";
import { restRules } from "./restRules.ts";
import { addressesRequired } from "./serviceentry/addressesRequired.ts";
import { conflictingProtocol } from "./serviceentry/conflictingProtocol.ts";
import { selector } from "./sidecar/selector.ts";
import { conflictingMeshGatewayHosts } from "./virtualservice/conflictingMeshGatewayHosts.ts";
import { destinationHost } from "./virtualservice/destinationHost.ts";
import { destinationRule } from "./virtualservice/destinationRule.ts";
import { gateway } from "./virtualservice/gateway.ts";
import { jwtClaimRoute } from "./virtualservice/jwtClaimRoute.ts";

/** All analyzers of istioctl, but for those of schemas, which are the layer `webhook`. */
export const analyzerRules: readonly Rule[] = [
  addressesRequired,
  caCertificate,
  certificate,
  conflictingGateway,
  conflictingMeshGatewayHosts,
  conflictingProtocol,
  destinationHost,
  destinationRule,
  envoyPatch,
  gateway,
  ingressGatewayPort,
  jwtClaimRoute,
  secret,
  selector,
  subsetSelectPod,
  ...restRules,
];
