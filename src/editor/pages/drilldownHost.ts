import { env } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { LevelPath, LevelReading } from "../../mesh/drilldown/level.ts";
import type { LiveChange, LiveMesh } from "../../mesh/live/liveMesh.ts";
import { MeshError } from "../../mesh/meshError.ts";
import type { Clock } from "../../mesh/ports.ts";
import type { Port, ToHost, ToPage } from "../../protocol/contract.ts";
import type {
  DrilldownContract,
  DrilldownFacts,
  Level,
  LevelParams,
} from "../../protocol/drilldown/drilldownContract.ts";
import { DrilldownCards } from "./drilldownCards.ts";
import { drilldownRequests } from "./drilldownRequests.ts";
import type { DrilldownDesk, DrilldownServer } from "./drilldownServer.ts";
import { LevelLinks } from "./levelLinks.ts";
import { isOfMesh } from "./levelPaths.ts";
import { withFindings } from "./levelFindings.ts";
import type { LevelReader } from "./levelReader.ts";
import { meshIdOf } from "./meshNames.ts";
import { notConnected, otherMesh } from "./pageErrors.ts";
import { PageNews } from "./pageNews.ts";
import { takeWay } from "./pageWays.ts";
import { saveText } from "./saveText.ts";
import { ServedPage, type Runs } from "./servedPage.ts";
import { isReadable, whenEvery } from "./whenReadable.ts";
import { wireCharts } from "./wireCharts.ts";
import { wireLevel } from "./wireLevel.ts";

const readyMillis = 15_000;
const rangeSeconds = 3_600;

/** The editor's end of a drill-down page. */
export class DrilldownHost implements DrilldownServer {
  readonly #desk: DrilldownDesk;
  readonly #clock: Clock;
  readonly #reader: LevelReader;
  readonly #owned = new Disposer();
  readonly #page: ServedPage<DrilldownContract>;
  readonly #links: LevelLinks;
  readonly #cards: DrilldownCards;
  readonly #news: PageNews;
  #loading: AbortController | undefined;
  #wanted: LevelPath | undefined;
  /** The mesh that anything kept here is of. */
  #readIn: LiveMesh | undefined;

  constructor(desk: DrilldownDesk, clock: Clock, reader: LevelReader) {
    this.#desk = desk;
    this.#clock = clock;
    this.#reader = reader;
    this.#links = new LevelLinks(desk);
    this.#cards = new DrilldownCards(desk);
    this.#page = this.#owned.own(new ServedPage({ ...desk, clock }, drilldownRequests, this.#makeRuns()));
    this.#news = this.#owned.own(
      new PageNews({ clock, renamed: () => this.#page.rename(), tell: (isOther) => this.#tell(isOther) }),
    );
    this.#owned.own(desk.connection.onChange((change) => this.#changed(change === "opened" || changesLevels(change))));
    this.#owned.own(desk.metadata.onChange(() => this.#changed(true)));
  }

  get isOutdated(): boolean {
    return this.#page.isOutdated;
  }

  open(port: Port<ToPage, ToHost>): Disposable {
    return this.#page.open(port, () => this.#news.hush());
  }

  show(path: LevelPath): void {
    // A page that has begun is told; one that begins asks.
    if (this.#page.hasBegun && !this.#page.isOutdated) this.#page.emit("path.show", { path });
    else this.#wanted = path;
  }

  dispose(): void {
    this.#loading?.abort();
    this.#owned.dispose();
  }

  #makeRuns(): Runs<DrilldownContract> {
    return {
      "page.open": (_, signal) => this.#begin(signal),
      "level.load": (params, signal) => this.#load(params, signal),
      "charts.load": async (params, signal) => {
        const live = this.#meshOf(params.path);
        const { path, atMillis, windowSeconds, charts } = params;
        const wanted = { windowSeconds, atMillis: atMillis ?? undefined, rangeSeconds: params.rangeSeconds, charts };
        const read = await this.#reader.charts(live.drilldown(), path, wanted, signal);
        this.#stillShown(live);
        this.#links.told(
          path,
          read.charts.map(({ source, provenance }) => ({ source, provenance: provenance ? [provenance] : [] })),
        );
        return wireCharts(read);
      },
      "cards.load": async (params, signal) => {
        const live = this.#meshOf(params.path);
        const cards = await this.#cards.load(params, signal);
        this.#stillShown(live);
        return cards;
      },
      "action.run": ({ path, action, row }) => this.#quietly(path, () => this.#links.act(path, action, row)),
      "link.follow": ({ path, id }) => {
        return this.#quietly(path, () => (this.#cards.knows(id) ? this.#cards.run(id) : this.#links.follow(path, id)));
      },
      "text.copy": async ({ text }) => {
        await env.clipboard.writeText(text);
        return null;
      },
      "query.open": ({ path, query, tool }) => this.#quietly(path, () => this.#links.openQuery(path, query, tool)),
      "csv.save": ({ name, text }) => saveText(name, text),
      "way.take": async ({ way }) => {
        await takeWay(this.#desk, way);
        return null;
      },
    };
  }

  async #begin(signal: AbortSignal): Promise<DrilldownFacts> {
    const begun = await this.#page.begin(signal);
    const { live, settings } = this.#desk.connection;
    const wanted = this.#wanted;
    this.#wanted = undefined;
    return {
      ...begun,
      defaults: { windowSeconds: settings.windowSeconds, refreshSeconds: settings.refreshSeconds, rangeSeconds },
      path: wanted && live && isOfMesh(live, wanted) ? wanted : null,
    };
  }

  /** One reading at a time: a new one takes the place of the last. */
  async #load(params: LevelParams, outer: AbortSignal): Promise<Level> {
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    const signal = AbortSignal.any([outer, own.signal]);
    const { live } = this.#page;
    await whenEvery(live, isReadable, { clock: this.#clock, signal, limitMillis: readyMillis });
    this.#meshOf(params.path);
    if (this.#readIn !== live) {
      this.#readIn = live;
      this.#links.forget();
    }
    this.#news.read(live);
    const reading = await this.#read(live, params, signal);
    this.#stillShown(live);
    this.#links.keep(reading);
    return wireLevel(reading, this.#links.actionsOf(reading), this.#desk.connection.settings.drilldownThresholds);
  }

  /** What is gone keeps its last reading, which then says so. */
  async #read(
    live: LiveMesh,
    { path, windowSeconds, atMillis }: LevelParams,
    signal: AbortSignal,
  ): Promise<LevelReading> {
    const before = this.#links.keptOf(path);
    const time = { windowSeconds, atMillis: atMillis ?? undefined };
    try {
      const level = await this.#reader.level(live.drilldown(), path, time, signal);
      const reading = withFindings(level, this.#desk.foundAbout(level.at.ref));
      return reading.presence === "gone" && before ? { ...before, presence: "gone" } : reading;
    } catch (error) {
      if (!MeshError.is(error, "not-found") || !before) throw error;
      return { ...before, presence: "gone" };
    }
  }

  /** The window's mesh, if the path is of it. */
  #meshOf(path: LevelPath): LiveMesh {
    const { live } = this.#page;
    if (this.#page.isOutdated || !isOfMesh(live, path)) throw otherMesh();
    return live;
  }

  #stillShown(live: LiveMesh): void {
    // Numbers of a mesh that the window shows no more are nobody's.
    if (this.#desk.connection.live !== live) throw notConnected();
  }

  /** For what leads out of the page. A failure of it is said, not drawn. */
  async #quietly(path: LevelPath, act: () => Promise<void>): Promise<null> {
    this.#meshOf(path);
    await act();
    return null;
  }

  #changed(isOfLevels: boolean): void {
    const { live } = this.#desk.connection;
    if (this.#readIn && this.#readIn !== live) {
      this.#readIn = undefined;
      this.#links.forget();
      this.#cards.forget();
      this.#loading?.abort();
    }
    if (live && live === this.#page.told) this.#news.changed(live, isOfLevels);
  }

  #tell(isOtherMesh: boolean): void {
    const { told } = this.#page;
    if (!told) return;
    if (isOtherMesh) this.#page.emit("mesh.changed", { meshId: meshIdOf(told) });
    else this.#page.emit("level.changed", {});
  }
}

/** Things came or went, or configuration did; numbers alone are read by the page's own clock. */
function changesLevels({ trees, config, nodes }: LiveChange): boolean {
  return config === true || nodes === true || trees.services === "all" || trees.workloads === "all";
}
