import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { fieldsOf } from "../../../src/mesh/model/fields.ts";
import { groupOf, type KindOnServer, type KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type {
  AccessQuestion,
  ClusterIdentity,
  ClusterSource,
  ListPage,
  ListQuery,
  LogQuery,
  Unread,
  WatchChange,
} from "../../../src/mesh/ports.ts";

interface Watcher {
  readonly query: ListQuery;
  readonly namespaces: readonly string[] | undefined;
  readonly tell: (change: WatchChange) => void;
  readonly fail: (error: Error) => void;
}

const plurals = new Map([
  ["ServiceEntry", "serviceentries"],
  ["WorkloadEntry", "workloadentries"],
  ["PodMetrics", "pods"],
  ["NodeMetrics", "nodes"],
]);

export function aKind(apiVersion: string, kind: string, namespaced = true): KindOnServer {
  const group = groupOf(apiVersion);
  const version = group === "" ? apiVersion : apiVersion.slice(group.length + 1);
  return { group, version, kind, plural: plurals.get(kind) ?? `${kind.toLowerCase()}s`, namespaced };
}

export const coreKinds: readonly KindOnServer[] = [
  aKind("v1", "Namespace", false),
  aKind("v1", "Service"),
  aKind("v1", "Pod"),
  aKind("v1", "ConfigMap"),
  aKind("v1", "Secret"),
  aKind("apps/v1", "Deployment"),
  aKind("apps/v1", "StatefulSet"),
  aKind("apps/v1", "DaemonSet"),
  aKind("apps/v1", "ReplicaSet"),
  aKind("batch/v1", "Job"),
];

export function forbidden(what: string): MeshError {
  return new MeshError("forbidden", say("Cannot list {0}: forbidden.", what));
}

/** A cluster that lies in memory: what it holds, what it forbids and when it fails is the test's to say. */
export class RecordedCluster implements ClusterSource {
  readonly context: string;
  kindsOnServer: readonly KindOnServer[];
  /** Answers `identity`; an Error is thrown. */
  answer: ClusterIdentity | Error;
  /** True for what may not be read; namespace undefined asks for the whole cluster. */
  forbids: (plural: string, namespace: string | undefined) => boolean = () => false;
  /** Kinds (plural) whose first list never ends. */
  readonly hangs = new Set<string>();
  /** Every call in order, e.g. "watch pods in shop", "list pods everywhere", "get rollouts shop/a". */
  readonly calls: string[] = [];
  /** What a log answers. */
  logLines: (query: LogQuery) => AsyncIterable<string> = () => {
    throw new Error("not recorded");
  };
  /** What was asked to be watched, in order. */
  readonly watched: ListQuery[] = [];
  /** See ClusterSource.unproven; absent unless `tellItself` was called. */
  unproven?: (key: string) => number;
  isDisposed = false;
  readonly #objects = new Map<string, KubeObject>();
  readonly #watchers = new Set<Watcher>();
  /** By whom each answer was given. */
  readonly #given: string[] = [];
  #openCalls = 0;

  constructor(context: string, objects: readonly KubeObject[] = [], kinds = coreKinds) {
    this.context = context;
    this.kindsOnServer = kinds;
    this.answer = { key: `uid-of-${context}`, version: "v1.36.0" };
    for (const object of objects) this.#objects.set(keyOf(object), object);
  }

  /** Watches and calls that have not ended. */
  get open(): number {
    return this.#watchers.size + this.#openCalls;
  }

  put(...objects: readonly KubeObject[]): void {
    for (const object of objects) {
      this.#objects.set(keyOf(object), object);
      for (const watcher of this.#watchersOf(object)) watcher.tell({ type: "upsert", objects: [object] });
    }
  }

  remove(object: KubeObject): void {
    this.#objects.delete(keyOf(object));
    for (const watcher of this.#watchersOf(object)) watcher.tell({ type: "gone", object });
  }

  /** Changes what is there without telling the watches. */
  hushed(change: () => void): void {
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    change();
    for (const watcher of watchers) this.#watchers.add(watcher);
  }

  /** Every watch lists again, as after 410. */
  relist(): void {
    for (const watcher of this.#watchers) for (const change of this.#listed(watcher)) watcher.tell(change);
  }

  tellAll(change: WatchChange): void {
    for (const watcher of this.#watchers) watcher.tell(change);
  }

  /** Ends every watch of a kind, or of all. */
  failWatches(error: Error, plural?: string): void {
    for (const watcher of this.#watchers) {
      if (plural === undefined || watcher.query.kind.plural === plural) watcher.fail(error);
    }
  }

  /** From now on each answer proves which cluster it is of. */
  tellItself(): void {
    this.unproven = (key) => this.#given.filter((given) => given !== key).length;
  }

  identity(signal: AbortSignal): Promise<ClusterIdentity> {
    this.calls.push("identity");
    return this.#answered(this.answer, signal);
  }

  kinds(signal: AbortSignal): Promise<readonly KindOnServer[]> {
    return this.#answered(this.kindsOnServer, signal);
  }

  async *list(query: ListQuery, signal: AbortSignal): AsyncIterable<ListPage> {
    this.#note("list", query);
    await this.#answered(undefined, signal);
    const { namespaces } = this.#readable(query);
    yield { objects: this.#matching({ query, namespaces }) };
  }

  async *watch(query: ListQuery, signal: AbortSignal): AsyncIterable<WatchChange> {
    this.#note("watch", query);
    this.watched.push(query);
    const queue: WatchChange[] = [];
    let failure: Error | undefined;
    let wake: () => void = () => undefined;
    const { namespaces } = this.#readable(query);
    const watcher: Watcher = {
      query,
      namespaces,
      tell: (change) => {
        queue.push(change);
        wake();
      },
      fail: (error) => {
        failure = error;
        wake();
      },
    };
    this.#watchers.add(watcher);
    const onAbort = () => wake();
    signal.addEventListener("abort", onAbort);
    if (!this.hangs.has(query.kind.plural) && !this.hangs.has(placeOf(query))) queue.push(...this.#listed(watcher));
    try {
      while (!signal.aborted) {
        const change = queue.shift();
        if (change) yield change;
        else if (failure) throw failure;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#watchers.delete(watcher);
    }
  }

  async get(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<KubeObject> {
    this.calls.push(`get ${kind.plural} ${namespace}/${name}`);
    await this.#answered(undefined, signal);
    if (this.forbids(kind.plural, namespace)) throw forbidden(kind.plural);
    const found = [...this.#objects.values()].find(
      (object) =>
        object.kind === kind.kind && (object.metadata.namespace ?? "") === namespace && object.metadata.name === name,
    );
    if (!found) throw new MeshError("not-found", say("There is no {0} {1}.", kind.kind, name));
    return found;
  }

  mayI({ resource, namespace }: AccessQuestion, signal: AbortSignal): Promise<boolean> {
    return this.#answered(!this.forbids(resource, namespace), signal);
  }

  apply = unused;
  delete = unused;
  exec = unused;
  forward = unused;
  proxy = unused;

  logs(query: LogQuery): AsyncIterable<string> {
    return this.logLines(query);
  }

  dispose(): void {
    this.isDisposed = true;
  }

  async #answered<T>(answer: T | Error, signal: AbortSignal): Promise<T> {
    this.#openCalls++;
    try {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
      this.#given.push(this.answer instanceof Error ? "nobody" : this.answer.key);
      if (answer instanceof Error) throw answer;
      return answer;
    } finally {
      this.#openCalls--;
    }
  }

  #note(verb: string, query: ListQuery): void {
    this.calls.push(`${verb} ${placeOf(query)}${query.metadataOnly ? " (metadata)" : ""}`);
  }

  /** Which namespaces a query reads (undefined: all) and which it may not; throws where nothing is left. */
  #readable({ kind, scope }: ListQuery): { namespaces: readonly string[] | undefined; unread: readonly Unread[] } {
    if ("all" in scope && !this.forbids(kind.plural, undefined)) return { namespaces: undefined, unread: [] };
    const wanted = "all" in scope ? scope.otherwise : scope.namespaces;
    const namespaces = wanted.filter((namespace) => kind.namespaced && !this.forbids(kind.plural, namespace));
    const error = forbidden(kind.plural);
    if (namespaces.length === 0) throw error;
    const unread = wanted.filter((namespace) => !namespaces.includes(namespace));
    const elsewhere = "all" in scope ? [{ namespace: undefined, error }] : [];
    return { namespaces, unread: [...elsewhere, ...unread.map((namespace) => ({ namespace, error }))] };
  }

  #listed(watcher: Watcher): readonly WatchChange[] {
    const objects = this.#matching(watcher);
    const { unread } = this.#readable(watcher.query);
    return [{ type: "listing" }, { type: "upsert", objects }, { type: "listed", unread }];
  }

  #matching({ query, namespaces }: Pick<Watcher, "query" | "namespaces">): readonly KubeObject[] {
    return [...this.#objects.values()].filter((object) => matches(object, query, namespaces));
  }

  #watchersOf(object: KubeObject): readonly Watcher[] {
    return [...this.#watchers].filter(({ query, namespaces }) => matches(object, query, namespaces));
  }
}

/** "pods in pay,shop" or "pods everywhere" */
function placeOf({ kind, scope }: ListQuery): string {
  return `${kind.plural} ${"all" in scope ? "everywhere" : `in ${scope.namespaces.join(",")}`}`;
}

function unused(): Promise<never> {
  return Promise.reject(new Error("not recorded"));
}

function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${apiVersion}/${kind}/${metadata.namespace ?? ""}/${metadata.name}`;
}

function matches(object: KubeObject, query: ListQuery, namespaces: readonly string[] | undefined): boolean {
  const { kind, labelSelector = "", fieldSelector = "" } = query;
  if (object.kind !== kind.kind || groupOf(object.apiVersion) !== kind.group) return false;
  if (namespaces && !namespaces.includes(object.metadata.namespace ?? "")) return false;
  if (!matchesFields(object, fieldSelector)) return false;
  return labelSelector === "" || matchesLabels(object.metadata.labels ?? {}, labelSelector);
}

/** "spec.nodeName=a,metadata.name=b"; backslashes escape. */
function matchesFields(object: KubeObject, selector: string): boolean {
  const terms = selector.match(/(?:\\.|[^,])+/g) ?? [];
  return terms.every((term) => {
    const [, path = "", value = ""] = /^([\w.]+)=(.*)$/.exec(term) ?? [];
    const found = path.split(".").reduce<unknown>((at, name) => fieldsOf(at)[name], object);
    return (typeof found === "string" ? found : "") === value.replace(/\\(.)/g, "$1");
  });
}

/** One requirement: "key", "!key", "key=value" or "key in (a,b)". */
function matchesLabels(labels: Readonly<Record<string, string>>, selector: string): boolean {
  if (selector.startsWith("!")) return !(selector.slice(1) in labels);
  const [, key = "", list] = /^(\S+) in \((.*)\)$/.exec(selector) ?? [];
  if (list !== undefined) return list.split(",").includes(labels[key] ?? "");
  const [name = "", value] = selector.split("=");
  return value === undefined ? name in labels : labels[name] === value;
}
