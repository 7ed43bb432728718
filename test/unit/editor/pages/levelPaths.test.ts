import assert from "node:assert/strict";
import { it } from "node:test";
import { pathOfRef } from "../../../../src/editor/pages/levelPaths.ts";

const nothing = { services: [], workloads: [], meshes: [] };

it("a ServiceEntry stays one on the level above it, in no one cluster", () => {
  const ref = {
    cluster: "c1",
    group: "networking.istio.io",
    kind: "ServiceEntry",
    namespace: "shop",
    name: "payments-api",
  };
  assert.deepEqual(pathOfRef(nothing, ref), [
    { level: "meshService", ref: { ...ref, cluster: "" } },
    { level: "service", ref },
  ]);
});
