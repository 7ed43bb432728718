import { Disposer } from "../../mesh/disposer.ts";
import type { KindOnServer, KubeObject } from "../../mesh/model/kubeObject.ts";
import type { ClusterKey } from "../../mesh/model/refs.ts";
import type {
  AccessQuestion,
  ApplyOptions,
  ClusterIdentity,
  ClusterSource,
  Clock,
  ExecQuery,
  ExecResult,
  Forward,
  ListPage,
  ListQuery,
  Log,
  LogQuery,
  ProxyAnswer,
  ProxyQuery,
  WatchChange,
} from "../../mesh/ports.ts";
import { Agents } from "./http/agents.ts";
import { Authority } from "./credentials/authority.ts";
import { connectionOf, type Connection } from "./kubeconfig/connection.ts";
import { kindsOnServer } from "./reading/discovery.ts";
import { ExecCredentials } from "./credentials/execCredentials.ts";
import type { Kubeconfig } from "./kubeconfig/kubeconfig.ts";
import { listPages } from "./reading/listing.ts";
import { applyObject, deleteObject, getObject, identityOf, mayI, proxied } from "./reading/objectCalls.ts";
import { logLines } from "./streams/logLines.ts";
import { proxyOfEnv } from "./http/proxyOfEnv.ts";
import { signInAdvice } from "./credentials/signInAdvice.ts";
import { usualLimits, type Limits } from "./http/limits.ts";
import { Transport } from "./http/transport.ts";
import { watchChanges } from "./reading/watching.ts";

export interface OpenOptions {
  readonly log: Log;
  readonly clock: Clock;
  /** false: this kubeconfig file may not start programs. */
  readonly mayRun: (file: string) => boolean;
  /** For proxies and credential plugins; the process's own unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<Limits>;
  /** How long a credential plugin may take; 60 s unless given. */
  readonly pluginLimitMs?: number;
}

/**
 * A cluster reached as a context says. Nothing is read, started or connected before the first call; a context that
 * cannot be used makes each call throw the same MeshError. Contexts of one Kubeconfig share credential plugins' answers.
 */
export function openCluster(kubeconfig: Kubeconfig, context: string, options: OpenOptions): ClusterSource {
  return new KubeCluster(kubeconfig, context, options);
}

class KubeCluster implements ClusterSource {
  readonly context: string;
  readonly #owned = new Disposer();
  readonly #closed = new AbortController();
  readonly #open: () => Transport;
  #transport: Transport | undefined;

  constructor(kubeconfig: Kubeconfig, context: string, options: OpenOptions) {
    this.context = context;
    this.#open = () => {
      const transport = transportOf(kubeconfig, context, options);
      this.#owned.own(transport.wire.agents);
      return transport;
    };
  }

  identity(signal: AbortSignal): Promise<ClusterIdentity> {
    return this.#call(signal, identityOf);
  }

  unproven(key: ClusterKey): number | undefined {
    return this.#transport?.marks.unproven(key);
  }

  kinds(signal: AbortSignal): Promise<readonly KindOnServer[]> {
    return this.#call(signal, kindsOnServer);
  }

  async *list(query: ListQuery, signal: AbortSignal): AsyncGenerator<ListPage> {
    yield* listPages(this.#ready(), query, this.#until(signal));
  }

  async *watch(query: ListQuery, signal: AbortSignal): AsyncGenerator<WatchChange> {
    yield* watchChanges(this.#ready(), query, this.#until(signal));
  }

  get(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<KubeObject> {
    return this.#call(signal, (transport, stop) => getObject(transport, { kind, namespace, name }, stop));
  }

  apply(object: KubeObject, kind: KindOnServer, options: ApplyOptions, signal: AbortSignal): Promise<KubeObject> {
    return this.#call(signal, (transport, stop) => applyObject(transport, { object, kind, ...options }, stop));
  }

  delete(kind: KindOnServer, namespace: string, name: string, signal: AbortSignal): Promise<void> {
    return this.#call(signal, (transport, stop) => deleteObject(transport, { kind, namespace, name }, stop));
  }

  mayI(question: AccessQuestion, signal: AbortSignal): Promise<boolean> {
    return this.#call(signal, (transport, stop) => mayI(transport, question, stop));
  }

  /** Who acts as somebody else has no token of that somebody, and must not show their own in its place. */
  token(signal: AbortSignal): Promise<string | undefined> {
    return this.#call(signal, async ({ wire: { authority, connection } }, stop) =>
      connection.identity.impersonation.length > 0 ? undefined : (await authority.sign(stop)).bearer,
    );
  }

  /** Lines without their ends, one at a time. */
  async *logs(query: LogQuery, signal: AbortSignal): AsyncGenerator<string> {
    yield* logLines(this.#ready(), query, this.#until(signal));
  }

  exec(query: ExecQuery, signal: AbortSignal): Promise<ExecResult> {
    return this.#call(signal, async (transport, stop) => {
      const { execInPod } = await import("./streams/podStreams.ts");
      return await execInPod(transport, query, stop);
    });
  }

  forward(target: { namespace: string; pod: string; port: number }, signal: AbortSignal): Promise<Forward> {
    return this.#call(signal, async (transport, stop) => {
      const { forwardToPod } = await import("./streams/podStreams.ts");
      return this.#owned.own(await forwardToPod(transport, target, stop));
    });
  }

  proxy(query: ProxyQuery, signal: AbortSignal): Promise<ProxyAnswer> {
    return this.#call(signal, (transport, stop) => proxied(transport, query, stop));
  }

  dispose(): void {
    this.#closed.abort();
    this.#owned.dispose();
  }

  #ready(): Transport {
    return (this.#transport ??= this.#open());
  }

  #until(signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.#closed.signal]);
  }

  // async, so that a context that cannot be used rejects instead of throwing at once.
  async #call<V>(signal: AbortSignal, run: (transport: Transport, signal: AbortSignal) => Promise<V>): Promise<V> {
    return await run(this.#ready(), this.#until(signal));
  }
}

function transportOf(kubeconfig: Kubeconfig, context: string, options: OpenOptions): Transport {
  const { log, clock, env = process.env } = options;
  const connection = connectionOf(kubeconfig, context, options.mayRun);
  const limits = { ...usualLimits, ...options.limits };
  const { exec } = connection.identity;
  const execOptions = { clock, log, env, limitMs: options.pluginLimitMs ?? 60_000 };
  const credentials =
    exec && sharedCredentials(kubeconfig, connection, () => new ExecCredentials(exec, connection, execOptions));
  const proxy = connection.proxyUrl ?? proxyOfEnv(connection.server, env);
  return new Transport({
    connection,
    authority: new Authority(connection, credentials, clock),
    agents: new Agents(connection, proxy, limits.connectMs),
    proxy,
    place: { context, host: connection.server.host, signIn: signInAdvice(exec?.command, exec?.args) },
    limits,
    clock,
    log,
  });
}

// Five contexts with one user must not open five browsers. Held by the kubeconfig, so a new reading starts afresh.
const shared = new WeakMap<Kubeconfig, Map<string, ExecCredentials>>();

function sharedCredentials(
  kubeconfig: Kubeconfig,
  connection: Connection,
  make: () => ExecCredentials,
): ExecCredentials {
  const { exec } = connection.identity;
  const known = shared.get(kubeconfig) ?? new Map<string, ExecCredentials>();
  shared.set(kubeconfig, known);
  const key = JSON.stringify([exec?.file, exec?.user, exec?.provideClusterInfo ? connection.server.href : ""]);
  const credentials = known.get(key) ?? make();
  known.set(key, credentials);
  return credentials;
}
