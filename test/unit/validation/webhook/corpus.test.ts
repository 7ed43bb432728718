import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import { webhookRules } from "../../../../src/mesh/validation/webhook/rules.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { corpusCases, corpusText } from "../../../support/corpus.ts";
import { findingsOf, worldOf, type FoundIn } from "../../../support/validation/worldOf.ts";

interface Case {
  readonly id: string;
  readonly file: string;
  readonly docIndex: number;
  readonly kind: string;
  readonly layer: "crd" | "webhook" | "both";
  /** null: the case says nothing of the webhook. */
  readonly webhookValid: boolean | null;
  /** Whether the webhook warns; null where nobody says. */
  readonly warning?: boolean | null;
  readonly needsEnvoyProto?: boolean;
}

/** What istiod cannot decode, which the layer `schema` tells before it. */
const undecodable = new Set([
  "crd/peerauth-invalid#0-bad-mode",
  "crd/reqauth-invalid#17-bad-timeout",
  "crd/istio-reqauth-invalid#19-invalid-presence-value",
]);

const cases = (corpusCases("schema", 456) as readonly Case[]).filter(({ webhookValid }) => webhookValid !== null);

function optionsOf({ id, needsEnvoyProto }: Case): { readonly skip?: string } {
  if (undecodable.has(id)) return { skip: "istiod cannot decode it; the layer schema refuses it before." };
  return needsEnvoyProto === true ? { skip: "It takes Envoy's own definitions to decode the patch." } : {};
}

function findings({ file, docIndex }: Case): readonly FoundIn[] {
  const store = worldOf([{ name: file, text: corpusText("schema", file) }], { istioVersion: "1.32-dev" });
  return findingsOf(webhookRules, store).filter(
    ({ object: { origin } }) => origin.from === "file" && origin.document.index === docIndex,
  );
}

function told(found: readonly FoundIn[]): string {
  return found
    .map(({ info, finding }) => `${info.code} ${pathText(finding.path)}: ${fill(finding.message)}`)
    .join("\n");
}

describe("The schema corpus, as istiod's webhook judges it", () => {
  for (const one of cases) {
    const options = optionsOf(one);
    test(`${one.id} is ${one.webhookValid === true ? "accepted" : "refused"}`, options, () => {
      const found = findings(one);
      const errors = found.filter(({ info }) => info.severity === "error");
      assert.equal(errors.length === 0, one.webhookValid, told(found));
    });
    if (one.warning === true || one.warning === false) {
      test(`${one.id} ${one.warning ? "is warned of" : "is not warned of"}`, options, () => {
        const found = findings(one);
        const warnings = found.filter(({ info }) => info.severity !== "error");
        assert.equal(warnings.length > 0, one.warning, told(found));
      });
    }
  }
});
