import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { groupOf, type KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { loadSchemas } from "../../../src/mesh/validation/schema/bundledSchemas.ts";
import { objectsIn } from "../../../src/mesh/yaml/objectsIn.ts";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";
import { corpusCases, schemaCorpusText } from "../../support/corpus.ts";
import { goBuild } from "../../support/goBuild.ts";
import { mutate, seeded } from "../../support/validation/mutate.ts";
import { istiodModule } from "./istiod.ts";
import { judge, reachingIstiod, type Judged } from "./judge.ts";
import { unlike } from "./unlike.ts";

const mutations = process.env["FOREYARD_ORACLE"] === "full" ? 2000 : 300;
const seed = Number(process.env["FOREYARD_SEED"] ?? 6);

function corpusObjects(): readonly KubeObject[] {
  const files = new Set((corpusCases("schema", 456) as readonly { file: string }[]).map(({ file }) => file));
  return [...files]
    .flatMap((file) => readYaml(schemaCorpusText(file)).documents)
    .flatMap((document) => objectsIn(document).map(({ object }) => object))
    .filter(({ apiVersion }) => groupOf(apiVersion).endsWith("istio.io"));
}

/** Objects changed at random that the API server would hand to istiod: as many as asked for. */
function mutants(objects: readonly KubeObject[], howMany: number): readonly KubeObject[] {
  const random = seeded(seed);
  const found: KubeObject[] = [];
  while (found.length < howMany) {
    const changed = Array.from({ length: howMany }, () => {
      const object = objects[Math.floor(random() * objects.length)];
      return mutate(object ?? {}, random) as KubeObject;
    });
    found.push(...reachingIstiod(changed));
  }
  return found.slice(0, howMany);
}

function isUnlike({ istiod, errors }: Judged): boolean {
  const listed = (by: "istiod" | "foreyard", text: string): boolean =>
    unlike.some((one) => one.by === by && one.said.test(text));
  if (istiod.error !== "") return listed("istiod", istiod.error);
  return errors.length > 0 && errors.every((text) => listed("foreyard", text));
}

function show({ object, istiod, errors, warnings }: Judged): string {
  const lines = [
    `istiod: ${istiod.error || "accepts"} ${(istiod.warnings ?? []).map((text) => `(warns: ${text})`).join(" ")}`,
    `Foreyard: ${errors.join("\n") || "accepts"} ${warnings.map((text) => `(warns: ${text})`).join(" ")}`,
  ];
  return `${JSON.stringify(object)}\n  ${lines.join("\n  ")}`;
}

/** Prints how far both agree, and gives what they disagree on: the verdict, and whether they warn of what they take. */
function disagreements(judged: readonly Judged[]): readonly string[] {
  const unlikeIstiod = judged.filter(({ istiod, errors, warnings }) => {
    if ((istiod.error === "") !== (errors.length === 0)) return true;
    return istiod.error === "" && ((istiod.warnings ?? []).length === 0) !== (warnings.length === 0);
  });
  const unequal = unlikeIstiod.filter((one) => !isUnlike(one));
  const refused = judged.filter(({ istiod }) => istiod.error !== "").length;
  const figures = [
    `${judged.length - unlikeIstiod.length} of ${judged.length} verdicts are istiod's`,
    `${refused} documents refused`,
    `${judged.filter(({ istiod }) => (istiod.warnings ?? []).length > 0).length} warned of`,
    `${unlikeIstiod.length - unequal.length} in the list of differences`,
  ];
  console.log(figures.join(", "));
  return unequal.map(show);
}

const objects = corpusObjects();
const skip = (await goBuild(istiodModule)).skip || (objects.length === 0 && "The corpus is absent.");
if (skip !== false) console.log(`Skipped istiod's verdicts: ${skip}`);

describe("The verdict of istiod's webhook", { skip, timeout: 600_000 }, () => {
  before(() => loadSchemas());

  test("is Foreyard's on every object of the corpus that the API server takes", async () => {
    assert.deepEqual(disagreements(await judge(reachingIstiod(objects))), []);
  });

  test(`is Foreyard's on ${mutations} objects changed at random that the API server takes`, async () => {
    assert.deepEqual(disagreements(await judge(mutants(objects, mutations))), []);
  });
});
