import { fill } from "../../../src/mesh/message.ts";
import { fieldsAt, listAt, textAt } from "../../../src/mesh/model/fields.ts";
import { groupOf, type KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { celRules } from "../../../src/mesh/validation/cel/rules.ts";
import { schemaRules } from "../../../src/mesh/validation/schema/rules.ts";
import { WorldStore } from "../../../src/mesh/validation/world/worldStore.ts";
import { pathText } from "../../../src/mesh/yaml/fieldPath.ts";
import { listItems, type Api } from "../../cluster/api.ts";
import { findingsOf, testSettings } from "../../support/validation/worldOf.ts";

/** An object and what both say of it; an empty text accepts. */
export interface Judged {
  readonly object: KubeObject;
  readonly server: string;
  readonly foreyard: string;
}

/** Asks the API server and Foreyard, which reads that server's definitions, about objects that share nothing. */
export async function judge(api: Api, objects: readonly KubeObject[]): Promise<readonly Judged[]> {
  const definitions = (await listItems(api, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions")).map((item) => ({
    ...item,
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
  }));
  const foreyard = judgeHere(definitions, objects);
  const judged: Judged[] = [];
  for (const [index, object] of objects.entries()) {
    judged.push({ object, server: await askServer(api, definitions, object), foreyard: foreyard[index] ?? "" });
  }
  return judged;
}

function judgeHere(definitions: readonly KubeObject[], objects: readonly KubeObject[]): readonly string[] {
  const store = new WorldStore({ ...testSettings, istioVersion: "1.32-dev" });
  const live = { from: "live", context: "test" } as const;
  store.replace(
    "live",
    definitions.map((object) => ({ cluster: "", object, origin: live })),
  );
  store.replace(
    "asked",
    objects.map((object) => ({ cluster: "", object, origin: { from: "assumed" } })),
  );
  const told = new Map<object, string[]>(objects.map((object) => [object, []]));
  for (const { object, info, finding } of findingsOf([...schemaRules, ...celRules], store)) {
    if (info.severity !== "error") continue;
    told.get(object.object)?.push(`${info.code} ${pathText(finding.path)}: ${fill(finding.message)}`);
  }
  return objects.map((object) => (told.get(object) ?? []).join("\n"));
}

async function askServer(api: Api, definitions: readonly KubeObject[], object: KubeObject): Promise<string> {
  const [, version = ""] = object.apiVersion.split("/");
  const definition = definitions.find((one) => isFor(one, object, version));
  if (definition === undefined) return "The server has no such kind.";
  const spec = fieldsAt(definition, "spec");
  const group = textAt(spec, "group") ?? "";
  const plural = textAt(fieldsAt(spec, "names"), "plural") ?? "";
  const folder = textAt(spec, "scope") === "Cluster" ? "" : "namespaces/default/";
  const url = `/apis/${group}/${version}/${folder}${plural}?dryRun=All&fieldValidation=Strict`;
  const { status, body } = await api("POST", url, object);
  if (status === 201) return "";
  if (status === 400 || status === 422) return textAt(body, "message") ?? String(status);
  throw new Error(`POST ${url}: ${status} ${JSON.stringify(body)}`);
}

function isFor(definition: KubeObject, object: KubeObject, version: string): boolean {
  const spec = fieldsAt(definition, "spec");
  if (textAt(spec, "group") !== groupOf(object.apiVersion)) return false;
  if (textAt(fieldsAt(spec, "names"), "kind") !== object.kind) return false;
  return listAt(spec, "versions").some((one) => textAt(one, "name") === version);
}
