// Runs the host suites in a desktop VS Code that @vscode/test-electron downloads: the oldest supported one and the
// current one. Where VS Code cannot be downloaded it says so and stops with an error: nothing was tested.
//
//   npm run test:desktop

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { install } from "./install.mjs";
import { node24, run, underNode24 } from "./node24.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
await install();
await underNode24(import.meta.url);
if ((await run(node24(), ["build.mjs"])) !== 0) process.exit(1);

const { downloadAndUnzipVSCode, runTests } = await import("@vscode/test-electron");
const { bundleHostTests } = await import("../test/editor/host/bundle.mjs");

const floor = JSON.parse(readFileSync("package.json", "utf8")).engines.vscode.replace(/^\^/, "");
const work = mkdtempSync(path.join(tmpdir(), "foreyard-desktop-"));
let passed = 0;
let failed = 0;
try {
  const extensionTestsPath = await bundleHostTests(work);
  for (const version of [floor, "stable"]) {
    let vscodeExecutablePath;
    try {
      vscodeExecutablePath = await downloadAndUnzipVSCode(version);
    } catch (error) {
      console.error(`VS Code ${version} cannot be downloaded here (${error.message}). Nothing was tested in it.`);
      console.error("`npm test` runs the same suites in code-server, which the npm registry has.");
      failed++;
      continue;
    }
    const report = path.join(work, `${version}.json`);
    await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: root,
      extensionTestsPath,
      extensionTestsEnv: { FOREYARD_HOST_REPORT: report, KUBECONFIG: "" },
      launchArgs: ["--disable-extensions", "--user-data-dir", path.join(work, `user-${version}`)],
    }).catch((error) => console.error(String(error)));
    for (const { name, failure } of JSON.parse(readFileSync(report, "utf8"))) {
      if (failure === undefined) passed++;
      else {
        failed++;
        console.error(`FAILED ${version}: ${name}\n${failure}`);
      }
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
