import type { Rule } from "../rule.ts";
import { structure } from "./structure.ts";

export const schemaRules: readonly Rule[] = [structure];
