import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { progressRing } from "../controls.ts";
import { Popup } from "../fy-popup.ts";
import { words } from "../words.ts";
import { chartKey, CursorKeys } from "./chartKeys.ts";
import type { WriteUnit } from "./chartValues.ts";
import { chartLegend, tellValues } from "./chartLegend.ts";
import { chartLines, isAdditive, lastKnown, type ChartLine } from "./chartLines.ts";
import { chartMenu } from "./chartMenu.ts";
import type { ChartsDesk, Room } from "./chartsDesk.ts";
import { groupingWords } from "./chartWords.ts";
import { flatButton } from "./flatButton.ts";
import { reasons } from "./foldedCharts.ts";
import "./fy-chart-table.ts";
import { LineBook } from "./lineStyles.ts";
import { Plot, type PlotPicture } from "./plot.ts";
import { spokenValues, timeWords } from "./spokenValues.ts";

/** CSS pixels, axes included. Fixed, so that nothing moves when numbers come. */
export const plotHeight = 152;
/** CSS pixels beyond the window's edge from where on a plot is drawn. */
export const nearby = 200;
const leastWidth = 160;

/** One chart with its legend, its choices and its table. */
export class ChartCard extends LitElement {
  static override properties = {
    offer: { attribute: false },
    chart: { attribute: false },
    times: { attribute: false },
    by: { attribute: false },
    isStacked: { attribute: false },
    isTable: { attribute: false },
    desk: { attribute: false },
    hasMenu: { state: true },
  };

  declare offer: WireChartOffer;
  /** undefined: not read yet. */
  declare chart: WireChart | undefined;
  declare times: readonly number[];
  declare by: Grouping;
  declare isStacked: boolean;
  declare isTable: boolean;
  declare desk: ChartsDesk;
  /** The menu is made when it is asked for. */
  declare hasMenu: boolean;
  #book = new LineBook();
  #bookOf = "";
  #lines: readonly ChartLine[] = [];
  #plot: Plot | undefined;
  #place: Element | undefined;
  #picture: PlotPicture | undefined;
  /** undefined: not known yet. */
  #isInSight: boolean | undefined;
  #at: number | null = null;
  readonly #keys = new CursorKeys();

  constructor() {
    super();
    this.hasMenu = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drop();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.requestUpdate("chart");
  }

  /** A chart out of sight is drawn when it comes into it. */
  set isInSight(value: boolean) {
    this.#isInSight = value;
    if (value) this.#draw();
  }

  /** Shows the values at this time; null: the last ones. */
  point(at: number | null): void {
    this.#at = at;
    if (this.#isInSight === false) return;
    this.#plot?.point(at);
    this.#tell();
  }

  mark(part: readonly [from: number, to: number] | null): void {
    this.#plot?.select(part);
  }

  repaint(): void {
    this.#plot?.repaint();
  }

  fit(width: number): void {
    this.#plot?.fit(width);
  }

  get room(): Room {
    const { width, top, bottom } = this.querySelector(".fy-plot")?.getBoundingClientRect() ?? new DOMRect();
    const isNear = bottom > -nearby && top < window.innerHeight + nearby;
    return { width: Math.max(leastWidth, Math.floor(width)), isNear };
  }

  /** Makes the plot, if it is to be seen; else when it comes into sight. */
  make({ width, isNear }: Room): void {
    const place = this.querySelector<HTMLElement>(".fy-plot");
    if (this.#plot || !this.#picture || !place || !(this.#isInSight ?? isNear)) return;
    this.#place = place;
    this.#plot = new Plot(place, { ...this.#plotOptions(), width }, this.#picture);
    this.#plot.point(this.#at);
    this.#tell();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("chart") && !changed.has("times") && !changed.has("isStacked") && !changed.has("desk")) return;
    const { chart, times } = this;
    const bookOf = `${this.offer.id} ${chart?.by ?? ""}`;
    if (chart && bookOf !== this.#bookOf) {
      this.#book = new LineBook();
      this.#bookOf = bookOf;
    }
    this.#lines = chart ? chartLines(chart, times.length, this.isStacked, this.#book) : [];
    this.#picture = this.#pictureOf();
  }

  protected override render(): TemplateResult {
    const { offer, desk } = this;
    return html`<section class="fy-card" aria-label=${offer.title} data-chart=${offer.id}>
      <header class="fy-card-head">
        <h3 title=${offer.title}><bdi>${offer.title}</bdi></h3>
        ${this.#groupings()}
        ${
          isAdditive(offer)
            ? flatButton({
                label: words(say("Stacked")),
                icon: "layers",
                iconOnly: true,
                pressed: this.isStacked,
                name: "stacked",
                onClick: () => desk.toggleStacked(offer.id),
              })
            : nothing
        }
        ${this.#menu()}
      </header>
      ${this.#body()}
    </section>`;
  }

  #menu(): TemplateResult {
    const { offer, desk } = this;
    const label = words(say("More of {0}", offer.title));
    if (!this.hasMenu) {
      return flatButton({
        ...{ label, icon: "ellipsis", iconOnly: true, opensDialog: true, name: "more" },
        onClick: () => void this.#openMenu(),
      });
    }
    return html`<fy-popup
      .label=${label}
      icon="ellipsis"
      icon-only
      data-name="more"
      .content=${() => chartMenu({ offer, chart: this.chart, isTable: this.isTable, desk, by: this.by })}
    ></fy-popup>`;
  }

  async #openMenu(): Promise<void> {
    this.hasMenu = true;
    await this.updateComplete;
    const popup = this.querySelector("fy-popup");
    if (!(popup instanceof Popup)) return;
    await popup.updateComplete;
    popup.open();
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.#draw();
  }

  get #hasNumbers(): boolean {
    return lastKnown(this.#lines, this.times.length) >= 0;
  }

  #groupings(): TemplateResult | typeof nothing {
    const { groupings, id } = this.offer;
    if (groupings.length < 2) return nothing;
    const label = words(say("Lines of {0}", this.offer.title));
    return html`<select
      class="fy-select"
      aria-label=${label}
      title=${label}
      @change=${(event: Event) => this.desk.group(id, (event.target as HTMLSelectElement).value as Grouping)}
    >
      ${groupings.map(
        (by) => html`<option value=${by} ?selected=${by === this.by}>${words(groupingWords[by])}</option>`,
      )}
    </select>`;
  }

  #body(): TemplateResult {
    const { chart, offer } = this;
    const picture = this.#picture;
    if (!chart) {
      return html`<div class="fy-card-body fy-card-empty">
        ${progressRing(words(say("Reading {0}", offer.title)))}
      </div>`;
    }
    if (!picture || !this.#hasNumbers) {
      return html`<div class="fy-card-body fy-card-empty" tabindex="0">
        ${reasons(chart).map((line) => html`<p><bdi>${line}</bdi></p>`)}
      </div>`;
    }
    if (this.isTable) {
      return html`<div class="fy-card-body">
        <fy-chart-table
          .label=${offer.title}
          .times=${this.times}
          .lines=${this.#lines}
          .write=${picture.write}
          .texts=${this.desk.texts}
        ></fy-chart-table>
      </div>`;
    }
    return html`<div class="fy-card-body">
      <div
        class="fy-plot"
        tabindex="0"
        role="application"
        aria-roledescription=${words(say("chart"))}
        aria-label=${offer.title}
        aria-description=${words(say("Arrows move the cursor, with Shift they select, Enter shows what is selected, T shows a table."))}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
        @blur=${() => this.#leave()}
      ></div>
      <p class="fy-plot-time" aria-hidden="true"></p>
      ${chartLegend(picture, words(say("Chart threshold, set by foreyard.drilldown.thresholds")))}
    </div>`;
  }

  #pictureOf(): PlotPicture | undefined {
    const { chart, offer, desk } = this;
    if (!chart) return undefined;
    const { unit, foreignUnit } = chart;
    const writer = (write: WriteUnit) => (value: number) =>
      foreignUnit === "" ? write(value, unit) : `${desk.write(value, "count")} ${foreignUnit}`;
    return {
      times: this.times,
      lines: this.#lines,
      write: writer(desk.write),
      writeThreshold: writer(desk.writeThreshold),
      texts: desk.texts,
      thresholds: offer.thresholds,
      levels: offer.lines,
      marks: desk.marks,
      most: unit === "share" ? 1 : Infinity,
    };
  }

  #draw(): void {
    const place = this.querySelector<HTMLElement>(".fy-plot");
    if (!place || !this.#picture) {
      this.#drop();
      return;
    }
    if (this.#isInSight === false) return;
    if (place !== this.#place) this.#drop();
    if (!this.#plot) {
      this.desk.draw(this);
      return;
    }
    if (this.#plot.picture !== this.#picture) this.#plot.show(this.#picture);
    this.#tell();
  }

  #plotOptions() {
    return {
      height: plotHeight,
      palette: () => this.desk.palette(),
      onCursor: (at: number | null) => this.desk.point(at),
      onRange: (from: number, to: number) => this.desk.range(from, to),
    };
  }

  #drop(): void {
    this.#plot?.dispose();
    this.#plot = undefined;
    this.#place = undefined;
  }

  #tell(): void {
    const legend = this.querySelector<HTMLElement>(".fy-legend");
    if (!legend || !this.#picture) return;
    tellValues(legend, this.#picture, this.#at ?? lastKnown(this.#lines, this.times.length));
    const time = this.querySelector<HTMLElement>(".fy-plot-time");
    const text = this.#at === null ? "" : timeWords(this.#picture, this.#at);
    if (time && time.textContent !== text) time.textContent = text;
  }

  #leave(): void {
    this.#keys.clear();
    this.desk.select(null);
    this.desk.point(null);
  }

  #key(event: KeyboardEvent): void {
    const act = chartKey(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    if (act === "table") {
      this.desk.toggleTable(this.offer.id);
      return;
    }
    const { at, part, range } = this.#keys.act(act, this.times.length, this.#at);
    // The grid tells all cards once a frame; keys may come faster.
    this.#at = at;
    this.desk.point(at);
    this.desk.select(part);
    if (at !== null && this.#picture) this.desk.speak(spokenValues(this.#picture, at));
    if (range) this.desk.range(this.times[range[0]] ?? NaN, this.times[range[1]] ?? NaN);
  }
}

customElements.define("fy-chart-card", ChartCard);
