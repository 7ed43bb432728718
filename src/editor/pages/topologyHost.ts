import { env, l10n, window } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import { Disposer } from "../../mesh/disposer.ts";
import { noTrafficConfig } from "../../mesh/inventory/trafficConfig.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { MetadataCard } from "../../mesh/metadata/metadata.ts";
import type { Clock } from "../../mesh/ports.ts";
import { complete } from "../../mesh/topology/find/complete.ts";
import type { Port, ToHost, ToPage } from "../../protocol/contract.ts";
import type {
  Details,
  MenuAct,
  PageFacts,
  Target,
  TopologyContract,
} from "../../protocol/topology/topologyContract.ts";
import { contextsOf } from "./contextsOf.ts";
import { positionsOf, withPositions } from "./keptPositions.ts";
import { meshIdOf, signatureOf } from "./meshNames.ts";
import { notConnected, otherMesh } from "./pageErrors.ts";
import { resourceRefOf } from "./resourceRef.ts";
import { takeWay } from "./pageWays.ts";
import { ServedPage, type Runs } from "./servedPage.ts";
import { refOf, selectedIn, type Selected } from "./selection.ts";
import { SelectionActions } from "./selectionActions.ts";
import { detailsOf } from "./topologyDetails.ts";
import { exportTopology } from "./topologyExport.ts";
import { TopologyReader } from "./topologyReader.ts";
import { topologyRequests } from "./topologyRequests.ts";
import type { TopologyDesk, TopologyServer } from "./topologyServer.ts";
import type { Wanted } from "./wanted.ts";
import { targetOf } from "./wantedTarget.ts";
import { isReadable, whenEvery } from "./whenReadable.ts";

type Requests = TopologyContract["requests"];

const readyMillis = 15_000;
/** A page that comes back sees the last picture at once; one older than this is read anew right after. */
const freshMillis = 5_000;
const quietMillis = 500;

/** The editor's end of a topology page, with the last reading of the mesh. */
export class TopologyHost implements TopologyServer {
  readonly #desk: TopologyDesk;
  readonly #clock: Clock;
  readonly #owned = new Disposer();
  readonly #page: ServedPage<TopologyContract>;
  readonly #actions: SelectionActions;
  #reader: TopologyReader | undefined;
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
    this.#page = this.#owned.own(new ServedPage({ ...desk, clock }, topologyRequests, this.#makeRuns()));
    this.#owned.own(desk.connection.onChange(() => this.#meshChanged()));
  }

  get isOutdated(): boolean {
    return this.#page.isOutdated;
  }

  open(port: Port<ToPage, ToHost>): Disposable {
    return this.#page.open(port, () => this.#telling?.dispose());
  }

  show(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#wantedIn = this.#desk.connection.live;
    this.#showWanted();
  }

  act(act: MenuAct, target: Target): void {
    this.#page.emit("menu.act", { act, target });
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

  drillDown(target: Target): void {
    this.#actions.drill(this.#selected(target));
  }

  async validateThis(target: Target): Promise<void> {
    await this.#actions.validate(this.#selected(target));
  }

  dispose(): void {
    this.#telling?.dispose();
    this.#owned.dispose();
  }

  /** For what the page does itself, or what leads nowhere else. */
  async #stay(act: () => Promise<void> | void): Promise<null> {
    await act();
    return null;
  }

  #makeRuns(): Runs<TopologyContract> {
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
        if (meshId !== meshIdOf(this.#page.live)) throw otherMesh();
        await this.#desk.positions.update(withPositions(this.#desk.positions.value, meshId, { nodes }));
        return null;
      },
      "way.take": async ({ way }) => {
        await takeWay(this.#desk, way);
        return null;
      },
    };
  }

  async #openPage(signal: AbortSignal): Promise<PageFacts> {
    const { connection, positions } = this.#desk;
    const begun = await this.#page.begin(signal);
    this.#isBack = true;
    const { live, settings } = connection;
    return {
      ...begun,
      positions: positionsOf(positions.value, begun.meshId),
      focus: null,
      defaults: { windowSeconds: settings.topologyWindowSeconds, refreshSeconds: settings.topologyRefreshSeconds },
      namespaces: [...new Set((live?.scopes ?? []).flatMap(({ namespaces }) => namespaces ?? []))].sort(),
    };
  }

  async #details(target: Target, signal: AbortSignal): Promise<Details> {
    const reader = this.#current();
    const { last } = reader;
    const selected = selectedIn(last.graph, target);
    const [stores, cards] = await Promise.all([reader.ask(selected, signal), this.#cards(selected, signal)]);
    return detailsOf(selected, last, { stores, cards }, this.#actions.links(selected, last));
  }

  /** Providers are asked about what a person selected, never about a whole picture. */
  #cards(selected: Selected, signal: AbortSignal): Promise<readonly MetadataCard[]> {
    const ref = refOf(selected);
    const resource = ref && resourceRefOf(this.#page.live, ref);
    return resource ? this.#desk.metadata.cards(resource, signal) : Promise.resolve([]);
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
    const { live } = this.#page;
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

  #readerOf(live: LiveMesh): TopologyReader {
    if (this.#reader?.live !== live)
      this.#reader = new TopologyReader({ live, clock: this.#clock, log: this.#desk.log });
    return this.#reader;
  }

  #current(): TopologyReader {
    return this.#readerOf(this.#page.live);
  }

  /** As soon as what is wanted is in the picture; what is in no picture is said once. */
  #showWanted(): void {
    const wanted = this.#wanted;
    const { live } = this.#desk.connection;
    const reader = this.#reader;
    if (!wanted || !this.#page.isOpen || !live || reader?.live !== live || !reader.graph) return;
    this.#wanted = undefined;
    const target = targetOf(wanted, reader.graph, live.topology().facts?.config ?? noTrafficConfig);
    if (target) {
      this.#page.emit("focus.show", target);
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
    if (!live || live !== this.#page.told || this.#known === "" || this.#known === signatureOf(live)) return;
    this.#known = signatureOf(live);
    this.#page.rename();
    this.#tellChanged();
  }

  #tellChanged(): void {
    this.#telling?.dispose();
    this.#telling = this.#clock.after(quietMillis, () => {
      const { told } = this.#page;
      if (told) this.#page.emit("mesh.changed", { meshId: meshIdOf(told) });
    });
  }
}
