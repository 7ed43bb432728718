import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { corpusCases, corpusFolder } from "../support/corpus.ts";
import { analyze, type FoundFinding } from "./analyze.ts";

interface Case {
  readonly id: string;
  readonly analyzer: string;
  readonly inputFiles: readonly string[];
  readonly expected: readonly { readonly code: string; readonly origin: string; readonly level: string }[];
  readonly meshConfigFile?: string;
  readonly meshNetworksFile?: string;
  readonly clusters?: unknown;
}

function originOf({ resource }: FoundFinding): string {
  const { kind = "", namespace = "", name = "" } = resource ?? {};
  return `${kind} ${namespace === "" ? "" : `${namespace}/`}${name}`;
}

describe("foreyard analyze --only ANALYZER --files-only on Istio's own test data", () => {
  // Files have no cluster, so what compares clusters cannot be told of files alone.
  const cases = (corpusCases("istioctl", 63) as readonly Case[]).filter(({ clusters }) => clusters === undefined);
  for (const { id, analyzer, inputFiles, expected, meshConfigFile, meshNetworksFile } of cases) {
    test(`${analyzer}: ${id}: codes, objects and Istio's levels`, async () => {
      const file = (name: string) => path.join(corpusFolder, "istioctl", "testdata", name);
      const { findings } = await analyze([
        "--only",
        analyzer,
        "--files-only",
        ...(meshConfigFile === undefined ? [] : ["--mesh-config", file(meshConfigFile)]),
        ...(meshNetworksFile === undefined ? [] : ["--mesh-networks", file(meshNetworksFile)]),
        ...inputFiles.map(file),
      ]);
      assert.deepEqual(
        findings.map((finding) => `${finding.code} ${originOf(finding)} ${finding.severity}`).sort(),
        expected.map(({ code, origin, level }) => `${code} ${origin} ${level.toLowerCase()}`).sort(),
      );
    });
  }
});
