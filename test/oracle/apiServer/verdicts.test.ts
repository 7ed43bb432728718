import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { loadSchemas } from "../../../src/mesh/validation/schema/bundledSchemas.ts";
import { objectsIn } from "../../../src/mesh/yaml/objectsIn.ts";
import { readYaml } from "../../../src/mesh/yaml/readYaml.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../../cluster/controlPlane.ts";
import { applyIstioCrds } from "../../cluster/istioCrds.ts";
import { corpusCases, schemaCorpusText } from "../../support/corpus.ts";
import { mutate, seeded } from "../../support/validation/mutate.ts";
import { judge, type Judged } from "./judge.ts";
import { unlike } from "./unlike.ts";

const mutations = process.env["FOREYARD_ORACLE"] === "full" ? 2000 : 200;

/** The corpus' objects, all in one namespace; names that no object may have are set right, since tables have many. */
function corpusObjects(): readonly KubeObject[] {
  const files = new Set((corpusCases("schema", 456) as readonly { file: string }[]).map(({ file }) => file));
  return [...files].flatMap((file) =>
    readYaml(schemaCorpusText(file)).documents.flatMap((document) =>
      objectsIn(document).map(({ object }) => ({ ...object, metadata: { ...object.metadata, ...place(object) } })),
    ),
  );
}

function place({ metadata }: KubeObject): { readonly name: string; readonly namespace: string } {
  const { name } = metadata;
  return { name: /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/u.test(name) ? name : "case", namespace: "default" };
}

function disagreements(judged: readonly Judged[]): readonly string[] {
  return judged
    .filter(
      ({ server, foreyard }) =>
        (server === "") !== (foreyard === "") && !unlike.some(({ server: is }) => is.test(server)),
    )
    .map(
      (one) =>
        `${JSON.stringify(one.object)}\n  server: ${one.server || "accepts"}\n  Foreyard: ${one.foreyard || "accepts"}`,
    );
}

const objects = corpusObjects();
const skip = (await controlPlaneSkip({ bare: true })) || (objects.length === 0 && "The corpus is absent.");

describe("The API server's verdict", { skip, timeout: 600_000 }, () => {
  let cluster: ControlPlane;
  before(async () => {
    await loadSchemas();
    cluster = await startControlPlane({ bare: true });
    await applyIstioCrds(cluster);
  });
  after(() => cluster.stop());

  test("is Foreyard's on every object of the corpus", async () => {
    assert.deepEqual(disagreements(await judge(cluster.api, objects)), []);
  });

  test(`is Foreyard's on ${mutations} objects changed at random`, async () => {
    const random = seeded(6);
    const changed = Array.from({ length: mutations }, () => {
      const object = objects[Math.floor(random() * objects.length)];
      return mutate(object ?? {}, random) as KubeObject;
    });
    assert.deepEqual(disagreements(await judge(cluster.api, changed)), []);
  });
});
