import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { say } from "../../src/mesh/message.ts";
import type { ExportFormat, Target } from "../../src/protocol/topology/topologyContract.ts";
import type { GraphSnapshot } from "../../src/protocol/topology/graphSnapshot.ts";
import "../shared/fy-help.ts";
import type { HelpSheet } from "../shared/fy-help.ts";
import { words } from "../shared/words.ts";
import { Announcer, changesBetween, summaryOf, type Summary } from "./changes.ts";
import { ModelElement } from "./modelElement.ts";
import "./panel/fy-panel.ts";
import { emptyState } from "./sheets/emptyState.ts";
import "./sheets/fy-banner.ts";
import type { Banner } from "./sheets/fy-banner.ts";
import { keys, pointerNote } from "./sheets/keys.ts";
import "./sheets/fy-status-line.ts";
import { legend } from "./sheets/legend.ts";
import { shortcut } from "./shortcuts.ts";
import "./stage/fy-stage.ts";
import type { Stage } from "./stage/fy-stage.ts";
import { isStale } from "./time/age.ts";
import "./time/fy-time-bar.ts";
import "./toolbar/fy-toolbar.ts";
import type { TimeMode, ToolbarWish } from "./toolbar/fy-toolbar.ts";
import "./twin/fy-table-twin.ts";

/** The whole page. */
export class Topology extends ModelElement {
  static override properties = { ...ModelElement.properties, timeMode: { state: true }, said: { state: true } };

  declare timeMode: TimeMode;
  /** What the live region says. */
  declare said: string;
  #summary: Summary | undefined;
  #summaryKey = "";
  #announced: GraphSnapshot | undefined;
  readonly #announcer = new Announcer(
    (text) => {
      this.said = text;
    },
    (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return { dispose: () => clearTimeout(timer) };
    },
  );
  readonly #listening = new AbortController();
  #ageing: ReturnType<typeof setInterval> | undefined;
  #wasStale = false;

  constructor() {
    super();
    this.timeMode = "live";
    this.said = "";
  }

  protected override firstUpdated(): void {
    if (this.model.state.atMillis !== null) this.timeMode = "past";
    const { signal } = this.#listening;
    document.addEventListener("visibilitychange", () => this.model.setVisible(document.visibilityState === "visible"), {
      signal,
    });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.model.addEventListener("reveal", (event) => this.#stage?.reveal((event as CustomEvent<Target>).detail), {
      signal,
    });
    this.model.addEventListener("otherMesh", () => this.#startAnew(), { signal });
    this.model.addEventListener("fit", () => this.#stage?.fit(), { signal });
    this.model.addEventListener("details", () => void this.updateComplete.then(() => this.#panel?.focus()), { signal });
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Numbers grow old without anything else happening.
    this.#ageing = setInterval(() => {
      if (isStale(this.model, Date.now()) !== this.#wasStale) this.requestUpdate();
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ageing);
    this.#listening.abort();
    this.#announcer.dispose();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { state, selected } = model;
    const isTable = state.table !== null;
    const isStaleNow = isStale(model, Date.now());
    this.#wasStale = isStaleNow;
    return html`<div class="fy-page ${isStaleNow ? "fy-is-stale" : ""}">
      <fy-toolbar
        .model=${model}
        .timeMode=${this.timeMode}
        @wish=${(event: CustomEvent<ToolbarWish>) => this.#wish(event.detail)}
        @export=${(event: CustomEvent<ExportFormat>) => void this.#export(event.detail)}
      ></fy-toolbar>
      <fy-time-bar .model=${model} .mode=${this.timeMode} @live=${() => this.#time("live")}></fy-time-bar>
      <fy-banner .model=${model}></fy-banner>
      <div class="fy-main ${selected ? "fy-with-panel" : ""}">
        <div class="fy-middle">
          <fy-stage .model=${model} ?inert=${isTable} class=${isTable ? "fy-behind" : ""}></fy-stage>
          ${isTable ? html`<fy-table-twin .model=${model}></fy-table-twin>` : nothing}
          ${isTable && model.picture && !model.picture.snapshot.empty ? nothing : emptyState(model)}
          ${state.legend ? legend(model) : nothing}
        </div>
        ${selected ? html`<fy-panel .model=${model}></fy-panel>` : nothing}
      </div>
      <fy-status-line .model=${model}></fy-status-line>
      <fy-help .keys=${keys} .note=${pointerNote}></fy-help>
      <div class="fy-spoken" role="status" aria-live="polite">${this.said}</div>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#announce();
  }

  get #stage(): Stage | null {
    return this.querySelector<Stage>("fy-stage");
  }

  get #panel(): HTMLElement | null {
    return this.querySelector<HTMLElement>("fy-panel");
  }

  /** What was said of another mesh is no news of this one, and times of its past are none of this. */
  #startAnew(): void {
    this.timeMode = "live";
    this.#summary = undefined;
  }

  #wish(wish: ToolbarWish): void {
    const { model } = this;
    if (wish === "tidy") model.tidy();
    else if (wish === "help") this.#help();
    else if (wish === "fit") this.#stage?.fit();
    else if (wish === "banner") this.#openBanner();
    else if ("time" in wish) this.#time(wish.time);
    else this.#stage?.zoom(wish.zoom);
  }

  #openBanner(): void {
    const banner = this.querySelector<Banner>("fy-banner");
    if (!banner) return;
    banner.isOpen = !banner.isOpen;
    void banner.updateComplete.then(() => banner.querySelector<HTMLElement>(".fy-button")?.focus());
  }

  #help(): void {
    this.querySelector<HelpSheet>("fy-help")?.open();
  }

  #time(mode: TimeMode): void {
    this.timeMode = mode;
    if (mode === "live") this.model.change({ atMillis: null });
    else if (mode === "past" && this.model.state.atMillis === null)
      this.model.change({ atMillis: Date.now() - 300_000 });
  }

  async #export(format: ExportFormat): Promise<void> {
    const { model } = this;
    const canvas = this.#stage?.canvas;
    const picture =
      format === "svg" ? (canvas?.toSvg() ?? null) : format === "png" ? ((await canvas?.toPng()) ?? null) : null;
    const ids = model.picture?.ids.nodes ?? [];
    const shown = model.picture?.scene?.nodeShown;
    // What is folded into a box is there; what is switched off is not.
    const hiddenNodes = ids.filter(
      (id, node) => shown?.[node] === 0 && model.picture?.endOf({ what: "node", id }) === undefined,
    );
    await model.quietly(() => model.host.ask("graph.export", { format, picture, hiddenNodes }));
  }

  /** Says what changed for those who do not see it; numbers alone are left to who asks. */
  #announce(): void {
    const { picture, state } = this.model;
    if (!picture || picture.snapshot.empty || picture.snapshot === this.#announced) return;
    this.#announced = picture.snapshot;
    const key = `${state.view} ${state.windowSeconds} ${state.atMillis} ${state.namespaces?.join()} ${state.hide}`;
    const summary = summaryOf(picture);
    // What a person asked for themselves is no news.
    if (this.#summary && key === this.#summaryKey) {
      this.#announcer.announce(changesBetween(this.#summary, summary).map(words));
    } else {
      const { nodes, edges } = picture.snapshot;
      this.#announcer.announce([words(say("{0} nodes, {1} edges", nodes.count, edges.count))]);
    }
    this.#summary = summary;
    this.#summaryKey = key;
  }

  #key(event: KeyboardEvent): void {
    const act = shortcut(event);
    if (!act) return;
    event.preventDefault();
    const { model } = this;
    const { state } = model;
    const active = this.#stage?.active ?? null;
    switch (act) {
      case "find":
        this.querySelector<HTMLElement>(".fy-find")?.focus();
        break;
      case "table":
        this.#toggleTable();
        break;
      case "help":
        this.#help();
        break;
      case "legend":
        model.change({ legend: !state.legend });
        break;
      case "zoomIn":
        this.#stage?.zoom(1.25);
        break;
      case "zoomOut":
        this.#stage?.zoom(0.8);
        break;
      case "fit":
        this.#stage?.fit();
        break;
      case "up":
      case "down":
        this.#stage?.pan(act === "up" ? "ArrowUp" : "ArrowDown");
        break;
      case "focus":
        this.#focusOn(active);
        break;
      case "lessFocus":
        this.#stage?.hop(-1);
        break;
      case "collapse":
        if (active) model.toggleAround(active);
        break;
      case "back":
        this.#back();
        break;
    }
  }

  #toggleTable(): void {
    const { model } = this;
    const isOn = model.state.table !== null;
    model.change({ table: isOn ? null : "nodes" });
    void this.updateComplete.then(() => {
      (isOn ? this.#stage : this.querySelector<HTMLElement>("fy-table-twin"))?.focus();
    });
  }

  #focusOn(active: Target | null): void {
    const { focus } = this.model.state;
    if (active?.what !== "node") return;
    if (focus?.id === active.id) this.#stage?.hop(1);
    else this.model.change({ focus: { id: active.id, hops: 1 } });
  }

  /** One thing at a time, the last opened first. */
  #back(): void {
    const { model } = this;
    const { state } = model;
    if (state.selection) {
      const wasInside = this.#panel?.contains(document.activeElement) ?? false;
      model.select(null);
      if (wasInside) (state.table === null ? this.#stage : this.querySelector<HTMLElement>("fy-table-twin"))?.focus();
    } else if (state.focus) model.change({ focus: null });
    else if (state.table !== null) this.#toggleTable();
    else if (state.legend) model.change({ legend: false });
  }
}

customElements.define("fy-topology", Topology);
