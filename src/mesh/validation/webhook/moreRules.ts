import type { Rule } from "../rule.ts";
import { authorizationPolicy } from "./authorizationPolicy.ts";
import { peerAuthentication, requestAuthentication } from "./authentication.ts";
import { envoyFilter } from "./envoyFilter.ts";
import { trafficExtension, wasmPlugin } from "./extensions.ts";
import { telemetry } from "./telemetry.ts";
import { proxyConfig, workloadGroup } from "./workloadGroup.ts";

/** The kinds beside traffic. */
export const moreWebhookRules: readonly Rule[] = [
  authorizationPolicy,
  envoyFilter,
  peerAuthentication,
  proxyConfig,
  requestAuthentication,
  telemetry,
  trafficExtension,
  wasmPlugin,
  workloadGroup,
];
