import type { Rule } from "../rule.ts";

/** The kinds beside traffic. */
export const moreWebhookRules: readonly Rule[] = [];
