import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { apiPackage } from "../../../tools/apiTypes.mjs";

const root = path.resolve(import.meta.dirname, "../../..");
const sample = path.join(root, "examples/cost-card/extension.cjs");

/** What TypeScript says of a program that imports the published package, beside VS Code's own types. */
function complaintsAbout(name: string, text: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), "foreyard-api-"));
  try {
    const published = path.join(folder, "node_modules/@foreyard/api");
    mkdirSync(published, { recursive: true });
    for (const [file, content] of apiPackage()) writeFileSync(path.join(published, file), content);
    symlinkSync(path.join(root, "node_modules/@types"), path.join(folder, "node_modules/@types"));
    const file = path.join(folder, name);
    writeFileSync(file, text);
    const program = ts.createProgram([file], {
      ...{ allowJs: true, checkJs: true, noEmit: true, strict: true, noImplicitAny: false, skipLibCheck: false },
      ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext, types: ["vscode"] },
    });
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the sample extension is typed by the published package alone", () => {
  // An extension that is not installed is undefined; the sample says in its manifest that it depends on it.
  const text = readFileSync(sample, "utf8").replace('"foreyard.foreyard").activate', '"foreyard.foreyard")?.activate');
  assert.deepEqual(complaintsAbout("extension.cjs", text), []);
});

test("a provider that answers with what is no text does not compile", () => {
  const text = `import type { MetadataProvider } from "@foreyard/api";
    export const p: MetadataProvider = { id: "x", kinds: ["Pod"], provide: () => ({ summary: 1, data: {} }) };`;
  const [complaint] = complaintsAbout("provider.mts", text);
  assert.match(complaint ?? "", /number.*string/s);
});

test("the published types name nothing of the sources", () => {
  const types = [...apiPackage()].filter(([file]) => file.endsWith(".d.ts"));
  assert.deepEqual(types.map(([file]) => file).sort(), ["index.d.ts", "providers.d.ts", "validationRule.d.ts"]);
  for (const [file, text] of types) assert.doesNotMatch(text, /MetadataDesk|src\/|\.ts"/, file);
});

test("the sample is shorter than 40 lines", () => {
  assert.ok(readFileSync(sample, "utf8").split("\n").length < 40);
});
