import type { Rule } from "../rule.ts";
import { definitionRules } from "./definitionRules.ts";

export const celRules: readonly Rule[] = [definitionRules];
