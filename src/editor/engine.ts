import type { Disposable } from "../mesh/disposer.ts";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import type { Message } from "../mesh/message.ts";
import type { ClusterKey } from "../mesh/model/refs.ts";
import type { Log } from "../mesh/ports.ts";
import type { DrilldownDesk, DrilldownServer } from "./pages/drilldownServer.ts";
import type { ListsDesk, ListsServer } from "./pages/listsServer.ts";
import type { TopologyDesk, TopologyServer } from "./pages/topologyServer.ts";
import type { Settings } from "./settings.ts";

// What the editor wants of everything heavy. `src/engine.ts` builds it, on first use only.

export interface ContextEntry {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string | undefined;
  readonly server: string | undefined;
  /** Another text as soon as anything changes that the context connects with. */
  readonly definition: string;
  /** The kubeconfig file that has a program started to sign in with; undefined where there is none. */
  readonly runsProgramOf?: string | undefined;
}

export interface ContextList {
  /** The files that were looked for, in the order of their rank. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly contexts: readonly ContextEntry[];
  readonly problems: readonly Message[];
}

export type Credentials = { readonly bearer: string } | { readonly user: string; readonly password: string };

/** What the engine asks back. */
export interface EngineHost {
  readonly log: Log;
  /** Says what is wrong with what somebody wrote into a setting. */
  readonly complain?: (problems: readonly Message[]) => void;
  /** The user's language, for numbers. */
  readonly locale: string;
  /** Kept outside settings and state; undefined where the user has set none for this cluster. */
  readonly credentials: (cluster: ClusterKey) => Promise<Credentials | undefined>;
  /** False for a kubeconfig that the workspace brought along while the workspace is not trusted. */
  readonly mayRun: (file: string) => boolean;
}

export interface ConnectRequest {
  /** The reading that says what the contexts are. */
  readonly list: ContextList;
  readonly contexts: readonly string[];
  /** By context: the cluster that it has to lead to. Of any other nothing is shown. */
  readonly expectedKeys: ReadonlyMap<string, ClusterKey>;
  readonly settings: Settings;
  /** undefined: all that may be read. */
  readonly namespaces: readonly string[] | undefined;
}

export interface Engine {
  /** Reads the kubeconfig files again. Starts nothing and reaches nothing. */
  readContexts(files: readonly string[]): Promise<ContextList>;
  /** Calls back when one of the files of a reading has changed. */
  watchContexts(list: ContextList, onChange: () => void): Disposable;
  /** Nothing is reached until somebody watches the mesh. */
  connect(request: ConnectRequest): LiveMesh;
  connectDemo(request: Pick<ConnectRequest, "settings" | "namespaces">): LiveMesh;
  /** The other end of a topology page. */
  serveTopology(desk: TopologyDesk): TopologyServer;
  /** The other end of a drill-down page. */
  serveDrilldown(desk: DrilldownDesk): DrilldownServer;
  /** The other end of a lists page. */
  serveLists(desk: ListsDesk): ListsServer;
  /** Facts about the process for the Doctor: versions, proxy variables without their user part. */
  surroundings(): Readonly<Record<string, string>>;
}

export type LoadEngine = () => Promise<Engine>;
