import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { contributes, manifest, manifestText, readText, root, settings, spoken, words } from "./manifest.ts";

test("M1: the floor is VS Code 1.105 and the API's types are of that version", () => {
  assert.equal(manifest.engines["vscode"], "^1.105.0");
  assert.equal(manifest.devDependencies["@types/vscode"], "1.105.0");
});

test("M2: the npm package vscode is not installed and nothing is a runtime dependency", () => {
  assert.equal(manifest.devDependencies["vscode"], undefined);
  assert.equal(manifest.dependencies, undefined);
});

test("M3: nothing but an open live document, YAML or page activates the extension beside views and commands", () => {
  assert.deepEqual(manifest.activationEvents, [
    "onFileSystem:foreyard",
    "onWebviewPanel:foreyard.topology",
    "onWebviewPanel:foreyard.drilldown",
    "onWebviewPanel:foreyard.lists",
    "onLanguage:yaml",
  ]);
});

test("M6: every setting that names a file, an address or a program is restricted until the workspace is trusted", () => {
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, "limited");
  const risky = Object.keys(settings).filter((key) => /file|url|path|source|command|header|link/i.test(key));
  assert.deepEqual([...restrictedConfigurations].sort(), risky.sort());
});

test("M6: virtual workspaces are supported in part, and both limits are explained", () => {
  const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
  assert.equal(virtualWorkspaces.supported, "limited");
  for (const { description } of [untrustedWorkspaces, virtualWorkspaces]) assert.ok(spoken(description).length > 40);
});

test("M7: the extension runs where the workspace is, because kubeconfigs and credential programs are there", () => {
  assert.deepEqual(manifest.extensionKind, ["workspace", "ui"]);
});

test("M8: no proposed API is enabled", () => {
  assert.equal(manifest["enabledApiProposals"], undefined);
});

test("M9: no other extension is needed or packed", () => {
  assert.equal(manifest["extensionDependencies"], undefined);
  assert.equal(manifest["extensionPack"], undefined);
});

test("M10: every text of the manifest is a key of package.nls.json, and every key there is used", () => {
  const used = new Set([...manifestText.matchAll(/"%([^%"]+)%"/g)].map((match) => match[1] ?? ""));
  assert.deepEqual([...used].sort(), Object.keys(words).sort());
});

test("M10: no text of the manifest stands there in plain English", () => {
  const plain = [
    ...manifestText.matchAll(/"(?:title|description|markdownDescription|name|contents|altText)": "([^%][^"]* [^"]*)"/g),
  ];
  assert.deepEqual(
    plain.map((match) => match[1]),
    [],
  );
});

test("M10: commands are in one category, in title case, with no emoji, and an ellipsis only where input follows", () => {
  const small = new Set(["the", "in", "by", "by…", "of", "and", "or"]);
  for (const { command, title, category } of contributes.commands) {
    const text = spoken(title);
    assert.equal(category, "Foreyard", command);
    assert.match(text, /^[A-Z][\w ]+…?$/, command);
    for (const word of text.split(" ")) assert.ok(small.has(word) || /^[A-Z]/.test(word), `${command}: ${text}`);
  }
});

test("M12: the icon is a PNG of 256 by 256 pixels", () => {
  const png = readFileSync(new URL(manifest.icon, root));
  assert.equal(png.toString("latin1", 1, 4), "PNG");
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [256, 256]);
});

test("M12: what the marketplaces show is there", () => {
  for (const field of ["galleryBanner", "repository", "bugs", "homepage", "qna", "license", "displayName"]) {
    assert.ok(manifest[field], field);
  }
  assert.equal(manifest["pricing"], "Free");
  assert.ok(manifest.keywords.length <= 5);
  const allowed = ["Visualization", "Linters", "Other"];
  assert.ok(manifest.categories.length > 0 && manifest.categories.every((category) => allowed.includes(category)));
});

test("C12: no key binding is taken", () => {
  assert.equal(contributes.keybindings, undefined);
});

test("O6: nothing is measured: no telemetry setting, event file or logger", () => {
  assert.ok(!Object.keys(settings).some((key) => /telemetry/i.test(key)));
  assert.ok(!readdirSync(root).includes("telemetry.json"));
  const sources = readdirSync(new URL("src/editor", root), { recursive: true, encoding: "utf8" });
  for (const file of sources.filter((name) => name.endsWith(".ts"))) {
    assert.doesNotMatch(readText(`src/editor/${file}`), /createTelemetryLogger/, file);
  }
});

test("R4: live documents have a label of their own", () => {
  assert.deepEqual(
    contributes.resourceLabelFormatters.map(({ scheme }) => scheme),
    ["foreyard"],
  );
});
