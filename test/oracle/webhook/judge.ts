import { fill } from "../../../src/mesh/message.ts";
import { fieldsAt, textAt } from "../../../src/mesh/model/fields.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { celRules } from "../../../src/mesh/validation/cel/rules.ts";
import type { Rule } from "../../../src/mesh/validation/rule.ts";
import { schemaRules } from "../../../src/mesh/validation/schema/rules.ts";
import { webhookRules } from "../../../src/mesh/validation/webhook/rules.ts";
import { WorldStore } from "../../../src/mesh/validation/world/worldStore.ts";
import { pathText } from "../../../src/mesh/yaml/fieldPath.ts";
import { findingsOf, testSettings } from "../../support/validation/worldOf.ts";
import { askIstiod, type Verdict } from "./istiod.ts";

/** An object, what istiod says of it and what Foreyard says in the layer `webhook`. */
export interface Judged {
  readonly object: KubeObject;
  readonly istiod: Verdict;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

type Told = ReadonlyMap<object, { readonly errors: string[]; readonly warnings: string[] }>;

/** Asks istiod and Foreyard about objects that share nothing. */
export async function judge(objects: readonly KubeObject[]): Promise<readonly Judged[]> {
  const istiod = await askIstiod(objects);
  const told = tell(webhookRules, objects);
  return objects.map((object, index) => ({
    object,
    istiod: istiod[index] ?? { error: "" },
    ...(told.get(object) ?? { errors: [], warnings: [] }),
  }));
}

/** The objects that the API server would ask istiod about, as it does: each in a namespace, and not refused before. */
export function reachingIstiod(objects: readonly KubeObject[]): readonly KubeObject[] {
  const placed = objects.map((object) => {
    const namespace = textAt(fieldsAt(object, "metadata"), "namespace") || "default";
    return { ...object, metadata: { ...object.metadata, namespace } };
  });
  const told = tell([...schemaRules, ...celRules], placed);
  return placed.filter((object) => told.get(object)?.errors.length === 0);
}

function tell(rules: readonly Rule[], objects: readonly KubeObject[]): Told {
  const store = new WorldStore({ ...testSettings, istioVersion: "1.32-dev" });
  store.replace(
    "asked",
    objects.map((object) => ({ cluster: "", object, origin: { from: "assumed" } })),
  );
  const told: Told = new Map(objects.map((object) => [object, { errors: [], warnings: [] }]));
  for (const { object, info, finding } of findingsOf(rules, store)) {
    const text = `${info.code} ${pathText(finding.path)}: ${fill(finding.message)}`;
    const lists = told.get(object.object);
    (info.severity === "error" ? lists?.errors : lists?.warnings)?.push(text);
  }
  return told;
}
