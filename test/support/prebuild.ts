// Builds all that tests need from Go, one after the other, so that a test runner can start it beside other work:
//
//   node tools/node24.mjs test/support/prebuild.ts
//
// Without Go it says so and ends well, except with CI=true.

import { clusterModule } from "../cluster/controlPlanePrograms.ts";
import { goBuild } from "./goBuild.ts";

for (const module of [clusterModule]) {
  const { skip } = await goBuild(module);
  if (skip !== false) console.log(skip);
}
