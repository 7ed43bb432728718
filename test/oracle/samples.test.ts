import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { fill } from "../../src/mesh/message.ts";
import { allRules } from "../../src/mesh/validation/catalogue.ts";
import { severityOf } from "../../src/mesh/validation/engine/severity.ts";
import { loadSchemas } from "../../src/mesh/validation/schema/bundledSchemas.ts";
import { assumedObjects } from "../../src/mesh/validation/world/assumedObjects.ts";
import type { WorldObject } from "../../src/mesh/validation/world/worldObject.ts";
import { pathText } from "../../src/mesh/yaml/fieldPath.ts";
import { goModuleFolder, istioModule } from "../cluster/istioCrds.ts";
import { missing } from "../support/goBuild.ts";
import { findingsOf, worldOf, type FoundIn, type WorldText } from "../support/validation/worldOf.ts";

/** What is true of a sample, and what Istio's own analysis tells of it as well. */
const known: readonly { readonly file: RegExp; readonly codes: readonly string[]; readonly why: string }[] = [
  { file: /^addons\//u, codes: ["IST0118"], why: "ports of monitoring whose names say no protocol" },
  { file: /^addons\/extras\/skywalking/u, codes: ["IST0135"], why: "it does set the deprecated annotation" },
  { file: /namespace\.yaml$|spire-quickstart\.yaml$/u, codes: ["IST0102"], why: "the Namespaces have no label" },
  { file: /fault-injection-details-v1/u, codes: ["FY1010", "IST0130"], why: "its second route is never reached" },
  { file: /^multicluster\/expose-/u, codes: ["IST0101", "KIA0302"], why: "a script makes the east-west gateway" },
  { file: /certmanager-gateway/u, codes: ["IST0101", "KIA1101"], why: "cert-manager makes the Service" },
  {
    file: /egress-rule-google-apis|expose-istiod-https/u,
    codes: ["IST0129"],
    why: "no CA certificates; istioctl warns too",
  },
  {
    file: /bookinfo-gateway/u,
    codes: ["IST0140"],
    why: "another sample gives the host subsets; istioctl warns too",
  },
  { file: /ratelimit/u, codes: ["IST0151"], why: "relative patches without priority; istioctl warns too" },
];

function samplesFolder(): Promise<string | undefined> {
  return goModuleFolder(istioModule).then(
    (folder) => path.join(folder, "samples"),
    () => undefined,
  );
}

/** The samples by the folder that holds them; Helm's templates are no objects yet. */
function sampleFiles(root: string): ReadonlyMap<string, readonly WorldText[]> {
  const groups = new Map<string, WorldText[]>();
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const name = path.relative(root, path.join(entry.parentPath, entry.name));
    if (!entry.isFile() || !name.endsWith(".yaml") || name.includes("templates/")) continue;
    const [group = ""] = name.split("/");
    const file = { name, text: readFileSync(path.join(root, name), "utf8") };
    const files = groups.get(group);
    if (files === undefined) groups.set(group, [file]);
    else files.push(file);
  }
  return groups;
}

/**
 * What is found in one file beside the others of its sample. Many are alternatives of each other: an object that the
 * file declares, or an earlier one, counts once.
 */
function findingsIn(file: WorldText, files: readonly WorldText[]): readonly string[] {
  const store = worldOf([...files.filter((other) => other !== file), file]);
  store.replace("assumed", assumedObjects(""));
  const seen = new Set(store.of(`file ${file.name}`).map(({ id }) => id));
  for (const other of files) {
    if (other === file) continue;
    const kept = store.of(`file ${other.name}`).filter(({ id }) => !seen.has(id));
    for (const { id } of kept) seen.add(id);
    store.replace(`file ${other.name}`, kept);
  }
  return findingsOf(allRules, store).flatMap((found) => {
    if (fileOf(found.object) !== file.name || isKnown(file.name, found)) return [];
    if (found.info.isOffByDefault === true) return [];
    const world = store.world(found.object.cluster);
    const severity = severityOf(found, world, { chosen: () => undefined, isEditor: true });
    return severity === undefined || severity === "hint" ? [] : [`${severity} ${textOf(found)}`];
  });
}

function fileOf({ origin }: WorldObject): string | undefined {
  return origin.from === "file" ? origin.file : undefined;
}

function isKnown(name: string, { info }: FoundIn): boolean {
  return known.some(({ file, codes }) => file.test(name) && codes.includes(info.code));
}

function textOf({ info, object, finding }: FoundIn): string {
  return `${info.code} ${object.kind} ${object.name} ${pathText(finding.path)}: ${fill(finding.message)}`;
}

const root = await samplesFolder();
const skip =
  root === undefined ? missing("Istio's samples cannot be had: Go or its module proxy is missing.").skip : false;

describe("Istio's own samples", { skip }, () => {
  before(() => loadSchemas());
  for (const files of root === undefined ? [] : sampleFiles(root).values()) {
    for (const file of files) {
      test(`nothing above a hint is found in ${file.name}`, () => {
        assert.deepEqual(findingsIn(file, files), []);
      });
    }
  }
});
