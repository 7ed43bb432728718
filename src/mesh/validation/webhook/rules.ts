import type { Rule } from "../rule.ts";

export const webhookRules: readonly Rule[] = [];
