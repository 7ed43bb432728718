import https from "node:https";
import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";
import type { Api, ApiAnswer } from "./api.ts";
import { createCollections, keyOf, objectKey, withOwnerUids } from "./collections.ts";
import type { ControlPlane } from "./controlPlane.ts";

export interface LoadOptions {
  /** How many requests are under way at once; 32 by default. */
  readonly parallel?: number;
}

/**
 * Creates many objects through the API: namespaces first, owners before what they own (an owner reference to an object
 * in the list gets its `uid` filled in), and then the `status` of each that has one. On a bare control plane pods stay
 * as they are given; on a whole one its controllers and nodes go to work on them. For tens of thousands of objects see
 * `seedObjects`.
 */
export async function loadObjects(
  { api }: Pick<ControlPlane, "api">,
  objects: readonly KubeObject[],
  { parallel = 32 }: LoadOptions = {},
): Promise<void> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: parallel });
  const send: Api = (method, url, body) => api(method, url, body, { agent });
  const collectionOf = createCollections(send);
  const uids = new Map<string, string>();
  const create = async (object: KubeObject) => {
    const url = (await collectionOf(object)).urlBeside(object);
    const created = await expectSuccess(`POST ${url}`, send("POST", url, withOwnerUids(object, uids)));
    uids.set(keyOf(object), created.metadata.uid ?? "");
    if (object["status"] === undefined) return;
    const statusUrl = `${url}/${created.metadata.name}/status`;
    await expectSuccess(`PUT ${statusUrl}`, send("PUT", statusUrl, { ...created, status: object["status"] }));
  };
  try {
    for (const wave of waves(objects)) await inParallel(wave, parallel, create);
  } finally {
    agent.destroy();
  }
}

/** What may be created at once, one wave after the other. */
function waves(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const isNamespace = ({ kind }: KubeObject) => kind === "Namespace";
  const result = [objects.filter(isNamespace)];
  let rest = objects.filter((object) => !isNamespace(object));
  while (rest.length > 0) {
    const waiting = new Set(rest.map(keyOf));
    const isReady = ({ metadata }: KubeObject) =>
      (metadata.ownerReferences ?? []).every((owner) => !waiting.has(objectKey(metadata.namespace, owner)));
    const wave = rest.filter(isReady);
    if (wave.length === 0) throw new Error("Some of the objects own each other in a circle.");
    result.push(wave);
    rest = rest.filter((object) => !isReady(object));
  }
  return result;
}

/** Does the work for all items, `parallel` at a time; the first failure ends it. */
export async function inParallel<T>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: parallel }, worker));
}

async function expectSuccess(what: string, answer: Promise<ApiAnswer>): Promise<KubeObject> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${what}: ${status} ${JSON.stringify(body)}`);
  return body as KubeObject;
}
