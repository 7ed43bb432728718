import { yamlCodes } from "../yaml/codes.ts";
import { analyzerRules } from "./analyzers/rules.ts";
import { celRules } from "./cel/rules.ts";
import { ruleFault } from "./engine/runRules.ts";
import type { Layer } from "./finding.ts";
import { foreyardRules } from "./foreyard/rules.ts";
import { gatewayRules } from "./gateway/rules.ts";
import { kialiRules } from "./kiali/rules.ts";
import type { CodeInfo, Rule } from "./rule.ts";
import { schemaRules } from "./schema/rules.ts";
import { webhookRules } from "./webhook/rules.ts";

/** Every rule that Foreyard has, in the order of the layers. */
export const allRules: readonly Rule[] = [
  ...schemaRules,
  ...celRules,
  ...webhookRules,
  ...analyzerRules,
  ...gatewayRules,
  ...kialiRules,
  ...foreyardRules,
];

/** A code with who gives it. */
export interface CataloguedCode extends CodeInfo {
  readonly layer: Layer;
  /** The rules that give it; Istio's names for the layer `analyzer`. */
  readonly rules: readonly string[];
}

/** All codes, each once, in the order of the layers. A code of several rules is told as the first tells it. */
export function catalogue(rules: readonly Rule[] = allRules): readonly CataloguedCode[] {
  const codes = new Map<string, CataloguedCode>();
  const put = (info: CodeInfo, layer: Layer, rule: string): void => {
    const known = codes.get(info.code);
    codes.set(info.code, { ...info, layer, ...known, rules: [...(known?.rules ?? []), rule] });
  };
  for (const info of yamlCodes) put(info, "yaml", "yaml");
  put(ruleFault, "foreyard", "engine");
  for (const rule of rules) for (const info of rule.codes) put(info, rule.layer, rule.name);
  return [...codes.values()];
}
