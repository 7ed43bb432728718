import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { load, loadAll } from "js-yaml";
import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";
import { readRoutingMesh } from "../../src/mesh/routing/config/routingMesh.ts";
import { answerConnection } from "../../src/mesh/routing/request/answerConnection.ts";
import { answerRequest } from "../../src/mesh/routing/request/answer.ts";
import type { Outcome } from "../../src/mesh/routing/request/outcome.ts";
import { ProxyConfigurations } from "../../src/mesh/routing/request/proxyConfiguration.ts";
import type { RoutedConnection, RoutedRequest } from "../../src/mesh/routing/request/request.ts";
import { corpusFolder } from "./corpus.ts";

export type CorpusRequest = (RoutedRequest | RoutedConnection) & { readonly outcome: Outcome };

export interface RoutingCase {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly meshConfig: unknown;
  readonly requests: readonly CorpusRequest[];
}

const folder = path.join(corpusFolder, "routing");

/** The names of the routing corpus' cases; none, with a printed note, where it is absent. */
export function routingCaseNames(): readonly string[] {
  if (existsSync(folder))
    return readdirSync(folder)
      .filter((name) => existsSync(path.join(folder, name, "requests.json")))
      .sort();
  console.log("Skipped 2,559 requests of the routing corpus: set FOREYARD_CORPUS to the corpora's folder.");
  return [];
}

export function readRoutingCase(name: string): RoutingCase {
  const read = (file: string): string => readFileSync(path.join(folder, name, file), "utf8");
  const meshFile = path.join(folder, name, "mesh.yaml");
  return {
    name,
    objects: loadAll(read("config.yaml")).filter(
      (document) => document !== null && document !== undefined,
    ) as KubeObject[],
    meshConfig: existsSync(meshFile) ? load(readFileSync(meshFile, "utf8")) : undefined,
    requests: JSON.parse(read("requests.json")) as CorpusRequest[],
  };
}

/** What routing says of each of a case's requests. */
export function outcomesOf({ objects, meshConfig, requests }: RoutingCase): readonly Outcome[] {
  const configurations = new ProxyConfigurations(readRoutingMesh(objects, { meshConfig }));
  return requests.map((request) => {
    const configuration = configurations.for(request.from);
    return "connection" in request ? answerConnection(configuration, request) : answerRequest(configuration, request);
  });
}
