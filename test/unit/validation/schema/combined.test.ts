import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import { celRules } from "../../../../src/mesh/validation/cel/rules.ts";
import { loadSchemas } from "../../../../src/mesh/validation/schema/bundledSchemas.ts";
import { schemaRules } from "../../../../src/mesh/validation/schema/rules.ts";
import { webhookRules } from "../../../../src/mesh/validation/webhook/rules.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { corpusCases, schemaCorpusText } from "../../../support/corpus.ts";
import { findingsOf, worldOf, type FoundIn } from "../../../support/validation/worldOf.ts";

interface Case {
  readonly id: string;
  readonly file: string;
  readonly docIndex: number;
  readonly valid: boolean;
  readonly expectedErrorFragment: string | null;
  readonly layer: "crd" | "webhook" | "both";
  readonly crdErrors: readonly { readonly path: string }[];
  readonly needsEnvoyProto?: boolean;
}

await loadSchemas();
const cases = corpusCases("schema", 456) as readonly Case[];

/** Cases that cannot be judged here, and why. */
const notJudged: ReadonlyMap<string, string> = new Map([
  ["crd/istio-reqauth-valid#0-full", "The field presence is newer than every release of Istio's definitions."],
]);

function rulesFor({ layer, valid, crdErrors }: Case) {
  if (layer === "crd") return [...schemaRules, ...celRules];
  // istiod's own table calls valid what the API server would not let through to it.
  return valid && crdErrors.length > 0 ? webhookRules : [...schemaRules, ...celRules, ...webhookRules];
}

function errorsIn(one: Case): readonly FoundIn[] {
  const texts = [{ name: one.file, text: schemaCorpusText(one.file) }];
  return findingsOf(rulesFor(one), worldOf(texts, { istioVersion: "1.32-dev" })).filter(
    ({ object: { origin }, info }) => {
      return info.severity === "error" && origin.from === "file" && origin.document.index === one.docIndex;
    },
  );
}

/** The field that an expected error is about: what the definitions name, else a path at the start of the text. */
function fieldsExpected({ crdErrors, expectedErrorFragment }: Case): readonly string[] {
  const [named] = /^spec(?:\.\w+|\[\d+\])+/u.exec(expectedErrorFragment ?? "") ?? [];
  return [...crdErrors.map(({ path }) => path), ...(named === undefined ? [] : [named])].map((each) =>
    each.toLowerCase(),
  );
}

function told(found: readonly FoundIn[]): string {
  return found
    .map(({ info, finding }) => `${info.code} ${pathText(finding.path)}: ${fill(finding.message)}`)
    .join("\n");
}

describe("The schema corpus, as the API server and istiod judge it together", () => {
  for (const one of cases) {
    const reason =
      notJudged.get(one.id) ?? (one.needsEnvoyProto === true ? "It takes Envoy's definitions." : undefined);
    const options = reason === undefined ? {} : { skip: reason };
    test(`${one.id} is ${one.valid ? "accepted" : "refused"}`, options, () => {
      const found = errorsIn(one);
      assert.equal(found.length === 0, one.valid, told(found));
    });

    if (one.valid) continue;
    for (const field of fieldsExpected(one)) {
      test(`${one.id} is refused at ${field}`, options, () => {
        const found = errorsIn(one);
        const paths = found.map(({ finding }) => pathText(finding.path).toLowerCase());
        assert.ok(
          paths.some((path) => path.startsWith(field)),
          told(found),
        );
      });
    }
  }
});
