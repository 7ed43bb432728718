import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";
import { root } from "./metafile.ts";

const work = mkdtempSync(path.join(tmpdir(), "foreyard-vsix-"));
after(() => rmSync(work, { recursive: true, force: true }));

const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(README|CHANGELOG|SUPPORT)\.md$/i,
  /^LICENSE$/i,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^media\/[\w-]+(\/[\w-]+)*\.(svg|png|md)$/,
  /^dist\/(extension|cli)\.js$/,
  /^dist\/chunks\/[\w.-]+\.js$/,
  /^dist\/THIRD_PARTY_NOTICES\.txt$/,
];

test("M13: the package holds the bundles, pictures, words and documents, and nothing else", async () => {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  assert.deepEqual(
    files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
    [],
  );
  for (const needed of ["package.json", "package.nls.json", "dist/extension.js", "dist/cli.js", "README.md"]) {
    assert.ok(files.includes(needed), `${needed} is missing`);
  }
  assert.ok(files.length <= 60, `${files.length} files`);
});

test("M13: the package is at most 2.5 MB", async () => {
  const packagePath = path.join(work, "foreyard.vsix");
  await createVSIX({ cwd: root, packagePath, dependencies: false });
  const { size } = statSync(packagePath);
  assert.ok(size > 10_000 && size <= 2_500_000, `${size} bytes`);
});
