// Makes foreyard-VERSION.vsix, what the marketplaces take.
//
//   npm run package [-- --out FILE]

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { install } from "./install.mjs";
import { node24, run, underNode24 } from "./node24.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
await install();
await underNode24(import.meta.url);

const { values } = parseArgs({ options: { out: { type: "string" } } });
const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
const packagePath = path.resolve(values.out ?? `${name}-${version}.vsix`);

if ((await run(node24(), ["build.mjs"])) !== 0) process.exit(1);
const { createVSIX } = await import("@vscode/vsce");
await createVSIX({ cwd: root, packagePath, dependencies: false });
