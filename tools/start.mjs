// Builds Foreyard and opens it in VS Code in the browser, on the demo mesh and a sample workspace.
//
//   npm start
//   npm start -- --port 8800

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { installCodeServer, unsupportedHere } from "./codeServer/installCodeServer.mjs";
import { serveCode } from "./codeServer/serveCode.mjs";
import { install } from "./install.mjs";
import { node24, run } from "./node24.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

function fail(error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}

let port;
try {
  const { values } = parseArgs({ options: { port: { type: "string" } } });
  if (values.port !== undefined) {
    port = Number(values.port);
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Error(`Not a port: ${values.port}`);
  }
} catch (error) {
  fail(error);
}
const unsupported = unsupportedHere();
if (unsupported) fail(unsupported);

console.log("Installing packages ...");
await install().catch(fail);
console.log("Building ...");
if ((await run(node24(), [path.join(root, "build.mjs")], { cwd: root })) !== 0) process.exit(1);

const dir = mkdtempSync(path.join(tmpdir(), "foreyard-start-"));
const workspace = path.join(dir, "workspace");
cpSync(path.join(root, "examples/workspace"), workspace, { recursive: true });
let server;
try {
  server = await serveCode({
    installed: installCodeServer(),
    dir,
    extensions: [root.replace(/[\\/]$/, "")],
    port,
    settings: { "workbench.startupEditor": "readme", "foreyard.demo.connectOnOpen": true },
  });
} catch (error) {
  rmSync(dir, { recursive: true, force: true });
  fail(error);
}

console.log(`\nForeyard is running in VS Code. Open\n\n  ${server.url}/?folder=${encodeURI(workspace)}\n`);
console.log("and click the Foreyard icon in the activity bar. Ctrl+C stops it.");

let stopping = false;
async function stop(code) {
  if (stopping) return;
  stopping = true;
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
  process.exit(code);
}
process.on("SIGINT", () => void stop(0));
process.on("SIGTERM", () => void stop(0));
server.child.once("exit", (code) => {
  if (!stopping) console.error(`VS Code's server ended with ${code}.`);
  void stop(1);
});
