import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { goModuleFolder, istioModule } from "../cluster/istioCrds.ts";
import { missing } from "../support/goBuild.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const canRead = await goModuleFolder(istioModule).then(
  () => true,
  () => false,
);
const skip = canRead ? false : missing("Istio's definitions cannot be had: Go or its module proxy is missing.").skip;

test("the bundled schemas are what the definitions of each release say", { skip }, () => {
  const { status, stderr } = spawnSync(process.execPath, [path.join(root, "tools/schemas.mjs"), "--check"], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
});
