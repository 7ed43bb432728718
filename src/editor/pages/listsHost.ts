import { env } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { LevelAction } from "../../mesh/drilldown/level.ts";
import { readList } from "../../mesh/lists/readList.ts";
import type { LiveChange, LiveMesh } from "../../mesh/live/liveMesh.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Clock } from "../../mesh/ports.ts";
import type { Port, ToHost, ToPage } from "../../protocol/contract.ts";
import type { ListsContract, ListSnapshot, ListsFacts, ListWhat } from "../../protocol/lists/listsContract.ts";
import { listSnapshotOf } from "../../protocol/lists/listSnapshotOf.ts";
import { translate } from "../words.ts";
import { pathOfRef } from "./levelPaths.ts";
import { listsRequests } from "./listsRequests.ts";
import type { ListsDesk, ListsServer } from "./listsServer.ts";
import { meshIdOf } from "./meshNames.ts";
import { PageNews } from "./pageNews.ts";
import { leadsNowhere, notConnected } from "./pageErrors.ts";
import { resourceRefOf } from "./resourceRef.ts";
import { saveText } from "./saveText.ts";
import { ServedPage, type Runs } from "./servedPage.ts";
import { isReadable, whenEvery } from "./whenReadable.ts";

const readyMillis = 15_000;

/** The editor's end of a lists page. */
export class ListsHost implements ListsServer {
  readonly #desk: ListsDesk;
  readonly #clock: Clock;
  readonly #owned = new Disposer();
  readonly #page: ServedPage<ListsContract>;
  readonly #news: PageNews;
  #loading: AbortController | undefined;
  #what: ListWhat = "services";

  constructor(desk: ListsDesk, clock: Clock) {
    this.#desk = desk;
    this.#clock = clock;
    this.#page = this.#owned.own(new ServedPage({ ...desk, clock }, listsRequests, this.#makeRuns()));
    this.#news = this.#owned.own(
      new PageNews({ clock, renamed: () => this.#page.rename(), tell: (isOther) => this.#tell(isOther) }),
    );
    this.#owned.own(desk.connection.onChange((change) => this.#changed(change === "opened" || changesLists(change))));
    this.#owned.own(desk.metadata.onChange(() => this.#changed(true)));
  }

  get isOutdated(): boolean {
    return this.#page.isOutdated;
  }

  open(port: Port<ToPage, ToHost>): Disposable {
    return this.#page.open(port, () => this.#news.hush());
  }

  show(what: ListWhat): void {
    this.#what = what;
    if (this.#page.hasBegun && !this.#page.isOutdated) this.#page.emit("list.show", { what, path: null });
  }

  dispose(): void {
    this.#loading?.abort();
    this.#owned.dispose();
  }

  #makeRuns(): Runs<ListsContract> {
    return {
      "page.open": (_, signal) => this.#begin(signal),
      "list.load": ({ what }, signal) => this.#load(what, signal),
      "row.open": ({ id }) => {
        const { live, ref } = this.#row(id);
        this.#desk.drill(pathOfRef(live, ref));
        return Promise.resolve(null);
      },
      "row.act": async ({ id, action }) => {
        await this.#act(this.#row(id).ref, action);
        return null;
      },
      "text.copy": async ({ text }) => {
        await env.clipboard.writeText(text);
        return null;
      },
      "csv.save": ({ name, text }) => saveText(name, text),
    };
  }

  async #begin(signal: AbortSignal): Promise<ListsFacts> {
    const { meshId, meshName, locale, translations } = await this.#page.begin(signal);
    const { refreshSeconds } = this.#desk.connection.settings;
    return { meshId, meshName, locale, translations, refreshSeconds, what: this.#what };
  }

  /** One reading at a time: a new one takes the place of the last. */
  async #load(what: ListWhat, outer: AbortSignal): Promise<ListSnapshot> {
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    const signal = AbortSignal.any([outer, own.signal]);
    const { live } = this.#page;
    if (this.#page.isOutdated) throw notConnected();
    await whenEvery(live, isReadable, { clock: this.#clock, signal, limitMillis: readyMillis });
    this.#what = what;
    this.#news.read(live);
    const values = await readList(live.drilldown(), what, signal);
    // Numbers of a mesh that the window shows no more are nobody's.
    if (this.#desk.connection.live !== live) throw notConnected();
    return listSnapshotOf(values, { say: translate, noteOf: (ref) => this.#noteOf(live, ref) });
  }

  #noteOf(live: LiveMesh, ref: ObjectRef): string {
    const resource = resourceRefOf(live, ref);
    const cards = resource ? this.#desk.metadata.known(resource) : [];
    return cards.flatMap(({ metadata }) => metadata?.summary ?? []).join(" · ");
  }

  #row(id: string): { readonly live: LiveMesh; readonly ref: ObjectRef } {
    const { live } = this.#page;
    if (this.#page.isOutdated) throw notConnected();
    const view = [...live.services, ...live.workloads].find((each) => each.id === id);
    if (!view) throw leadsNowhere();
    return { live, ref: view.ref };
  }

  async #act(ref: ObjectRef, action: LevelAction): Promise<void> {
    if (action === "openPrometheus" || action === "openGrafana") {
      throw new MeshError("unsupported", say("The drill-down of {0} has links to metrics stores.", ref.name));
    }
    await this.#desk.objects.run(action, ref);
  }

  #changed(isOfLists: boolean): void {
    const { live } = this.#desk.connection;
    if (live && live === this.#page.told) this.#news.changed(live, isOfLists);
  }

  #tell(isOtherMesh: boolean): void {
    const { told } = this.#page;
    if (!told) return;
    if (isOtherMesh) this.#page.emit("mesh.changed", { meshId: meshIdOf(told) });
    else this.#page.emit("list.changed", {});
  }
}

function changesLists({ trees, config }: LiveChange): boolean {
  return config === true || trees.services === "all" || trees.workloads === "all";
}
