import { env, l10n } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { Clock, Log } from "../../mesh/ports.ts";
import type { Contract, Port, ToHost, ToPage } from "../../protocol/contract.ts";
import { serve, type Handlers, type Server } from "../../protocol/serve.ts";
import type { MeshConnection } from "../connection.ts";
import { describeFailure, notConnected } from "./pageErrors.ts";
import { meshIdOf, meshNameOf } from "./meshNames.ts";
import { isNamed, whenEvery } from "./whenReadable.ts";

/** What a host does for each request of its page. */
export type Runs<C extends Contract> = {
  readonly [N in keyof C["requests"]]: (
    params: C["requests"][N]["params"],
    signal: AbortSignal,
  ) => Promise<C["requests"][N]["result"]>;
};

/** How a host reads what its page asks for; each throws on what does not fit. */
export type Parsers<C extends Contract> = {
  readonly [N in keyof C["requests"]]: (params: unknown) => C["requests"][N]["params"];
};

/** What every page is told first. */
export interface PageBeginning {
  readonly meshId: string;
  readonly meshName: string;
  readonly locale: string;
  readonly translations: Readonly<Record<string, string>>;
  readonly isDemo: boolean;
  /** Of the store that keeps its numbers longest; null where none tells. */
  readonly retentionSeconds: number | null;
}

export interface ServedDesk {
  readonly connection: MeshConnection;
  readonly log: Log;
  readonly clock: Clock;
  /** The page shows another mesh from now on, or it is known by another name. */
  named(meshName: string): void;
}

const namingMillis = 10_000;

/** The page that a host serves now, one at a time, and the mesh that it was told of. */
export class ServedPage<C extends Contract> implements Disposable {
  readonly #desk: ServedDesk;
  readonly #handlers: Handlers<C>;
  #server: Server<C> | undefined;
  #told: LiveMesh | undefined;
  #hasTold = false;

  constructor(desk: ServedDesk, parsers: Parsers<C>, runs: Runs<C>) {
    this.#desk = desk;
    const names = Object.keys(runs) as (keyof C["requests"])[];
    const handlers = names.map((name) => [name, { parse: parsers[name], run: runs[name] }]);
    this.#handlers = Object.fromEntries(handlers) as Handlers<C>;
  }

  get isOpen(): boolean {
    return this.#server !== undefined;
  }

  /** The page has asked what it is about. */
  get hasBegun(): boolean {
    return this.#hasTold;
  }

  /** The page was told of another mesh than the window shows now. */
  get isOutdated(): boolean {
    return this.#hasTold && this.#told !== this.#desk.connection.live;
  }

  /** The mesh that the page was told of; undefined where it was told that there is none, or nothing yet. */
  get told(): LiveMesh | undefined {
    return this.#told;
  }

  /** Throws where the window has no mesh. */
  get live(): LiveMesh {
    const { live } = this.#desk.connection;
    if (!live) throw notConnected();
    return live;
  }

  open(port: Port<ToPage, ToHost>, onClose: () => void): Disposable {
    this.#server?.dispose();
    const server = serve<C>(port, this.#handlers, (error) => describeFailure(this.#desk.log, error));
    this.#server = server;
    this.#forget();
    return {
      dispose: () => {
        server.dispose();
        if (this.#server !== server) return;
        this.#server = undefined;
        this.#forget();
        onClose();
      },
    };
  }

  /** Opens what the window is pinned to, and says whose it is. */
  async begin(signal: AbortSignal): Promise<PageBeginning> {
    const { connection, clock } = this.#desk;
    await connection.open();
    const { live } = connection;
    this.#told = live;
    this.#hasTold = true;
    if (live) await whenEvery(live, isNamed, { clock, signal, limitMillis: namingMillis });
    this.rename();
    const retentions = (live?.clusters ?? []).flatMap(
      ({ telemetry }) => telemetry.capabilities?.retentionSeconds ?? [],
    );
    return {
      meshId: live ? meshIdOf(live) : "",
      meshName: this.#name(live),
      locale: env.language,
      translations: l10n.bundle ?? {},
      isDemo: connection.situation.demo,
      retentionSeconds: retentions.length > 0 ? Math.max(...retentions) : null,
    };
  }

  /** Says on the tab what the window's mesh is called now. */
  rename(): void {
    this.#desk.named(this.#name(this.#desk.connection.live));
  }

  emit<N extends keyof C["events"] & string>(name: N, data: C["events"][N]): void {
    this.#server?.emit(name, data);
  }

  dispose(): void {
    this.#server?.dispose();
    this.#server = undefined;
  }

  #forget(): void {
    this.#hasTold = false;
    this.#told = undefined;
  }

  #name(live: LiveMesh | undefined): string {
    if (!live) return "";
    return this.#desk.connection.situation.demo ? l10n.t("demo mesh") : meshNameOf(live);
  }
}
