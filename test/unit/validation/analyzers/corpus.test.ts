import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { load } from "js-yaml";
import { fill } from "../../../../src/mesh/message.ts";
import { analyzerRules } from "../../../../src/mesh/validation/analyzers/rules.ts";
import { assumedObjects } from "../../../../src/mesh/validation/world/assumedObjects.ts";
import type { WorldSettings } from "../../../../src/mesh/validation/world/world.ts";
import type { WorldObject } from "../../../../src/mesh/validation/world/worldObject.ts";
import { kinds } from "../../../../src/mesh/validation/kinds.ts";
import type { Rule } from "../../../../src/mesh/validation/rule.ts";
import { webhookRules } from "../../../../src/mesh/validation/webhook/rules.ts";
import { pathText } from "../../../../src/mesh/yaml/fieldPath.ts";
import { readYaml } from "../../../../src/mesh/yaml/readYaml.ts";
import { corpusCases, corpusText } from "../../../support/corpus.ts";
import { findingsOf, worldOf, type FoundIn } from "../../../support/validation/worldOf.ts";

interface Expected {
  readonly code: string;
  readonly origin: string;
  readonly file?: string;
  readonly docLine?: number;
}

interface Case {
  readonly id: string;
  readonly inputFiles: readonly string[];
  readonly analyzer: string;
  readonly expected: readonly Expected[];
  readonly meshConfigFile?: string;
  readonly meshNetworksFile?: string;
  readonly clusters?: Readonly<Record<string, readonly string[]>>;
}

const systemNamespaces: ReadonlySet<string> = new Set([
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "local-path-storage",
]);

/** Fields whose lines Istio tells apart; all other findings stand on the first line of their document. */
const lined = [
  /^spec\.(http|tcp|tls)\[\d+\]\.route\[\d+\]\.destination\.host$/u,
  /^spec\.http\[\d+\]\.mirror\.host$/u,
  /^spec\.gateways\[\d+\]$/u,
  /^spec\.servers\[\d+\]\.tls\.credentialName$/u,
  /^spec\.ports\[\d+\]/u,
  /^spec\.rules\[\d+\]\.from\[\d+\]\.source\.(namespaces|notNamespaces)\[\d+\]$/u,
];

function testdata(name: string): string {
  return corpusText("istioctl", "testdata", name);
}

function run(one: Case): readonly FoundIn[] {
  const rules = rulesOf(one.analyzer);
  const clusters = one.clusters ?? { "": one.inputFiles };
  const settings: Partial<WorldSettings> = {
    isExactlyIstio: true,
    now: Date.UTC(2026, 7, 22),
    ...(one.meshConfigFile === undefined ? {} : { meshConfig: load(testdata(one.meshConfigFile)) }),
    ...(one.meshNetworksFile === undefined ? {} : { meshNetworks: load(testdata(one.meshNetworksFile)) }),
  };
  const texts = Object.entries(clusters).flatMap(([cluster, files]) =>
    files.map((name) => ({ name, cluster, text: testdata(name) })),
  );
  const store = worldOf(texts, settings);
  for (const { name } of texts) {
    const kept = store.of(`file ${name}`).filter((object) => !systemNamespaces.has(namespaceOf(object)));
    store.replace(`file ${name}`, kept);
  }
  for (const cluster of Object.keys(clusters)) store.replace(`assumed ${cluster}`, assumedObjects(cluster));
  if (one.meshNetworksFile !== undefined) {
    const object = {
      apiVersion: "istio.io/v1alpha1",
      kind: "MeshNetworks",
      metadata: { namespace: "istio-system", name: "meshnetworks" },
      spec: settings.meshNetworks,
    };
    store.replace("networks", [{ cluster: "", object, origin: { from: "assumed" } }]);
  }
  return deduplicated(findingsOf(rules, store));
}

/** A Namespace counts as being in itself. */
function namespaceOf({ kind, name, namespace }: WorldObject): string {
  return kind === kinds.Namespace ? name : namespace;
}

function rulesOf(analyzer: string): readonly Rule[] {
  if (!analyzer.startsWith("schema.")) return analyzerRules.filter(({ name }) => name === analyzer);
  const kind = analyzer.slice(analyzer.lastIndexOf(".") + 1);
  return webhookRules.filter((rule) => rule.kinds.some((name) => name === "*" || name.endsWith(`/${kind}`)));
}

/** Istio tells equal texts on one line once. */
function deduplicated(findings: readonly FoundIn[]): readonly FoundIn[] {
  const known = new Map<string, FoundIn>();
  for (const found of findings) {
    const path = pathText(found.finding.path);
    const place = lined.some((pattern) => pattern.test(path)) ? path : "";
    const key = [found.info.code, originOf(found), fill(found.finding.message), place].join("\n");
    if (!known.has(key)) known.set(key, found);
  }
  return [...known.values()];
}

function originOf({ object }: FoundIn): string {
  const kind = object.kind.slice(object.kind.indexOf("/") + 1);
  return object.namespace === "" ? `${kind} ${object.name}` : `${kind} ${object.namespace}/${object.name}`;
}

/** The 1-based line on which the finding's document begins, as Istio's positions count it. */
function documentLineOf({ object: { origin } }: FoundIn): { readonly file: string; readonly line: number } | undefined {
  if (origin.from !== "file") return undefined;
  const file = readYaml(testdata(origin.file));
  const { start } = origin.document.range;
  // A document begins right behind the dashes of its separator; its first line is the next.
  const isBehindDashes = file.text.startsWith("---", start - 3);
  const line = file.lineAt(start).line + (isBehindDashes ? 2 : 1);
  return { file: origin.file, line };
}

// What upstream tells of the schema analyzers' other codes is in the corpus of schemas.
const schemaCodes: ReadonlySet<string> = new Set(["IST0130", "IST0131"]);

describe("istioctl's analyzers on Istio's own test data", () => {
  for (const one of corpusCases("istioctl", 63) as readonly Case[]) {
    test(`${one.analyzer}: ${one.id}`, () => {
      assert.notEqual(rulesOf(one.analyzer).length, 0, "there is no such analyzer");
      const found = run(one).filter(({ info }) => !one.analyzer.startsWith("schema.") || schemaCodes.has(info.code));
      assert.deepEqual(
        found.map((finding) => `${finding.info.code} ${originOf(finding)}`).sort(),
        one.expected.map(({ code, origin }) => `${code} ${origin}`).sort(),
      );
    });

    if (one.clusters === undefined && one.expected.some(({ docLine }) => docLine !== undefined)) {
      test(`${one.analyzer}: ${one.id}, in the right documents`, () => {
        const places = run(one).flatMap((finding) => {
          const place = documentLineOf(finding);
          const isAsked = one.expected.some(({ code }) => code === finding.info.code);
          return place === undefined || !isAsked
            ? []
            : [`${finding.info.code} ${originOf(finding)} ${place.file}:${place.line}`];
        });
        const expected = one.expected.flatMap(({ code, origin, file, docLine }) =>
          docLine === undefined ? [] : [`${code} ${origin} ${file ?? ""}:${docLine}`],
        );
        assert.deepEqual(places.sort(), expected.sort());
      });
    }
  }
});
