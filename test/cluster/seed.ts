import { randomUUID } from "node:crypto";
import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";
import { eventually } from "../support/eventually.ts";
import { inParallel } from "./bulk.ts";
import { createCollections, keyOf, withOwnerUids, type Collection } from "./collections.ts";
import type { ControlPlane } from "./controlPlane.ts";
import { etcdTransaction } from "./etcd.ts";

/** etcd accepts no more operations in one transaction unless told so. */
const perTransaction = 128;

// Where the API server keeps what it does not keep under its plural; custom resources are under their group as well.
const oddPlaces: ReadonlyMap<string, string> = new Map([
  ["nodes", "minions"],
  ["services", "services/specs"],
  ["endpoints", "services/endpoints"],
]);
const builtInGroups = /^$|^(apps|batch|policy|autoscaling|discovery\.k8s\.io|networking\.k8s\.io)$/;

/**
 * Writes new objects into etcd, past the API server, which then lists and watches them as if they had been created: a
 * hundred times faster than through the API, but without admission and validation. Objects must have what admission
 * would add, as a Service its clusterIP, and be in a version that the server stores. Owner references to objects in the
 * list get their `uid` filled in, and all get managedFields, so that they are as large on the wire as real ones.
 */
export async function seedObjects(
  { api, etcdUrl }: Pick<ControlPlane, "api" | "etcdUrl">,
  objects: readonly KubeObject[],
): Promise<void> {
  const collectionOf = createCollections(api);
  const uids = new Map(objects.map((object) => [keyOf(object), randomUUID()]));
  const creationTimestamp = new Date().toISOString().replace(/\.\d+/, "");
  const urls = new Set<string>();
  const pairs = [];
  for (const object of objects) {
    const collection = await collectionOf(object);
    urls.add(collection.url);
    const key = placeOf(collection, object);
    const metadata = {
      creationTimestamp,
      generation: 1,
      uid: uids.get(keyOf(object)) ?? "",
      managedFields: managedFields(object),
      ...object.metadata,
    };
    const stored = withOwnerUids({ ...object, metadata }, uids);
    pairs.push({ key, value: JSON.stringify(stored) });
  }
  const batches = [];
  for (let i = 0; i < pairs.length; i += perTransaction) batches.push(pairs.slice(i, i + perTransaction));
  await inParallel(batches, 4, (batch) => etcdTransaction(etcdUrl, batch));

  // Each kind has a cache in the API server, which has seen all when it has seen a revision after the last of them.
  const revision = await etcdTransaction(etcdUrl, [{ key: "/foreyard/seeded", value: creationTimestamp }]);
  const query = `limit=1&resourceVersion=${revision}&resourceVersionMatch=NotOlderThan`;
  for (const url of urls) {
    const isThere = async () => (await api("GET", `${url}?${query}`)).status === 200;
    await eventually(`${url} has all`, isThere, { seconds: 300 });
  }
}

function placeOf({ plural, group }: Collection, { metadata: { namespace, name } }: KubeObject): string {
  const place = builtInGroups.test(group) ? (oddPlaces.get(plural) ?? plural) : `${group}/${plural}`;
  return ["/registry", place, namespace, name].filter((part) => part !== undefined).join("/");
}

/** As if one controller had written the object and another its status. */
function managedFields({ apiVersion, metadata, ...object }: KubeObject): readonly object[] {
  const { labels = {}, annotations = {}, ownerReferences = [] } = metadata;
  const written = new Map(Object.entries(object));
  const status = written.get("status");
  for (const field of ["kind", "status"]) written.delete(field);
  const fields = { metadata: { labels, annotations, ownerReferences }, ...Object.fromEntries(written) };
  const common = { operation: "Update", apiVersion, time: "2026-01-01T00:00:00Z", fieldsType: "FieldsV1" };
  const entries: object[] = [{ ...common, manager: "controller", fieldsV1: fieldsOf(fields) }];
  if (status !== undefined) {
    entries.push({ ...common, manager: "status", subresource: "status", fieldsV1: fieldsOf({ status }) });
  }
  return entries;
}

function fieldsOf(value: unknown): object {
  if (Array.isArray(value)) {
    const names = value.map((item: { name?: string }, index) => item.name ?? String(index));
    return Object.fromEntries(names.map((name, index) => [`k:{"name":"${name}"}`, fieldsOf(value[index])]));
  }
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}
