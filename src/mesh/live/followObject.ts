import type { Disposable } from "../disposer.ts";
import { isAbort, MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { ClusterSource, ListQuery, Log } from "../ports.ts";
import { documentOf } from "./documentOf.ts";

export interface Followed {
  readonly source: Pick<ClusterSource, "watch">;
  readonly kind: KindOnServer;
  readonly ref: ObjectRef;
  readonly log: Log;
}

/** Told of each version, as `documentOf` shows it; of undefined when the object is gone; of why it cannot be read. */
export type OnObject = (object: KubeObject | MeshError | undefined) => void;

/** Watches one object by its name. */
export function followObject({ source, kind, ref, log }: Followed, onObject: OnObject): Disposable {
  const abort = new AbortController();
  const { signal } = abort;
  const query: ListQuery = {
    kind,
    scope: kind.namespaced ? { namespaces: [ref.namespace] } : { all: true, otherwise: [] },
    fieldSelector: `metadata.name=${ref.name}`,
  };
  const isIt = ({ metadata }: KubeObject) =>
    metadata.name === ref.name && (!kind.namespaced || metadata.namespace === ref.namespace);

  async function run(): Promise<void> {
    let isListed = true;
    for await (const change of source.watch(query, signal)) {
      if (signal.aborted) return;
      if (change.type === "listing") isListed = false;
      if (change.type === "upsert") {
        const object = change.objects.find(isIt);
        if (!object) continue;
        isListed = true;
        onObject(documentOf(object));
      }
      if (change.type === "listed") {
        const [unread] = change.unread;
        if (unread) onObject(unread.error);
        else if (!isListed) onObject(undefined);
      }
      if (change.type === "gone" && isIt(change.object)) onObject(undefined);
      if (change.type === "interrupted") onObject(change.error);
    }
  }

  run().catch((e: unknown) => {
    if (signal.aborted || isAbort(e)) return;
    if (!MeshError.is(e)) log.error("following ended by a bug", e, { kind: ref.kind });
    onObject(MeshError.is(e) ? e : new MeshError("bad-data", say("Following {0} failed.", ref.name), { cause: e }));
  });
  return { dispose: () => abort.abort() };
}
