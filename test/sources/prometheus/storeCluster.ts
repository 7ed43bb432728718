import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { KindOnServer, KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { ClusterSource, Forward, ListPage, ListQuery, ProxyAnswer, ProxyQuery } from "../../../src/mesh/ports.ts";

export interface Behind {
  /** The port on 127.0.0.1 where the pod's program really listens. */
  readonly listensAt: number;
  readonly namespace?: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Ports of the Service as they stand in its spec; the first leads to `listensAt`, under the number in the spec. */
  readonly ports: readonly Readonly<Record<string, unknown>>[];
  readonly args?: readonly string[];
  readonly isReady?: boolean;
}

/** A cluster in memory, whose Services lead to servers of the test: through its proxy, and through real local ports. */
export class StoreCluster implements ClusterSource {
  readonly context: string;
  readonly listed: string[] = [];
  readonly proxied: ProxyQuery[] = [];
  readonly forwards = new Set<Server>();
  forwardsMade = 0;
  /** What the proxy says instead of serving. */
  proxyRefusal: MeshError | undefined;
  bearer: string | undefined;
  extraKinds: readonly KindOnServer[] = [];
  objects: KubeObject[] = [];
  readonly #behind: Behind[] = [];
  readonly #connections = new Set<Socket>();

  constructor(context = "test") {
    this.context = context;
  }

  /** Adds a Service with one pod. */
  install(behind: Behind): void {
    const { name, namespace = "istio-system", labels = {}, ports, args = [], isReady = true } = behind;
    const selector = { "selected-by": name };
    this.#behind.push({ ...behind, namespace });
    this.objects.push(
      { apiVersion: "v1", kind: "Service", metadata: { name, namespace, labels }, spec: { selector, ports } },
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: `${name}-0`, namespace, labels: selector },
        spec: { containers: [{ name: "main", args, ports: [{ name: "named", containerPort: 4242 }] }] },
        status: { conditions: [{ type: "Ready", status: isReady ? "True" : "False" }] },
      },
    );
  }

  /** The pod of a Service is gone, and another one stands in its place. */
  replacePod(service: string): void {
    this.objects = this.objects.map((object) =>
      object.kind === "Pod" && object.metadata.labels?.["selected-by"] === service
        ? { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-new` } }
        : object,
    );
    for (const connection of this.#connections) connection.destroy();
  }

  kinds(): Promise<readonly KindOnServer[]> {
    return Promise.resolve(this.extraKinds);
  }

  async *list({ kind, scope, labelSelector = "" }: ListQuery): AsyncGenerator<ListPage> {
    await Promise.resolve();
    this.listed.push(`${kind.plural} ${labelSelector}`);
    const namespaces = "namespaces" in scope ? scope.namespaces : undefined;
    const objects = this.objects.filter(
      (object) =>
        object.kind === kind.kind &&
        (namespaces?.includes(object.metadata.namespace ?? "") ?? true) &&
        isSelected(object.metadata.labels ?? {}, labelSelector),
    );
    yield { objects };
  }

  get(kind: KindOnServer, namespace: string, name: string): Promise<KubeObject> {
    const found = this.objects.find(
      ({ kind: called, metadata }) =>
        called === kind.kind && metadata.namespace === namespace && metadata.name === name,
    );
    if (found) return Promise.resolve(found);
    return Promise.reject(new MeshError("not-found", say("There is no {0} {1}.", kind.kind, name)));
  }

  async proxy(query: ProxyQuery, signal: AbortSignal): Promise<ProxyAnswer> {
    this.proxied.push(query);
    if (this.proxyRefusal) throw this.proxyRefusal;
    const [, scheme = "http", name, port] = /^(?:(https?):)?([^:]+):(.+)$/.exec(query.service) ?? [];
    const behind = this.#behind.find((each) => each.name === name && each.namespace === query.namespace);
    const isOffered = behind?.ports[0]?.["name"] === port || String(behind?.ports[0]?.["port"]) === port;
    if (!behind || !isOffered) throw new MeshError("not-found", say("There is no such port."));
    const response = await fetch(`${scheme}://127.0.0.1:${behind.listensAt}${query.path}`, {
      method: query.method ?? "GET",
      body: query.body ?? null,
      signal,
      redirect: "manual",
    });
    return {
      status: response.status,
      contentType: response.headers.get("content-type") ?? "",
      body: await response.text(),
    };
  }

  async forward(target: { namespace: string; pod: string; port: number }, signal: AbortSignal): Promise<Forward> {
    signal.throwIfAborted();
    const podOf = (): KubeObject | undefined =>
      this.objects.find(({ kind, metadata }) => kind === "Pod" && metadata.name === target.pod);
    const behind = this.#behind.find((each) => each.name === podOf()?.metadata.labels?.["selected-by"]);
    if (!behind || targetNumber(behind) !== target.port)
      throw new MeshError("not-found", say("There is no such pod port."));
    this.forwardsMade++;
    const server = createServer((local) => {
      if (!podOf()) return void local.destroy();
      this.#connections.add(local);
      const remote = connect(behind.listensAt, "127.0.0.1");
      local.on("error", () => remote.destroy()).on("close", () => remote.destroy());
      remote.on("error", () => local.destroy()).on("close", () => local.destroy());
      local.pipe(remote).pipe(local);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.forwards.add(server);
    const close = (): void => {
      server.close();
      this.forwards.delete(server);
    };
    signal.addEventListener("abort", close, { once: true });
    return { localPort: (server.address() as AddressInfo).port, dispose: close };
  }

  token(): Promise<string | undefined> {
    return Promise.resolve(this.bearer);
  }

  identity(): never {
    throw new Error("not asked for");
  }

  // eslint-disable-next-line require-yield -- nothing is watched
  async *watch(): AsyncGenerator<never> {
    await Promise.reject(new Error("not asked for"));
  }

  apply(): never {
    throw new Error("not asked for");
  }

  delete(): never {
    throw new Error("not asked for");
  }

  mayI(): never {
    throw new Error("not asked for");
  }

  // eslint-disable-next-line require-yield -- nothing is logged
  async *logs(): AsyncGenerator<never> {
    await Promise.reject(new Error("not asked for"));
  }

  exec(): never {
    throw new Error("not asked for");
  }

  dispose(): void {
    for (const server of this.forwards) server.close();
  }
}

function targetNumber({ ports: [port] }: Behind): unknown {
  const target = port?.["targetPort"] ?? port?.["port"];
  return target === "named" ? 4242 : target;
}

/** Label selectors as far as discovery writes them: "a=b,c=d" and "a in (b,c)". */
function isSelected(labels: Readonly<Record<string, string>>, selector: string): boolean {
  const set = /^(\S+) in \(([^)]*)\)$/.exec(selector);
  if (set) return (set[2] ?? "").split(",").includes(labels[set[1] ?? ""] ?? "");
  return (
    selector === "" || selector.split(",").every((part) => labels[part.split("=")[0] ?? ""] === part.split("=")[1])
  );
}
