import { commands, env, l10n, window } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import { Disposer } from "../../mesh/disposer.ts";
import { noTrafficConfig } from "../../mesh/inventory/trafficConfig.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { Clock } from "../../mesh/ports.ts";
import { complete } from "../../mesh/topology/find/complete.ts";
import type { Port, ToHost, ToPage, WireError } from "../../protocol/contract.ts";
import { serve, type Handlers, type Server } from "../../protocol/serve.ts";
import type {
  Details,
  MenuAct,
  PageFacts,
  Target,
  TopologyContract,
} from "../../protocol/topology/topologyContract.ts";
import type { CommandId } from "../ids.ts";
import { explainAny, translate } from "../words.ts";
import { contextsOf } from "./contextsOf.ts";
import { positionsOf, withPositions } from "./keptPositions.ts";
import { meshIdOf, meshNameOf, signatureOf } from "./meshNames.ts";
import { refOf, selectedIn, type Selected } from "./selection.ts";
import { SelectionActions } from "./selectionActions.ts";
import { detailsOf } from "./topologyDetails.ts";
import { exportTopology } from "./topologyExport.ts";
import { TopologyReader } from "./topologyReader.ts";
import { topologyRequests } from "./topologyRequests.ts";
import type { TopologyDesk, TopologyServer } from "./topologyServer.ts";
import type { Wanted } from "./wanted.ts";
import { targetOf } from "./wantedTarget.ts";
import { isNamed, isReadable, whenEvery } from "./whenReadable.ts";

type Requests = TopologyContract["requests"];
type Runs = {
  readonly [N in keyof Requests]: (
    params: Requests[N]["params"],
    signal: AbortSignal,
  ) => Promise<Requests[N]["result"]>;
};

const namingMillis = 10_000;
const readyMillis = 15_000;
/** A page that comes back sees the last picture at once; one older than this is read anew right after. */
const freshMillis = 5_000;
const quietMillis = 500;

/** The editor's end of a topology page, with the last reading of the mesh. */
export class TopologyHost implements TopologyServer {
  readonly #desk: TopologyDesk;
  readonly #clock: Clock;
  readonly #owned = new Disposer();
  readonly #runs: Runs;
  readonly #actions: SelectionActions;
  #server: Server<TopologyContract> | undefined;
  #reader: TopologyReader | undefined;
  /** The mesh that the page was told of; undefined where it was told that there is none. */
  #told: LiveMesh | undefined;
  #hasTold = false;
  #loading: AbortController | undefined;
  #wanted: Wanted | undefined;
  /** The mesh that it was wanted in; undefined where none was open. */
  #wantedIn: LiveMesh | undefined;
  #known = "";
  #telling: Disposable | undefined;
  #isBack = false;

  constructor(desk: TopologyDesk, clock: Clock) {
    this.#desk = desk;
    this.#clock = clock;
    this.#actions = new SelectionActions(desk);
    this.#runs = this.#makeRuns();
    this.#owned.own(desk.connection.onChange(() => this.#meshChanged()));
  }

  get isOutdated(): boolean {
    return this.#hasTold && this.#told !== this.#desk.connection.live;
  }

  open(port: Port<ToPage, ToHost>): Disposable {
    this.#server?.dispose();
    const server = serve<TopologyContract>(port, handlersOf(this.#runs), (error) => this.#describe(error));
    this.#server = server;
    this.#hasTold = false;
    return {
      dispose: () => {
        server.dispose();
        if (this.#server !== server) return;
        this.#server = undefined;
        this.#hasTold = false;
        this.#telling?.dispose();
      },
    };
  }

  show(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#wantedIn = this.#desk.connection.live;
    this.#showWanted();
  }

  act(act: MenuAct, target: Target): void {
    this.#server?.emit("menu.act", { act, target });
  }

  async openDocument(target: Target): Promise<void> {
    await this.#actions.openYaml(refOf(this.#selected(target)));
  }

  async revealInTree(target: Target): Promise<void> {
    await this.#actions.reveal(this.#selected(target));
  }

  async copyName(target: Target): Promise<void> {
    await this.#actions.copyName(this.#selected(target));
  }

  async copyQuery(target: Target): Promise<void> {
    const { provenance } = await this.#current().ask(this.#selected(target), new AbortController().signal);
    await env.clipboard.writeText([...new Set(provenance.map(({ query }) => query))].join("\n\n"));
  }

  dispose(): void {
    this.#server?.dispose();
    this.#telling?.dispose();
    this.#owned.dispose();
  }

  /** For what the page does itself, or what leads nowhere else. */
  async #stay(act: () => Promise<void> | void): Promise<null> {
    await act();
    return null;
  }

  #makeRuns(): Runs {
    return {
      "page.open": (_, signal) => this.#openPage(signal),
      "graph.load": (params, signal) => this.#load(params, signal),
      "graph.mark": (params, signal) => this.#current().mark(params, signal),
      "graph.complete": ({ text, caret }) => {
        const { input, graph } = this.#current().last;
        return Promise.resolve(complete(text, caret, graph, contextsOf(input)));
      },
      "details.load": (target, signal) => this.#details(target, signal),
      "details.series": (target, signal) => this.#current().series(target, signal),
      "link.follow": async ({ target, id }) => {
        if (id === "focus") return this.#stay(() => this.act("focus", target));
        if (id === "copyQuery") return this.#stay(() => this.copyQuery(target));
        const { last } = this.#current();
        await this.#actions.follow(selectedIn(last.graph, target), last, id);
        return null;
      },
      "text.copy": async ({ text }) => {
        await env.clipboard.writeText(text);
        return null;
      },
      "graph.export": (params) => exportTopology(this.#current().last, params),
      "positions.save": async ({ meshId, nodes }) => {
        if (meshId !== meshIdOf(this.#live())) throw otherMesh();
        await this.#desk.positions.update(withPositions(this.#desk.positions.value, meshId, { nodes }));
        return null;
      },
      "way.take": async ({ way }) => {
        await this.#take(way);
        return null;
      },
    };
  }

  async #openPage(signal: AbortSignal): Promise<PageFacts> {
    const { connection, positions } = this.#desk;
    await connection.open();
    const { live, settings, situation } = connection;
    this.#told = live;
    this.#hasTold = true;
    this.#isBack = true;
    if (live) await whenEvery(live, isNamed, { clock: this.#clock, signal, limitMillis: namingMillis });
    this.#desk.named(live ? this.#nameOf(live) : "");
    const meshId = live ? meshIdOf(live) : "";
    const retentions = (live?.clusters ?? []).flatMap(
      ({ telemetry }) => telemetry.capabilities?.retentionSeconds ?? [],
    );
    return {
      meshId,
      meshName: live ? this.#nameOf(live) : "",
      locale: env.language,
      translations: l10n.bundle ?? {},
      positions: positionsOf(positions.value, meshId),
      focus: null,
      isDemo: situation.demo,
      retentionSeconds: retentions.length > 0 ? Math.max(...retentions) : null,
      defaults: { windowSeconds: settings.topologyWindowSeconds, refreshSeconds: settings.topologyRefreshSeconds },
      namespaces: [...new Set((live?.scopes ?? []).flatMap(({ namespaces }) => namespaces ?? []))].sort(),
    };
  }

  async #details(target: Target, signal: AbortSignal): Promise<Details> {
    const reader = this.#current();
    const { last } = reader;
    const selected = selectedIn(last.graph, target);
    const asked = await reader.ask(selected, signal);
    return detailsOf(selected, last, asked, this.#actions.links(selected, last));
  }

  #selected(target: Target): Selected {
    return selectedIn(this.#current().last.graph, target);
  }

  /** One reading at a time: a new one takes the place of the last. */
  async #load(params: Requests["graph.load"]["params"], outer: AbortSignal): Promise<Requests["graph.load"]["result"]> {
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    const signal = AbortSignal.any([outer, own.signal]);
    const live = this.#live();
    const reader = this.#readerOf(live);
    const kept = this.#isBack ? reader.kept(params) : undefined;
    this.#isBack = false;
    if (kept) {
      this.#known = signatureOf(live);
      if (this.#clock.now() - kept.atMillis > freshMillis) this.#tellChanged();
      return kept;
    }
    await whenEvery(live, isReadable, { clock: this.#clock, signal, limitMillis: readyMillis });
    this.#known = signatureOf(live);
    const snapshot = await reader.read(params, signal);
    // Numbers of a mesh that the window shows no more are nobody's.
    if (this.#desk.connection.live !== live) throw notConnected();
    this.#clock.after(0, () => this.#showWanted());
    return snapshot;
  }

  #live(): LiveMesh {
    const { live } = this.#desk.connection;
    if (!live) throw notConnected();
    return live;
  }

  #readerOf(live: LiveMesh): TopologyReader {
    if (this.#reader?.live !== live)
      this.#reader = new TopologyReader({ live, clock: this.#clock, log: this.#desk.log });
    return this.#reader;
  }

  #current(): TopologyReader {
    return this.#readerOf(this.#live());
  }

  #nameOf(live: LiveMesh): string {
    return this.#desk.connection.situation.demo ? l10n.t("demo mesh") : meshNameOf(live);
  }

  /** As soon as what is wanted is in the picture; what is in no picture is said once. */
  #showWanted(): void {
    const wanted = this.#wanted;
    const { live } = this.#desk.connection;
    const reader = this.#reader;
    if (!wanted || !this.#server || !live || reader?.live !== live || !reader.graph) return;
    this.#wanted = undefined;
    const target = targetOf(wanted, reader.graph, live.topology().facts?.config ?? noTrafficConfig);
    if (target) {
      this.#server.emit("focus.show", target);
      return;
    }
    const name = wanted.name ?? wanted.namespace;
    void window.showInformationMessage(
      l10n.t("{0} is not in the topology. It may have no traffic in the window, or its namespace is not shown.", name),
    );
  }

  /** Clusters and stores come and go: the picture is worth another look. */
  #meshChanged(): void {
    const { live } = this.#desk.connection;
    this.#wantedIn ??= live;
    if (this.#wantedIn !== live) this.#wanted = undefined;
    if (this.#reader && this.#reader.live !== live) {
      this.#reader = undefined;
      this.#loading?.abort();
    }
    if (!live || live !== this.#told || this.#known === "" || this.#known === signatureOf(live)) return;
    this.#known = signatureOf(live);
    this.#desk.named(this.#nameOf(live));
    this.#tellChanged();
  }

  #tellChanged(): void {
    this.#telling?.dispose();
    this.#telling = this.#clock.after(quietMillis, () => {
      if (this.#hasTold && this.#told) this.#server?.emit("mesh.changed", { meshId: meshIdOf(this.#told) });
    });
  }

  async #take(way: string): Promise<void> {
    const { connection, state } = this.#desk;
    switch (way) {
      case "retry":
        await connection.live?.refresh(new AbortController().signal);
        return;
      case "setPrometheus":
        await commands.executeCommand("workbench.action.openSettings", "foreyard.prometheus.sources");
        return;
      case "runDoctor":
        await run("foreyard.showDoctor");
        return;
      case "chooseNamespaces":
        await run("foreyard.chooseNamespaces");
        return;
      case "connect":
        await run("foreyard.connect");
        return;
      case "allNamespaces":
        await state.update({ namespaces: [] });
        connection.live?.setFilter({ ...connection.live.filter, namespaces: undefined });
        return;
      default:
        throw new MeshError("unsupported", say("The page asked for something that does not exist."));
    }
  }

  #describe(error: unknown): WireError {
    if (!MeshError.is(error)) {
      this.#desk.log.error("a request of the topology page failed", error);
      return { kind: "bad-data", message: explainAny(error) };
    }
    const hint = error.hint && { hint: translate(error.hint) };
    return { kind: error.kind, message: translate(error.words), ...hint };
  }
}

function notConnected(): MeshError {
  return new MeshError("unreachable", say("This window is not connected to a mesh."), {
    hint: say("Choose contexts in the Foreyard view, or open the demo mesh."),
  });
}

function otherMesh(): MeshError {
  return new MeshError("conflict", say("This window shows another mesh than the page does."), {
    hint: say("The page is read anew in a moment."),
  });
}

function handlersOf(runs: Runs): Handlers<TopologyContract> {
  const names = Object.keys(runs) as (keyof Requests)[];
  const handlers = names.map((name) => [name, { parse: topologyRequests[name], run: runs[name] }]);
  return Object.fromEntries(handlers) as Handlers<TopologyContract>;
}

async function run(command: CommandId): Promise<void> {
  await commands.executeCommand(command);
}
