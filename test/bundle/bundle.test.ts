import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { bytesOf, eagerOutputs, inputsOf, readMetafile, root } from "./metafile.ts";

const metafile = readMetafile();
const eager = eagerOutputs(metafile, "dist/extension.js");

test("what VS Code loads at activation is at most 250 KB", () => {
  const bytes = bytesOf(metafile, eager);
  assert.ok(bytes > 0 && bytes <= 250_000, `${bytes} bytes in ${eager.join(", ")}`);
});

test("M14: what VS Code loads at activation holds no cluster client, YAML parser, drawing library or source", () => {
  const heavy = /node_modules\/(@kubernetes|undici|yaml|js-yaml|d3|react|lit)\b|^src\/sources\//;
  assert.deepEqual(
    inputsOf(metafile, eager).filter((file) => heavy.test(file)),
    [],
  );
});

test("no bundle carries undici, which would replace the host's global dispatcher", () => {
  const all = inputsOf(metafile, Object.keys(metafile.outputs));
  assert.deepEqual(
    all.filter((file) => file.includes("node_modules/undici/")),
    [],
  );
});

test("what is loaded to reach a cluster is at most 1.4 MB", () => {
  const chunks = Object.keys(metafile.outputs).filter((output) => output !== "dist/cli.js");
  const client = chunks.filter((output) =>
    inputsOf(metafile, [output]).some((file) => file.includes("node_modules/@kubernetes/client-node")),
  );
  assert.ok(client.length > 0, "the cluster client is in no bundle");
  assert.ok(bytesOf(metafile, client) <= 1_400_000, `${bytesOf(metafile, client)} bytes in ${client.join(", ")}`);
});

test("the command-line tool is one file of at most 3.5 MB", () => {
  assert.deepEqual(eagerOutputs(metafile, "dist/cli.js"), ["dist/cli.js"]);
  assert.ok(bytesOf(metafile, ["dist/cli.js"]) <= 3_500_000, `${bytesOf(metafile, ["dist/cli.js"])} bytes`);
});

test("reading and drawing a topology is in no file that VS Code loads at activation", () => {
  const heavy = /^src\/mesh\/(topology|telemetry\/edges)\/|^src\/protocol\/(serve|topology\/snapshot)/;
  assert.deepEqual(
    inputsOf(metafile, eager).filter((file) => heavy.test(file)),
    [],
  );
});

test("only the editor's bundles ask for the module that the host provides", () => {
  const cli = eagerOutputs(metafile, "dist/cli.js");
  const external = cli.flatMap((output) => metafile.outputs[output]?.imports.filter((each) => each.external) ?? []);
  assert.deepEqual(
    external.filter(({ path }) => path === "vscode"),
    [],
  );
});

test("the command-line tool runs from its bundle", () => {
  const { status, stdout } = spawnSync(process.execPath, ["dist/cli.js", "--version"], { cwd: root, encoding: "utf8" });
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
