import { notEmitted } from "../../../src/mesh/validation/analyzers/notEmitted.ts";
import { catalogue, type CataloguedCode } from "../../../src/mesh/validation/catalogue.ts";
import { docsOf } from "../../../src/mesh/validation/engine/docs.ts";
import { layers, type Layer } from "../../../src/mesh/validation/finding.ts";
import { kialiTable } from "../../../src/mesh/validation/kiali/table.ts";
import { ruleFixtures, type RuleFixture } from "./ruleFixture.ts";

const introductions: Readonly<Record<Layer, string>> = {
  yaml: "How kubectl reads the text, and where that surprises.",
  schema: "What the API server refuses for its structure: the kind's OpenAPI schema, unknown fields included.",
  cel: "What the API server refuses by the rules (CEL) in the kind's schema.",
  webhook: "What istiod's admission webhook refuses or warns of.",
  analyzer: "What `istioctl analyze` tells. Foreyard runs all of its analyzers, also those that it skips on files.",
  gateway: "What istiod would write into the status of Gateway API objects.",
  kiali: "What only Kiali checks.",
  foreyard: "What no other tool tells.",
};

/** docs/rules.md as text. */
export function rulesPage(): string {
  const codes = catalogue();
  const fixtures = ruleFixtures();
  return [
    "# Rules",
    "",
    `Foreyard has ${codes.length} codes in ${layers.length} layers, in the order in which a cluster would apply them. The`,
    "same cause found by several layers is shown once, by the first of them. This page is generated from the rules and from",
    "the examples that the tests run.",
    "",
    ...layers.flatMap((layer) => layerLines(layer, codes, fixtures)),
    ...kialiLines(),
    ...notEmittedLines(),
    "",
  ].join("\n");
}

function layerLines(
  layer: Layer,
  codes: readonly CataloguedCode[],
  fixtures: readonly RuleFixture[],
): readonly string[] {
  const own = codes.filter((code) => code.layer === layer);
  return [
    `## Layer \`${layer}\``,
    "",
    introductions[layer],
    "",
    "| code | severity | what |",
    "| --- | --- | --- |",
    ...own.map(({ code, severity, title }) => `| [${code}](#${code.toLowerCase()}) | ${severity} | ${cell(title)} |`),
    "",
    ...own.flatMap((code) => codeLines(code, fixtures)),
  ];
}

function codeLines(info: CataloguedCode, fixtures: readonly RuleFixture[]): readonly string[] {
  const { code, title, severity, explanation, source, rules, layer, isOffByDefault } = info;
  const example = (isFiring: boolean) => fixtures.find((one) => one.code === code && one.isFiring === isFiring);
  const facts = [
    `Severity: ${severity}${isOffByDefault === true ? ", off unless asked for" : ""}.`,
    layer === "analyzer" ? `Analyzer: ${rules.map((name) => `\`${name}\``).join(", ")}.` : "",
    `Source: ${cell(source)}.`,
    code.startsWith("FY") ? "" : `[Its own page](${docsOf(code)}).`,
  ].filter((text) => text !== "");
  return [
    `### ${code}`,
    "",
    `**${cell(title)}.** ${cell(explanation)}.`,
    "",
    facts.join(" "),
    "",
    ...exampleLines("Gives it", example(true)),
    ...exampleLines("Does not", example(false)),
  ];
}

function exampleLines(title: string, fixture: RuleFixture | undefined): readonly string[] {
  if (fixture === undefined) return [];
  return [`${title}:`, "", "```yaml", fixture.text.trimEnd(), "```", ""];
}

function kialiLines(): readonly string[] {
  return [
    "## Kiali's codes",
    "",
    `All ${kialiTable.length} of them.`,
    "",
    "| code | what | here | why |",
    "| --- | --- | --- | --- |",
    ...kialiTable.map(({ code, title, state, to, why }) => {
      const here = state === "mapped" ? (to ?? []).map((one) => `[${one}](#${one.toLowerCase()})`).join(", ") : state;
      return `| ${code} | ${cell(title)} | ${here} | ${cell(why)} |`;
    }),
    "",
  ];
}

function notEmittedLines(): readonly string[] {
  return [
    "## Istio's codes that no analyzer gives",
    "",
    "| code | what | why it is not here |",
    "| --- | --- | --- |",
    ...notEmitted.map(({ code, title, why }) => `| ${code} | ${cell(title)} | ${cell(why)} |`),
  ];
}

/** Text in a table or a paragraph: angle brackets and bars are signs of Markdown. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;").replaceAll("\n", " ").replace(/\.$/u, "");
}
