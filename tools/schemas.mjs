// Writes src/mesh/validation/schema/data/schemas.json: the schemas of Istio's and the Gateway API's kinds by release, read
// from the CRDs in their Go modules, equal parts stored once. Needs Go.
//
//   node tools/node24.mjs tools/schemas.mjs            writes it
//   node tools/node24.mjs tools/schemas.mjs --check    fails if it is not current

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { loadAll } from "js-yaml";

const file = path.join(fileURLToPath(new URL("..", import.meta.url)), "src/mesh/validation/schema/data/schemas.json");

/**
 * One released patch of each minor, and the Gateway API that it was built with. What is 1.32-dev comes from Istio's own
 * repository, since its API module is older.
 */
const releases = [
  { version: "1.24", istio: "istio.io/api@v1.24.2", gatewayApi: "v1.2.0" },
  { version: "1.25", istio: "istio.io/api@v1.25.2", gatewayApi: "v1.2.1" },
  { version: "1.26", istio: "istio.io/api@v1.26.0", gatewayApi: "v1.3.0" },
  { version: "1.27", istio: "istio.io/api@v1.27.0", gatewayApi: "v1.3.0" },
  { version: "1.28", istio: "istio.io/api@v1.28.0", gatewayApi: "v1.4.0" },
  { version: "1.29", istio: "istio.io/api@v1.29.2", gatewayApi: "v1.4.1" },
  { version: "1.30", istio: "istio.io/api@v1.30.1", gatewayApi: "v1.5.0" },
  { version: "1.31", istio: "istio.io/api@v1.31.1", gatewayApi: "v1.5.0" },
  { version: "1.32-dev", istio: "istio.io/istio@v0.0.0-20260827124520-eed52ebb66ad", gatewayApi: "v1.6.0" },
];

/** What checking needs of a schema; words for people are left out. */
const kept = new Set([
  ...["type", "required", "enum", "pattern", "format", "default", "nullable", "minimum", "maximum", "exclusiveMinimum"],
  ...["exclusiveMaximum", "multipleOf", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems"],
  ...["minProperties", "maxProperties", "x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"],
  ...["x-kubernetes-list-type", "x-kubernetes-list-map-keys", "x-kubernetes-map-type", "x-kubernetes-validations"],
  ...["x-kubernetes-embedded-resource"],
]);

/** @type {Map<string, number>} */
const indexes = new Map();
/** @type {unknown[]} */
const nodes = [];
/** By release and kind. @type {Record<string, Record<string, { scope: string, versions: Record<string, number> }>>} */
const versions = {};

for (const { version, istio, gatewayApi } of releases) {
  const folder = moduleFolder(istio);
  const name = istio.startsWith("istio.io/istio")
    ? "manifests/charts/base/files/crd-all.gen.yaml"
    : "kubernetes/customresourcedefinitions.gen.yaml";
  addCrds(version, [path.join(folder, name)]);
  // The experimental channel has all that the standard one has: what one of both takes is no mistake here.
  const crds = path.join(moduleFolder(`sigs.k8s.io/gateway-api@${gatewayApi}`), "config/crd/experimental");
  addCrds(
    version,
    readdirSync(crds)
      .filter((each) => each.endsWith(".yaml") && each !== "kustomization.yaml")
      .sort()
      .map((each) => path.join(crds, each)),
  );
}

const text = `${JSON.stringify({ versions, nodes })}\n`;
if (!process.argv.includes("--check")) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
} else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("The schemas are not current: run node tools/node24.mjs tools/schemas.mjs\n");
  process.exitCode = 1;
}

/** @param {string} moduleAtVersion */
function moduleFolder(moduleAtVersion) {
  const answer = execFileSync("go", ["mod", "download", "-json", moduleAtVersion], { cwd: tmpdir(), encoding: "utf8" });
  return JSON.parse(answer).Dir;
}

/**
 * @param {string} release
 * @param {readonly string[]} files
 */
function addCrds(release, files) {
  for (const each of files) {
    for (const crd of loadAll(readFileSync(each, "utf8"))) {
      if (crd?.kind !== "CustomResourceDefinition") continue;
      const { group, names, scope } = crd.spec;
      const served = crd.spec.versions.filter((one) => one.served);
      (versions[release] ??= {})[`${group}/${names.kind}`] = {
        scope,
        versions: Object.fromEntries(served.map(({ name, schema }) => [name, indexOf(schema?.openAPIV3Schema ?? {})])),
      };
    }
  }
}

/** The index of a schema; equal ones have the same. */
function indexOf(schema) {
  /** @type {Record<string, unknown>} */
  const node = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === "properties") {
      node[name] = Object.fromEntries(Object.entries(value).map(([field, of]) => [field, indexOf(of)]));
    } else if (name === "items" || name === "not") node[name] = indexOf(value);
    else if (name === "additionalProperties") node[name] = typeof value === "object" ? indexOf(value) : value;
    else if (name === "allOf" || name === "anyOf" || name === "oneOf") node[name] = value.map(indexOf);
    else if (kept.has(name)) node[name] = value;
  }
  const key = JSON.stringify(node);
  let index = indexes.get(key);
  if (index === undefined) {
    index = nodes.length;
    nodes.push(node);
    indexes.set(key, index);
  }
  return index;
}
