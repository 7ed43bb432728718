import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { createVSIX } from "@vscode/vsce";
import { root } from "./metafile.ts";
import { zipEntries } from "./zipEntries.ts";

const work = mkdtempSync(path.join(tmpdir(), "foreyard-vsix-"));
after(() => rmSync(work, { recursive: true, force: true }));

let size = 0;
/** What the package holds of the extension, by its path in the tree; what the packager adds is left out. */
let files: readonly string[] = [];

before(async () => {
  const packagePath = path.join(work, "foreyard.vsix");
  await createVSIX({ cwd: root, packagePath, dependencies: false });
  const zip = readFileSync(packagePath);
  size = zip.byteLength;
  const entries = zipEntries(zip);
  assert.deepEqual(entries.filter((entry) => !entry.startsWith("extension/")).sort(), [
    "[Content_Types].xml",
    "extension.vsixmanifest",
  ]);
  files = entries.filter((entry) => entry.startsWith("extension/")).map((entry) => entry.slice("extension/".length));
});

const allowed = [
  /^package\.json$/,
  /^package\.nls(\.[a-z-]+)?\.json$/,
  /^(README|CHANGELOG|SUPPORT)\.md$/i,
  /^LICENSE(\.txt)?$/i,
  /^l10n\/bundle\.l10n(\.[a-z-]+)?\.json$/,
  /^media\/[\w-]+(\/[\w-]+)*\.(svg|png|md)$/,
  /^dist\/(extension|cli)\.js$/,
  /^dist\/chunks\/[\w.-]+\.js$/,
  /^dist\/webview\/(topology|drilldown|lists)\.(js|css)$/,
  /^dist\/webview\/codicon\.ttf$/,
  /^dist\/THIRD_PARTY_NOTICES\.txt$/,
];

const needed = [
  /^package\.json$/,
  /^package\.nls\.json$/,
  /^README\.md$/i,
  /^CHANGELOG\.md$/i,
  /^SUPPORT\.md$/i,
  /^LICENSE(\.txt)?$/i,
  /^l10n\/bundle\.l10n\.json$/,
  /^media\/icon\.png$/,
  /^media\/foreyard\.svg$/,
  /^media\/(meshes|services|workloads)\.svg$/,
  /^media\/walkthrough\/connect\.svg$/,
  /^dist\/extension\.js$/,
  /^dist\/cli\.js$/,
  /^dist\/chunks\/[\w.-]+\.js$/,
  /^dist\/webview\/topology\.js$/,
  /^dist\/webview\/topology\.css$/,
  /^dist\/webview\/codicon\.ttf$/,
  /^dist\/THIRD_PARTY_NOTICES\.txt$/,
];

test("M13: the package holds the bundles, pictures, words and documents, and nothing else", () => {
  assert.deepEqual(
    files.filter((file) => !allowed.some((pattern) => pattern.test(file))),
    [],
  );
  assert.ok(files.length <= 60, `${files.length} files`);
});

for (const pattern of needed) {
  test(`M13: the package holds ${pattern.source}`, () => {
    assert.ok(files.some((file) => pattern.test(file)));
  });
}

test("M13: every picture that the manifest names is in the package", () => {
  const named = readFileSync(path.join(root, "package.json"), "utf8").matchAll(/"(media\/[^"]+)"/g);
  for (const [, file = ""] of named) assert.ok(files.includes(file), file);
});

test("M13: every chunk that a bundle loads is in the package", () => {
  const loaded = files
    .filter((file) => /^dist\/.*\.js$/.test(file))
    .flatMap((file) => [
      ...readFileSync(path.join(root, file), "utf8").matchAll(/["'](?:\.\/chunks|\.)\/([\w.-]+-[A-Z0-9]{8}\.js)["']/g),
    ])
    .map(([, name = ""]) => `dist/chunks/${name}`);
  assert.ok(loaded.length > 0);
  assert.deepEqual(
    [...new Set(loaded)].filter((chunk) => !files.includes(chunk)),
    [],
  );
});

test("M13: the package is at most 2.5 MB", () => {
  assert.ok(size > 10_000 && size <= 2_500_000, `${size} bytes`);
});
