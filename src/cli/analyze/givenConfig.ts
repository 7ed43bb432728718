import { readFileSync } from "node:fs";
import { MeshError } from "../../mesh/meshError.ts";
import { fill, say } from "../../mesh/message.ts";
import type { ClusterKey } from "../../mesh/model/refs.ts";
import type { Declared } from "../../mesh/validation/world/worldStore.ts";
import { readYaml } from "../../mesh/yaml/readYaml.ts";
import type { YamlFile } from "../../mesh/yaml/yamlFile.ts";
import { reasonOf } from "./collectFiles.ts";

/** A file of --mesh-config or --mesh-networks. */
export interface GivenConfig {
  readonly name: string;
  readonly file: YamlFile;
  readonly value: unknown;
}

/** Throws a MeshError if it cannot be read or is no YAML. */
export function readGivenConfig(name: string): GivenConfig {
  let text: string;
  try {
    text = readFileSync(name, "utf8");
  } catch (error) {
    throw new MeshError("misconfigured", say("The file {0} cannot be read: {1}", name, reasonOf(error)));
  }
  const file = readYaml(text);
  const [document] = file.documents;
  const [problem] = document?.problems.filter(({ severity }) => severity === "error") ?? [];
  if (problem !== undefined) throw new MeshError("misconfigured", say("{0}: {1}", name, fill(problem.message)));
  return { name, file, value: document?.value };
}

/** As the object that Istio's analyzers judge (istio-analysis, 1.3). */
export function givenObject(
  kind: "MeshConfig" | "MeshNetworks",
  cluster: ClusterKey,
  { name, file, value }: GivenConfig,
): readonly Declared[] {
  const [document] = file.documents;
  if (document === undefined) return [];
  const metadata = { namespace: "istio-system", name: kind.toLowerCase() };
  const object = { apiVersion: "istio.io/v1alpha1", kind, metadata, spec: value };
  return [{ cluster, object, origin: { from: "file", file: name, document, prefix: [], isSpec: true } }];
}
