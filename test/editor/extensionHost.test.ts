import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { bundleHostTests } from "./host/bundle.mjs";
import type { HostResult } from "./host/hostTest.ts";
import { openWorkbench, root } from "./support/workbench.ts";

// The suites of test/editor/host, inside the extension hosts of the current VS Code and of the oldest supported one.

for (const release of ["current", "floor"] as const) {
  test(`inside the extension host of the ${release} VS Code`, { timeout: 200_000 }, async (t) => {
    const work = mkdtempSync(path.join(tmpdir(), "foreyard-host-"));
    const report = path.join(work, "report.json");
    const suites = await bundleHostTests(work);
    let exited: (code: number) => void = () => undefined;
    const exit = new Promise<number>((resolve) => (exited = resolve));
    const workbench = await openWorkbench({
      release,
      linkExtension: false,
      env: { FOREYARD_HOST_REPORT: report },
      files: { "app.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: plain\n" },
      payload: (authority) => [
        ["extensionDevelopmentPath", `vscode-remote://${authority}${root.replace(/\/$/, "")}`],
        ["extensionTestsPath", `vscode-remote://${authority}${suites}`],
      ],
      prepare: async (page) => {
        await page.exposeFunction("codeAutomationLog", () => undefined);
        await page.exposeFunction("codeAutomationExit", (code: number) => exited(code));
      },
    });
    try {
      await Promise.race([exit, once(AbortSignal.timeout(150_000), "abort")]);
      const results = JSON.parse(readFileSync(report, "utf8")) as HostResult[];
      assert.ok(results.length > 0);
      for (const { name, failure } of results) {
        await t.test(`${name} (${release} VS Code)`, () => assert.equal(failure, undefined));
      }
    } finally {
      await workbench.close();
      rmSync(work, { recursive: true, force: true });
    }
  });
}
