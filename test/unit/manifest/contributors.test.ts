import assert from "node:assert/strict";
import { test } from "node:test";
import { manifest, readText } from "./manifest.ts";

interface Launch {
  readonly configurations: readonly {
    readonly name: string;
    readonly type: string;
    readonly args: readonly string[];
    readonly outFiles: readonly string[];
    readonly preLaunchTask: string;
  }[];
}

interface Tasks {
  readonly tasks: readonly { readonly label: string; readonly command: string; readonly isBackground?: boolean }[];
}

const { configurations } = JSON.parse(readText(".vscode/launch.json")) as Launch;
const { tasks } = JSON.parse(readText(".vscode/tasks.json")) as Tasks;

for (const { name, type, args, outFiles, preLaunchTask } of configurations) {
  test(`F5: "${name}" starts a host with this folder's extension`, () => {
    assert.equal(type, "extensionHost");
    assert.ok(args.includes("--extensionDevelopmentPath=${workspaceFolder}"));
  });

  test(`F5: "${name}" builds first, by a task that is there and tells when it is done`, () => {
    const task = tasks.find(({ label }) => label === preLaunchTask);
    assert.match(task?.command ?? "", /build\.mjs --watch$/);
    assert.equal(task?.isBackground, true);
    assert.ok(readText("build.mjs").includes("--watch"));
  });

  test(`F5: "${name}" finds breakpoints in what the build writes`, () => {
    const main = String(manifest["main"]);
    const folder = main.replace(/^\.\//, "").split("/")[0];
    assert.deepEqual(outFiles, [`\${workspaceFolder}/${folder}/**/*.js`]);
  });
}
