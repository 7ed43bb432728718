import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import UPlot, { type AlignedData, type Options, type Series } from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Format } from "../../../src/mesh/format/format.ts";
import { say } from "../../../src/mesh/message.ts";
import type { DetailSeries } from "../../../src/protocol/topology/topologyContract.ts";
import { themeColor, watchTheme } from "../../shared/theme.ts";
import { words } from "../../shared/words.ts";

type Shown = "requests" | "bytes";

const height = 120;
/** Between two times on the axis (seconds). */
const timeSteps = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200];

/** The plot's top, as a multiple of the highest value: a line does not run along the edge. */
const headroom = 1.1;

/** The last window of one selection, with a table of the same numbers for those who cannot see it. */
export class Chart extends LitElement {
  static override properties = {
    series: { attribute: false },
    format: { attribute: false },
    about: { type: String },
  };

  declare series: DetailSeries;
  declare format: Format;
  declare about: string;
  #plot: UPlot | undefined;
  #plotted: Shown | undefined;
  #theme: { dispose(): void } | undefined;
  #sizes: ResizeObserver | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#theme = watchTheme(() => this.#forget());
    this.#sizes = new ResizeObserver(() => this.#plot?.setSize({ width: this.#width, height }));
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#theme?.dispose();
    this.#sizes?.disconnect();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#shown) return nothing;
    return html`<h3>${words(say("Last window"))}</h3>
      <div class="fy-plot" role="img" aria-label=${this.#spoken()}></div>
      <details>
        <summary>${words(say("Numbers of the chart"))}</summary>
        ${this.#table()}
      </details>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    if (changed.has("series")) this.#draw();
  }

  get #width(): number {
    return Math.max(160, this.clientWidth);
  }

  get #shown(): Shown | undefined {
    if (hasNumbers(this.series.rps)) return "requests";
    const { sentBytesPerSecond, receivedBytesPerSecond } = this.series;
    return hasNumbers(sentBytesPerSecond) || hasNumbers(receivedBytesPerSecond) ? "bytes" : undefined;
  }

  #spoken(): string {
    const { rps, errorsPerSecond, sentBytesPerSecond, receivedBytesPerSecond } = this.series;
    const { format } = this;
    if (this.#shown === "bytes") {
      return words(
        say(
          "{0}: received {1}, sent {2} at the end",
          this.about,
          format.throughput(last(receivedBytesPerSecond)),
          format.throughput(last(sentBytesPerSecond)),
        ),
      );
    }
    const [least, most] = [Math.min(...known(rps)), Math.max(...known(rps))];
    const errors = format.rate(last(errorsPerSecond));
    return words(
      say("{0}: between {1} and {2}, errors {3} at the end", this.about, format.rate(least), format.rate(most), errors),
    );
  }

  #table(): TemplateResult {
    const { times } = this.series;
    const columns = this.#columns();
    // As many rows as a person reads; the chart has the rest.
    const step = Math.max(1, Math.ceil(times.length / 30));
    const rows = [...times.keys()].filter((row) => row % step === 0);
    return html`<table class="fy-table">
      <thead>
        <tr>
          <th scope="col">${words(say("Time"))}</th>
          ${columns.map((column) => html`<th scope="col" class="fy-number">${column.label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              <th scope="row">${new Date((times[row] ?? 0) * 1000).toLocaleTimeString(this.format.locale)}</th>
              ${columns.map((column) => html`<td class="fy-number">${column.text(column.values[row] ?? NaN)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
  }

  #columns(): readonly Column[] {
    const { series, format } = this;
    if (this.#shown === "bytes") {
      return [
        {
          label: words(say("Received")),
          values: series.receivedBytesPerSecond,
          color: "blue",
          text: format.throughput,
        },
        { label: words(say("Sent")), values: series.sentBytesPerSecond, color: "purple", text: format.throughput },
      ];
    }
    return [
      { label: words(say("Requests")), values: series.rps, color: "blue", text: format.rate },
      { label: words(say("Errors")), values: series.errorsPerSecond, color: "red", text: format.rate },
    ];
  }

  #draw(): void {
    const shown = this.#shown;
    if (this.#plot && shown === this.#plotted) {
      this.#plot.setData(this.#data());
      return;
    }
    this.#plot?.destroy();
    this.#plot = undefined;
    this.#plotted = shown;
    const place = this.querySelector<HTMLElement>(".fy-plot");
    if (place && shown) this.#plot = new UPlot(this.#options(), this.#data(), place);
  }

  /** Colours are read when a plot is made. */
  #forget(): void {
    this.#plotted = undefined;
    this.#draw();
  }

  #data(): AlignedData {
    const gaps = (values: Float64Array) => Array.from(values, (value) => (Number.isFinite(value) ? value : null));
    return [this.series.times, ...this.#columns().map((column) => gaps(column.values))] as AlignedData;
  }

  #options(): Options {
    const text = themeColor("--vscode-foreground", "currentColor");
    const grid = themeColor("--vscode-editorWidget-border", themeColor("--vscode-foreground", "#888"));
    const font = `11px ${themeColor("--vscode-font-family", "sans-serif")}`;
    const columns = this.#columns();
    const axis = { stroke: text, font, grid: { stroke: grid, width: 0.5 }, ticks: { stroke: grid, width: 0.5 } };
    const tell = columns[0]?.text ?? this.format.rate;
    return {
      width: this.#width,
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: { y: { range: (_, __, most) => [0, most > 0 ? most * headroom : 1] } },
      axes: [
        {
          ...axis,
          space: 70,
          incrs: timeSteps,
          values: (_, splits) => splits.map((at) => clock(at, this.format.locale)),
        },
        {
          ...axis,
          size: 72,
          // However small the numbers are, the highest can be read.
          splits: (_, __, least, most) => [least, most / headroom / 2, most / headroom],
          filter: (_, splits) => splits,
          values: (_, splits) => told(splits, tell),
        },
      ],
      series: [
        {},
        ...columns.map((column, index): Series => ({
          stroke: themeColor(`--vscode-charts-${column.color}`, text),
          width: 1.5,
          // Told apart by their lines too, not by colour alone.
          ...(index === 0 ? {} : { dash: [4, 3] }),
          points: { show: false },
        })),
      ],
    };
  }
}

interface Column {
  readonly label: string;
  readonly values: Float64Array;
  readonly color: string;
  readonly text: (value: number) => string;
}

/** Two that round to the same words are said once, the upper one. */
function told(splits: readonly number[], tell: (value: number) => string): string[] {
  const texts = splits.map(tell);
  return texts.map((text, index) => (text === texts[index + 1] ? "" : text));
}

function clock(seconds: number, locale: string): string {
  return new Date(seconds * 1000).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit" });
}

function known(values: Float64Array): number[] {
  return [...values].filter((value) => Number.isFinite(value));
}

function hasNumbers(values: Float64Array): boolean {
  return values.some((value) => value > 0);
}

function last(values: Float64Array): number {
  return known(values).at(-1) ?? NaN;
}

customElements.define("fy-chart", Chart);
