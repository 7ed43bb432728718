import { setImmediate } from "node:timers/promises";
import type { Disposable } from "../../../mesh/disposer.ts";
import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import { groupOf, type KindOnServer, type KubeObject } from "../../../mesh/model/kubeObject.ts";
import type {
  ApplyOptions,
  Clock,
  ClusterSource,
  ListPage,
  ListQuery,
  LogQuery,
  WatchChange,
} from "../../../mesh/ports.ts";
import type { World } from "../world/blueprint.ts";
import { clusterObjects } from "../objects/clusterObjects.ts";
import { timestamp, uidFor, type Making } from "../objects/making.ts";
import { podLogs } from "./podLogs.ts";
import { demoKinds } from "./kinds.ts";
import { liveObjects } from "./churn.ts";
import { isLive, nextChange } from "./rhythm.ts";
import { ObjectStore } from "./objectStore.ts";
import { fieldMatcher, labelMatcher } from "./selectors.ts";
import { fieldManager, merged } from "./serverSideApply.ts";
import { usageGroup, usageObjects } from "./usage.ts";
import { Changes } from "./changes.ts";

const pageSize = 500;

/** An object that changes by itself, as it was placed last. */
interface LiveState {
  readonly token: string;
  readonly group: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** One of the world's clusters behind the same port as a real one. */
export class DemoCluster implements ClusterSource {
  readonly context: string;
  readonly making: Making;
  readonly store = new ObjectStore();
  readonly world: World;
  readonly #clock: Clock;
  readonly #closing = new AbortController();
  #live = new Map<string, LiveState>();
  #changesAt = -Infinity;
  #timer: Disposable | undefined;
  #watchers = 0;

  constructor(making: Making, world: World, clock: Clock) {
    this.context = making.cluster.context;
    this.making = making;
    this.world = world;
    this.#clock = clock;
    for (const lazy of clusterObjects(making, world, isLive)) this.store.place(lazy);
    this.#advance();
  }

  now(): number {
    return this.#clock.now();
  }

  async identity(signal: AbortSignal) {
    await this.#ready(signal);
    return { key: uidFor(this.making, "Namespace", "", "kube-system"), version: this.making.cluster.kubernetesVersion };
  }

  async kinds(signal: AbortSignal): Promise<readonly KindOnServer[]> {
    await this.#ready(signal);
    return demoKinds;
  }

  async *list(query: ListQuery, signal: AbortSignal): AsyncGenerator<ListPage, void, undefined> {
    await this.#ready(signal);
    let objects: KubeObject[] = [];
    for (const object of this.#matching(query)) {
      objects.push(object);
      if (objects.length < pageSize) continue;
      yield { objects };
      // A big world must not hold up everything else in the process until it is listed.
      await setImmediate();
      await this.#ready(signal);
      objects = [];
    }
    yield { objects };
  }

  async *watch(query: ListQuery, signal: AbortSignal): AsyncGenerator<WatchChange, void, undefined> {
    await this.#ready(signal);
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    const matches = matcherOf(query);
    const changes = new Changes();
    const { group, kind } = query.kind;
    // Listening begins before the list is read, so that nothing between the two is missed.
    const listening = this.store.listen(({ type, object }) => {
      if (object.kind !== kind || groupOf(object.apiVersion) !== group || !isInScope(query, object)) return;
      if (type === "upsert" && matches(object)) changes.push({ type, objects: [trimmed(query, object)] });
      else changes.push({ type: "gone", object: trimmed(query, object) });
    });
    this.#watchers++;
    this.#schedule();
    try {
      yield { type: "listing" };
      for await (const { objects } of this.list(query, ended)) {
        if (objects.length > 0) yield { type: "upsert", objects };
      }
      yield { type: "listed", unread: [] };
      for (;;) yield await changes.next(ended);
    } finally {
      listening.dispose();
      this.#watchers--;
      this.#schedule();
    }
  }

  async get(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<KubeObject> {
    await this.#ready(signal);
    if (kind.group === usageGroup) return this.#usageOf(kind.kind, namespace, name);
    const stored = this.store.get(kind.group, kind.kind, namespace, name);
    if (!stored) throw this.#missing(kind.kind, namespace, name);
    return stored.object;
  }

  async apply(object: KubeObject, kind: KindOnServer, options: ApplyOptions, signal: AbortSignal): Promise<KubeObject> {
    await this.#ready(signal);
    const { name, namespace = "" } = object.metadata;
    if (object.kind !== kind.kind || groupOf(object.apiVersion) !== kind.group || !name) {
      throw new MeshError("invalid", say("Cannot apply {0} {1} as {2}.", object.kind, name, kind.kind));
    }
    if (kind.namespaced && !this.store.get("", "Namespace", "", namespace)) {
      throw this.#missing("Namespace", "", namespace);
    }
    const stored = this.store.get(kind.group, kind.kind, namespace, name);
    if (!stored) return this.#create(object, options);
    const { resourceVersion } = object.metadata;
    if (resourceVersion !== undefined && resourceVersion !== stored.object.metadata.resourceVersion) {
      const words = say("{0} {1} has changed since it was read.", object.kind, name);
      throw new MeshError("conflict", words, { hint: say("Read it again and repeat the change.") });
    }
    const { next, isChanged } = merged(stored, object, options.force);
    const isSpecChanged = JSON.stringify(next.object["spec"]) !== JSON.stringify(stored.object["spec"]);
    const generation = (stored.object.metadata.generation ?? 1) + (isSpecChanged ? 1 : 0);
    const result = { ...next.object, metadata: { ...next.object.metadata, generation } };
    if (options.dryRun) return result;
    // An apply that changes nothing keeps the resource version, as a real server does.
    return isChanged ? this.store.put({ ...next, object: result }) : stored.object;
  }

  async delete(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<void> {
    await this.#ready(signal);
    if (!this.store.remove(kind.group, kind.kind, namespace, name)) throw this.#missing(kind.kind, namespace, name);
  }

  async mayI(_question: unknown, signal: AbortSignal): Promise<boolean> {
    await this.#ready(signal);
    return true;
  }

  async *logs(query: LogQuery, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    await this.#ready(signal);
    const stored = this.store.get("", "Pod", query.namespace, query.pod);
    if (!stored) throw this.#missing("Pod", query.namespace, query.pod);
    const ended = AbortSignal.any([signal, this.#closing.signal]);
    yield* podLogs({ pod: stored.object, making: this.making, world: this.world, clock: this.#clock }, query, ended);
  }

  exec(): Promise<never> {
    return Promise.reject(new MeshError("unsupported", say("Pods of the demo mesh do not run commands.")));
  }

  forward(): Promise<never> {
    return Promise.reject(new MeshError("unsupported", say("Pods of the demo mesh have no ports to forward to.")));
  }

  async proxy(_query: unknown, signal: AbortSignal) {
    await this.#ready(signal);
    const body = { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404 };
    return { status: 404, contentType: "application/json", body: JSON.stringify(body) };
  }

  dispose(): void {
    this.#closing.abort();
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  async #ready(signal: AbortSignal): Promise<void> {
    await Promise.resolve();
    signal.throwIfAborted();
    this.#closing.signal.throwIfAborted();
    this.#advance();
  }

  *#matching(query: ListQuery): Generator<KubeObject, void, undefined> {
    const { group, kind, namespaced } = query.kind;
    if (!demoKinds.some((known) => known.group === group && known.kind === kind)) {
      throw new MeshError(
        "not-found",
        say("{0} does not have the kind {1} ({2}).", this.context, kind, group || "core"),
      );
    }
    const hasLabels = labelMatcher(query.labelSelector);
    const hasFields = fieldMatcher(query.fieldSelector);
    const isInScope = namespaced ? scopeOf(query) : () => true;
    if (group === usageGroup) {
      for (const object of usageObjects(this.making, this.world, { kind, now: this.#clock.now() })) {
        const isMeant = isInScope(object.metadata.namespace ?? "") && hasLabels(object.metadata.labels);
        if (isMeant && hasFields(object)) yield trimmed(query, object);
      }
      return;
    }
    for (const object of this.store.list(group, kind, { isInScope, hasLabels })) {
      if (hasFields(object)) yield trimmed(query, object);
    }
  }

  #usageOf(kind: string, namespace: string, name: string): KubeObject {
    for (const object of usageObjects(this.making, this.world, { kind, now: this.#clock.now() })) {
      if (object.metadata.name === name && (object.metadata.namespace ?? "") === namespace) return object;
    }
    throw this.#missing(kind, namespace, name);
  }

  #create(object: KubeObject, options: ApplyOptions): KubeObject {
    const { kind, metadata } = object;
    const created: KubeObject = {
      ...object,
      metadata: {
        ...metadata,
        uid: uidFor(this.making, kind, metadata.namespace ?? "", `${metadata.name}/${this.#clock.now()}`),
        generation: 1,
        creationTimestamp: timestamp(this.#clock.now()),
      },
    };
    return options.dryRun ? created : this.store.put({ object: created, manager: fieldManager, owners: undefined });
  }

  #missing(kind: string, namespace: string, name: string): MeshError {
    const where = namespace === "" ? name : `${namespace}/${name}`;
    return new MeshError("not-found", say("{0} {1} is not in {2}.", kind, where, this.context));
  }

  /** Brings what changes by itself up to the present. */
  #advance(): void {
    const now = this.#clock.now();
    if (now < this.#changesAt) return;
    this.#changesAt = nextChange(now);
    const live = new Map<string, LiveState>();
    for (const { lazy, token } of liveObjects(this.making, this.world, now)) {
      const { kind, namespace, name } = lazy;
      const group = groupOf(lazy.apiVersion);
      const id = `${group}/${kind}/${namespace}/${name}`;
      live.set(id, { token, group, kind, namespace, name });
      if (this.#live.get(id)?.token !== token) this.store.place(lazy);
    }
    for (const [id, { group, kind, namespace, name }] of this.#live) {
      if (!live.has(id)) this.store.remove(group, kind, namespace, name);
    }
    this.#live = live;
  }

  #schedule(): void {
    if (this.#watchers === 0 || this.#closing.signal.aborted) {
      this.#timer?.dispose();
      this.#timer = undefined;
      return;
    }
    this.#timer ??= this.#clock.after(Math.max(0, this.#changesAt - this.#clock.now()), () => {
      this.#timer = undefined;
      this.#advance();
      this.#schedule();
    });
  }
}

function matcherOf(query: ListQuery): (object: KubeObject) => boolean {
  const labels = labelMatcher(query.labelSelector);
  const fields = fieldMatcher(query.fieldSelector);
  return (object) => labels(object.metadata.labels) && fields(object);
}

function scopeOf({ scope }: ListQuery): (namespace: string) => boolean {
  if ("all" in scope) return () => true;
  const wanted = new Set(scope.namespaces);
  return (namespace) => wanted.has(namespace);
}

function isInScope(query: ListQuery, object: KubeObject): boolean {
  return !query.kind.namespaced || scopeOf(query)(object.metadata.namespace ?? "");
}

function trimmed(query: ListQuery, object: KubeObject): KubeObject {
  if (!query.metadataOnly) return object;
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, metadata };
}
