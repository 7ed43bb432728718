import type { Rule } from "../rule.ts";
import { capturedHost } from "./capturedHost.ts";
import { proxyClusterId, sharedClusterId } from "./clusterIdentity.ts";
import { delegateRules } from "./delegateRules.ts";
import { destinationPort } from "./destinationPort.ts";
import { duplicateObject } from "./duplicateObject.ts";
import { gatewayPorts } from "./gatewayPorts.ts";
import { gatewaySecrets } from "./gatewaySecrets.ts";
import { outdatedProxy } from "./outdatedProxy.ts";
import { regexes } from "./regexes.ts";
import { removedLabels } from "./removedLabels.ts";
import { missingRemoteSecret, unusableRemoteSecret } from "./remoteSecrets.ts";
import { sameMatch } from "./sameMatch.ts";
import { servicesRoute } from "./servicesRoute.ts";
import { shadowedAtGateway } from "./shadowedAtGateway.ts";
import { sharedCertificate } from "./sharedCertificate.ts";
import { sharedRoot } from "./sharedRoot.ts";
import { shortHost } from "./shortHost.ts";
import { staleStatus } from "./staleStatus.ts";
import { subsetTls } from "./subsetTls.ts";
import { targetRefs } from "./targetRefs.ts";
import { unreachableRoute } from "./unreachableRoute.ts";
import { unusedSubset } from "./unusedSubset.ts";
import { wasmModule } from "./wasmPlugin.ts";
import { wasmSelector } from "./wasmSelector.ts";

/** Foreyard's own checks: what no other layer looks for. */
export const foreyardRules: readonly Rule[] = [
  duplicateObject,
  regexes,
  unreachableRoute,
  shadowedAtGateway,
  sameMatch,
  unusedSubset,
  capturedHost,
  servicesRoute,
  delegateRules,
  shortHost,
  destinationPort,
  gatewayPorts,
  outdatedProxy,
  sharedCertificate,
  gatewaySecrets,
  subsetTls,
  sharedClusterId,
  proxyClusterId,
  missingRemoteSecret,
  unusableRemoteSecret,
  sharedRoot,
  removedLabels,
  wasmSelector,
  wasmModule,
  targetRefs,
  staleStatus,
];
