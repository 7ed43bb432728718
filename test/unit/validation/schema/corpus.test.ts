import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import { celRules } from "../../../../src/mesh/validation/cel/rules.ts";
import { loadSchemas } from "../../../../src/mesh/validation/schema/bundledSchemas.ts";
import { schemaRules } from "../../../../src/mesh/validation/schema/rules.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { corpusCases, schemaCorpusText } from "../../../support/corpus.ts";
import { findingsOf, worldOf, type FoundIn } from "../../../support/validation/worldOf.ts";

interface Case {
  readonly id: string;
  readonly file: string;
  readonly docIndex: number;
  readonly valid: boolean;
  readonly layer: "crd" | "webhook" | "both";
  readonly crdErrors: readonly { readonly path: string }[];
}

await loadSchemas();
const cases = corpusCases("schema", 456) as readonly Case[];

/** Where the corpus and the definitions at hand disagree, and why. */
const disagreements: ReadonlyMap<string, string> = new Map([
  ["crd/istio-reqauth-valid#0-full", "The field presence stands in none of the definitions that Foreyard has."],
  [
    "go/TestValidateHTTPRoute#026-null-header-match",
    "The API server drops a null from a map before it checks types (apiextensions-apiserver, prunenulls.go).",
  ],
]);

function optionsOf({ id }: Case): { readonly skip?: string } {
  const skip = disagreements.get(id);
  return skip === undefined ? {} : { skip };
}

function findings({ file, docIndex }: Case): readonly FoundIn[] {
  const store = worldOf([{ name: file, text: schemaCorpusText(file) }], { istioVersion: "1.32-dev" });
  return findingsOf([...schemaRules, ...celRules], store).filter(({ object: { origin }, info }) => {
    const isError = info.severity === "error";
    return isError && origin.from === "file" && origin.document.index === docIndex;
  });
}

function told(found: readonly FoundIn[]): string {
  return found.map(({ finding }) => `${pathText(finding.path)}: ${fill(finding.message)}`).join("\n");
}

describe("The schema corpus, as the API server judges it", () => {
  for (const one of cases.filter(({ layer }) => layer === "crd")) {
    test(`${one.id} is ${one.valid ? "accepted" : "refused"}`, optionsOf(one), () => {
      const found = findings(one);
      assert.equal(found.length === 0, one.valid, told(found));
    });
  }

  for (const one of cases.filter(({ layer }) => layer !== "crd")) {
    test(
      `${one.id} has ${one.crdErrors.length === 0 ? "nothing" : "something"} that the schema or its rules refuse`,
      optionsOf(one),
      () => {
        const found = findings(one);
        assert.equal(found.length === 0, one.crdErrors.length === 0, told(found));
      },
    );
  }
});
