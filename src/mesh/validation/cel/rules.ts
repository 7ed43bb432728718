import type { Rule } from "../rule.ts";

export const celRules: readonly Rule[] = [];
