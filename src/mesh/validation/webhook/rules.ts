import type { Rule } from "../rule.ts";
import { destinationRule } from "./destinationRule.ts";
import { gateway } from "./gateway.ts";
import { moreWebhookRules } from "./moreRules.ts";
import { serviceEntry } from "./serviceEntry.ts";
import { sidecar } from "./sidecar.ts";
import { virtualService } from "./virtualService.ts";
import { workloadEntry } from "./workloadEntry.ts";

/** istiod's own validation, a rule for each kind. */
export const webhookRules: readonly Rule[] = [
  destinationRule,
  gateway,
  serviceEntry,
  sidecar,
  virtualService,
  workloadEntry,
  ...moreWebhookRules,
];
