import type { Rule } from "../rule.ts";
import { ambientAuthentication } from "./ambient/ambientAuthentication.ts";
import { ambientAuthorization } from "./ambient/ambientAuthorization.ts";
import { ambientPlugin } from "./ambient/ambientPlugin.ts";
import { ambientTelemetry } from "./ambient/ambientTelemetry.ts";
import { identityNeedsMtls } from "./authorization/identityNeedsMtls.ts";
import { methods } from "./authorization/methods.ts";
import { operationHosts } from "./authorization/operationHosts.ts";
import { principals } from "./authorization/principals.ts";
import { sourceNamespaces } from "./authorization/sourceNamespaces.ts";
import { ambientDestinationRule } from "./destinationrule/ambientDestinationRule.ts";
import { hostFound } from "./destinationrule/hostFound.ts";
import { sameHostAndSubset } from "./destinationrule/sameHostAndSubset.ts";
import { subsetLabels } from "./destinationrule/subsetLabels.ts";
import { tlsDisabled } from "./destinationrule/tlsDisabled.ts";
import { tlsOverridden } from "./destinationrule/tlsOverridden.ts";
import { tlsWithoutPeers } from "./destinationrule/tlsWithoutPeers.ts";
import { sameHostAndPort } from "./gateway/sameHostAndPort.ts";
import { selectorMatches } from "./gateway/selectorMatches.ts";
import { exportedTo } from "./generic/exportedTo.ts";
import { noWorkload } from "./generic/noWorkload.ts";
import { sameWorkload } from "./generic/sameWorkload.ts";
import { severalWithoutSelector } from "./generic/severalWithoutSelector.ts";
import { k8sgatewayRules } from "./k8sgateway/rules.ts";
import { disabledAgainstRules } from "./peerauthentication/disabledAgainstRules.ts";
import { strictWithoutRules } from "./peerauthentication/strictWithoutRules.ts";
import { containerPorts } from "./service/containerPorts.ts";
import { portNames } from "./service/portNames.ts";
import { sameEntry } from "./serviceentry/sameEntry.ts";
import { egressHosts } from "./sidecar/egressHosts.ts";
import { outboundMode } from "./sidecar/outboundMode.ts";
import { rootSelector } from "./sidecar/rootSelector.ts";
import { ambientVirtualService } from "./virtualservice/ambientVirtualService.ts";
import { destinationHost } from "./virtualservice/destinationHost.ts";
import { gatewayNames } from "./virtualservice/gatewayNames.ts";
import { sameDestination } from "./virtualservice/sameDestination.ts";
import { sameHost } from "./virtualservice/sameHost.ts";
import { singleWeight } from "./virtualservice/singleWeight.ts";
import { subsetFound } from "./virtualservice/subsetFound.ts";
import { dataPlaneLabels } from "./workload/dataPlaneLabels.ts";
import { uncovered } from "./workload/uncovered.ts";
import { workloadWaypoint } from "./workload/workloadWaypoint.ts";
import { sameLabels } from "./workloadgroup/sameLabels.ts";
import { serviceAccount } from "./workloadgroup/serviceAccount.ts";

/** Kiali's checks, in the order of their codes as far as one rule gives several. */
export const kialiRules: readonly Rule[] = [
  severalWithoutSelector,
  sameWorkload,
  noWorkload,
  exportedTo,
  sourceNamespaces,
  methods,
  operationHosts,
  identityNeedsMtls,
  principals,
  ambientAuthorization,
  sameHostAndSubset,
  hostFound,
  subsetLabels,
  tlsOverridden,
  tlsWithoutPeers,
  tlsDisabled,
  ambientDestinationRule,
  sameHostAndPort,
  selectorMatches,
  strictWithoutRules,
  disabledAgainstRules,
  portNames,
  containerPorts,
  egressHosts,
  rootSelector,
  outboundMode,
  destinationHost,
  gatewayNames,
  singleWeight,
  sameDestination,
  sameHost,
  subsetFound,
  ambientVirtualService,
  ambientAuthentication,
  ambientPlugin,
  ambientTelemetry,
  sameEntry,
  ...k8sgatewayRules,
  uncovered,
  dataPlaneLabels,
  workloadWaypoint,
  serviceAccount,
  sameLabels,
];
