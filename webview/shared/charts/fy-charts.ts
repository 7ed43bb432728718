import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { createFormat, type Format } from "../../../src/mesh/format/format.ts";
import { say } from "../../../src/mesh/message.ts";
import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { watchTheme } from "../theme.ts";
import { words } from "../words.ts";
import { chartCsv, chartsCsv } from "./chartCsv.ts";
import { groupingOf, isStacked } from "./chartLines.ts";
import type { ChartsDesk, Drawable, QueryTool } from "./chartsDesk.ts";
import "./charts.css";
import type { ChartMark, ChartsEvents, ChartsState, ChartValues } from "./chartValues.ts";
import { flatButton } from "./flatButton.ts";
import { CardBook } from "./cardBook.ts";
import { foldedCharts } from "./foldedCharts.ts";
import { ChartCard } from "./fy-chart-card.ts";
import { readPalette, type Palette } from "./palette.ts";
import { TimeTexts } from "./timeTexts.ts";
import { unitText } from "../unitText.ts";
import { thresholdText } from "./chartWords.ts";

const noValues: ChartValues = { offers: [], times: new Float64Array(), charts: new Map() };

/** A grid of charts with one cursor. Tells what is wanted by the events of `ChartsEvents`. */
export class Charts extends LitElement {
  static override properties = {
    values: { attribute: false },
    state: { attribute: false },
    format: { attribute: false },
    marks: { attribute: false },
    tools: { attribute: false },
    name: { type: String },
  };

  declare values: ChartValues;
  declare state: ChartsState;
  declare format: Format;
  declare marks: readonly ChartMark[];
  /** Where a query can be opened, as far as known. */
  declare tools: readonly QueryTool[];
  /** What the charts are of: names the files. */
  declare name: string;
  #palette: Palette | undefined;
  #desk: ChartsDesk | undefined;
  #times: readonly number[] = [];
  #theme: { dispose(): void } | undefined;
  #sizes: ResizeObserver | undefined;
  #sight: IntersectionObserver | undefined;
  readonly #watched = new Set<ChartCard>();
  #at: number | null = null;
  #frame: number | undefined;
  #asked = new Set<string>();
  readonly #book = new CardBook();
  readonly #waiting = new Set<Drawable>();
  #drawing: number | undefined;

  constructor() {
    super();
    this.values = noValues;
    this.state = { by: {}, stacked: [], tables: [] };
    this.format = createFormat("en");
    this.marks = [];
    this.tools = [];
    this.name = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme = watchTheme(() => {
      this.#palette = undefined;
      for (const card of this.#cards()) card.repaint();
    });
    this.#sizes = new ResizeObserver(() => {
      const widths = [...this.#cards()].map((card) => [card, card.room] as const);
      for (const [card, { width }] of widths) card.fit(width);
    });
    this.#sizes.observe(this);
    this.#sight = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: "200px" });
    if (this.hasUpdated) this.#watchCards();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#theme?.dispose();
    this.#sizes?.disconnect();
    this.#sight?.disconnect();
    this.#watched.clear();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    if (this.#drawing !== undefined) cancelAnimationFrame(this.#drawing);
    this.#drawing = undefined;
    this.#waiting.clear();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("values")) {
      const { times } = this.values;
      if (changed.get("values")?.times !== times) this.#times = Array.from(times);
      if (changed.get("values")?.offers !== this.values.offers) this.#asked = new Set();
    }
    if (!this.#desk || changed.has("format") || changed.has("marks") || changed.has("tools"))
      this.#desk = this.#makeDesk();
  }

  protected override render(): TemplateResult {
    const { values, state } = this;
    const folded = this.#book.fold(values, this.name);
    const carded = values.offers.filter((offer) => !folded.includes(offer));
    const isAllTables = values.offers.length > 0 && values.offers.every(({ id }) => state.tables.includes(id));
    return html`${
        values.offers.length === 0
          ? nothing
          : html`<div class="fy-charts-head">
              ${flatButton({
                label: words(say("Tables")),
                icon: "table",
                name: "all-tables",
                pressed: isAllTables,
                tooltip: words(say("Show all charts as tables")),
                onClick: () => this.#tell({ tables: isAllTables ? [] : values.offers.map(({ id }) => id) }),
              })}
              ${flatButton({
                label: words(say("CSV")),
                icon: "save",
                name: "all-csv",
                tooltip: words(say("Save the numbers of all charts")),
                disabled: values.charts.size === 0,
                onClick: () => this.#saveAll(),
              })}
            </div>`
      }
      <div class="fy-charts-grid">
        ${repeat(
          carded,
          ({ id }) => id,
          (offer) =>
            html`<fy-chart-card
              .offer=${offer}
              .chart=${values.charts.get(offer.id)}
              .times=${this.#times}
              .by=${groupingOf(offer, state.by)}
              .isStacked=${isStacked(offer, state.stacked)}
              .isTable=${state.tables.includes(offer.id)}
              .desk=${this.#desk}
            ></fy-chart-card>`,
        )}
      </div>
      ${foldedCharts({
        folded,
        charts: values.charts,
        isAll: carded.length === 0,
        onShow: (id) => void this.#unfold(id),
      })}
      <div class="fy-spoken" role="status" aria-live="polite"></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#watchCards();
  }

  /** The legend's swatches are the lines' own colours. */
  #readPalette(): Palette {
    const palette = readPalette();
    for (const [name, color] of Object.entries(palette.lines)) this.style.setProperty(`--fy-line-${name}`, color);
    return palette;
  }

  #cards(): Iterable<ChartCard> {
    return this.querySelectorAll<ChartCard>("fy-chart-card");
  }

  #watchCards(): void {
    const present = new Set(this.#cards());
    for (const card of this.#watched) {
      if (present.has(card)) continue;
      this.#sight?.unobserve(card);
      this.#watched.delete(card);
    }
    for (const card of present) {
      if (this.#watched.has(card)) continue;
      this.#watched.add(card);
      this.#sight?.observe(card);
    }
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    const ids: string[] = [];
    for (const { target, isIntersecting } of entries) {
      if (!(target instanceof ChartCard)) continue;
      const card = target;
      card.isInSight = isIntersecting;
      const { id } = card.offer;
      if (!isIntersecting || card.chart || this.#asked.has(id)) continue;
      this.#asked.add(id);
      ids.push(id);
    }
    if (ids.length > 0) this.#send("fy-charts-wanted", { ids });
  }

  #makeDesk(): ChartsDesk {
    return {
      palette: () => (this.#palette ??= this.#readPalette()),
      texts: new TimeTexts(this.format.locale),
      write: unitText(this.format),
      writeThreshold: thresholdText(this.format),
      marks: this.marks,
      tools: this.tools,
      draw: (card) => this.#draw(card),
      speak: (text) => {
        const live = this.querySelector(":scope > .fy-spoken");
        if (live) live.textContent = text;
      },
      point: (at) => this.#point(at),
      select: (part) => {
        for (const card of this.#cards()) card.mark(part);
      },
      range: (from, to) => this.#send("fy-charts-range", { fromMillis: from * 1000, toMillis: to * 1000 }),
      group: (id, by: Grouping) => this.#tell({ by: { ...this.state.by, [id]: by } }),
      toggleStacked: (id) => this.#tell({ stacked: toggled(this.state.stacked, id) }),
      toggleTable: (id) => this.#tell({ tables: toggled(this.state.tables, id) }),
      saveCsv: (id) => this.#save(id),
      query: (query, act) => this.#send("fy-charts-query", { query, act }),
    };
  }

  /** Once a frame: the pointer moves more often. */
  #point(at: number | null): void {
    this.#at = at;
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      for (const card of this.#cards()) card.point(this.#at);
    });
  }

  /** All that wait are measured before the first of them changes the page: one layout for all. */
  #draw(card: Drawable): void {
    this.#waiting.add(card);
    this.#drawing ??= requestAnimationFrame(() => {
      this.#drawing = undefined;
      const rooms = [...this.#waiting].map((waiting) => [waiting, waiting.room] as const);
      this.#waiting.clear();
      for (const [waiting, room] of rooms) waiting.make(room);
    });
  }

  async #unfold(id: string): Promise<void> {
    this.#book.keep(id);
    this.requestUpdate();
    await this.updateComplete;
    const card = [...this.#cards()].find(({ offer }) => offer.id === id);
    await card?.updateComplete;
    card?.querySelector<HTMLElement>(".fy-card-body[tabindex]")?.focus();
  }

  #save(id: string): void {
    const chart = this.values.charts.get(id);
    const offer = this.values.offers.find((one) => one.id === id);
    if (chart && offer) {
      this.#send("fy-charts-csv", { name: this.#fileName(offer), text: chartCsv(chart, this.values.times) });
    }
  }

  #saveAll(): void {
    const { offers, charts, times } = this.values;
    this.#send("fy-charts-csv", { name: this.#fileName(), text: chartsCsv(offers, charts, times) });
  }

  #fileName(offer?: WireChartOffer): string {
    const parts = [this.name, offer?.id ?? "charts"].filter((part) => part !== "");
    return `${parts
      .join("-")
      .replace(/[^\p{L}\p{N}._-]+/gu, "-")
      .slice(0, 120)}.csv`;
  }

  #tell(part: Partial<ChartsState>): void {
    this.#send("fy-charts-state", { ...this.state, ...part });
  }

  #send<N extends keyof ChartsEvents>(name: N, detail: ChartsEvents[N]["detail"]): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

function toggled(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
}

customElements.define("fy-charts", Charts);
