import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { istioConfig } from "../../../src/sources/demo/objects/istioConfig.ts";
import { openShop } from "./demoShop.ts";

const folder = fileURLToPath(new URL("../../../examples/workspace", import.meta.url));

async function workspaceObjects(): Promise<readonly KubeObject[]> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".yaml"));
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), "utf8")));
  return texts.flatMap((text) => loadAll(text) as KubeObject[]);
}

function idOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}

describe("the sample workspace", () => {
  it("declares exactly what the demo mesh runs with", async () => {
    const { world } = openShop().mesh.history;
    const live = new Map(istioConfig(world, "eu").map((object) => [idOf(object), object]));
    const declared = await workspaceObjects();
    assert.deepEqual(declared.map(idOf).sort(), [...live.keys()].sort());
    // JSON, because the demo's objects came over the wire of no API: a port as a number is a key like any other.
    for (const object of declared)
      assert.deepEqual(JSON.parse(JSON.stringify(object)), JSON.parse(JSON.stringify(live.get(idOf(object)))));
  });
});
