import type { KubeObject, OwnerReference } from "../../src/mesh/model/kubeObject.ts";
import type { Api } from "./api.ts";

/** Where the API server offers objects of one kind. */
export interface Collection {
  /** "pods" */
  readonly plural: string;
  /** "" for the core group. */
  readonly group: string;
  /** All of them, in all namespaces: "/api/v1/pods". */
  readonly url: string;
  /** Those beside the object: "/api/v1/namespaces/shop/pods". */
  readonly urlBeside: (object: KubeObject) => string;
}

/** Finds the collections of objects; asks the server for the resources of each API version once. */
export function createCollections(api: Api): (object: KubeObject) => Promise<Collection> {
  const known = new Map<string, Promise<ReadonlyMap<string, Collection>>>();
  return async ({ apiVersion, kind }) => {
    let collections = known.get(apiVersion);
    if (!collections) known.set(apiVersion, (collections = readCollections(api, apiVersion)));
    const collection = (await collections).get(kind);
    if (collection === undefined) throw new Error(`The server has no ${kind} in ${apiVersion}.`);
    return collection;
  };
}

async function readCollections(api: Api, apiVersion: string): Promise<ReadonlyMap<string, Collection>> {
  const [version = "", group = ""] = apiVersion.split("/").reverse();
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const { status, body } = await api("GET", root);
  if (status !== 200) throw new Error(`GET ${root}: ${status}`);
  const { resources } = body as { resources: { kind: string; name: string }[] };
  const kinds = resources.filter(({ name }) => !name.includes("/")); // those with a slash are subresources
  return new Map(
    kinds.map(({ kind, name: plural }) => {
      const url = `${root}/${plural}`;
      const urlBeside = ({ metadata: { namespace } }: KubeObject) =>
        namespace === undefined ? url : `${root}/namespaces/${namespace}/${plural}`;
      return [kind, { plural, group, url, urlBeside }];
    }),
  );
}

/** What names an object among all, also from an owner reference: owners are in the namespace of what they own. */
export function objectKey(
  namespace: string | undefined,
  { apiVersion, kind, name }: Pick<OwnerReference, "apiVersion" | "kind" | "name">,
): string {
  return [apiVersion, kind, namespace ?? "", name].join(" ");
}

export function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return objectKey(metadata.namespace, { apiVersion, kind, name: metadata.name });
}

/** The object with the `uid` of each owner that is known by its key. */
export function withOwnerUids(object: KubeObject, uids: ReadonlyMap<string, string>): KubeObject {
  const { metadata } = object;
  if (metadata.ownerReferences === undefined) return object;
  const ownerReferences = metadata.ownerReferences.map((owner) => ({
    ...owner,
    uid: uids.get(objectKey(metadata.namespace, owner)) ?? owner.uid,
  }));
  return { ...object, metadata: { ...metadata, ownerReferences } };
}
