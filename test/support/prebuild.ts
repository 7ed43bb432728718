// Downloads and builds all that tests need from Go, one after the other, so that a test runner can start it beside other work:
//
//   node tools/node24.mjs test/support/prebuild.ts
//
// Without Go it says so and ends well, except with CI=true.

import { clusterModule } from "../cluster/controlPlanePrograms.ts";
import { gatewayApiModule, goModuleFolder, istioModule } from "../cluster/istioCrds.ts";
import { istiodModule } from "../oracle/webhook/istiod.ts";
import { goBuild } from "./goBuild.ts";
import { victoriaMetricsModule } from "./victoriaMetrics.ts";

let skipped = false;
for (const module of [clusterModule, victoriaMetricsModule, istiodModule]) {
  const { skip } = await goBuild(module);
  skipped ||= skip !== false;
  if (skip !== false) console.log(skip);
}
if (!skipped) {
  for (const module of [istioModule, gatewayApiModule]) await goModuleFolder(module);
}
