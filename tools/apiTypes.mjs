// Makes dist/api, what is published as @foreyard/api: the types of src/api.ts and nothing else.
//
//   node tools/apiTypes.mjs

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("..", import.meta.url));

/** @returns {Map<string, string>} the package's files by name: package.json, index.d.ts and what that imports */
export function apiPackage() {
  const entry = path.join(root, "src/api.ts");
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(path.join(root, "tsconfig.json"), ts.sys.readFile).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram([entry], {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    stripInternal: true,
    allowImportingTsExtensions: true,
  });
  const files = new Map();
  const emit = (file) =>
    program.emit(program.getSourceFile(path.join(root, file)), (name, text) => {
      if (!name.endsWith(".d.ts")) return;
      const published = path.basename(name) === "api.d.ts" ? "index.d.ts" : path.basename(name);
      files.set(published, text.replace(/"\.\/mesh\/(?:metadata|validation\/foreign)\/(\w+)\.ts"/g, '"./$1.js"'));
    });
  emit("src/api.ts");
  emit("src/mesh/metadata/providers.ts");
  emit("src/mesh/validation/foreign/validationRule.ts");
  const shared = ["providers", "validationRule"].map((name) => `export type * from "./${name}.js";\n`).join("");
  files.set("index.d.ts", `${shared}${files.get("index.d.ts")}`);
  const { version, license } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const manifest = {
    name: "@foreyard/api",
    version,
    description: "Types of what Foreyard offers other VS Code extensions.",
    license,
    type: "module",
    types: "./index.d.ts",
    files: ["*.d.ts"],
  };
  files.set("package.json", `${JSON.stringify(manifest, null, 2)}\n`);
  return files;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = path.join(root, "dist/api");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of apiPackage()) writeFileSync(path.join(folder, name), text);
}
