import UPlot, { type AlignedData, type Options, type Series } from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ChartLine } from "./chartLines.ts";
import type { ChartMark } from "./chartValues.ts";
import { linePaths } from "./linePaths.ts";
import type { Palette } from "./palette.ts";
import { timeSteps, type TimeTexts } from "./timeTexts.ts";

/** Everything one plot shows. */
export interface PlotPicture {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly ChartLine[];
  readonly write: (value: number) => string;
  readonly writeThreshold: (value: number) => string;
  readonly texts: TimeTexts;
  /** From these values on: orange, red. */
  readonly thresholds: readonly [warning: number, error: number] | null;
  /** Limits and requests, drawn where they are not far above all values. */
  readonly levels: readonly { readonly name: string; readonly value: number }[];
  readonly marks: readonly ChartMark[];
  /** Nothing above this can be (1 for shares). */
  readonly most: number;
}

export interface PlotOptions {
  /** CSS pixels of the place when the plot is made. */
  readonly width: number;
  /** CSS pixels, axes included. */
  readonly height: number;
  readonly palette: () => Palette;
  /** The pointer moved to this time, or left. */
  readonly onCursor?: (at: number | null) => void;
  /** Seconds since 1970. */
  readonly onRange?: (from: number, to: number) => void;
}

/** The plot's top, as a multiple of the highest value: a line does not run along the edge. */
const headroom = 1.08;
/** A limit is drawn where it is at most so many times the highest value; else it would flatten all lines. */
const reach = 4;
const axisWidth = 64;
const axisHeight = 24;
const valueSteps = Array.from({ length: 26 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** (power - 10)),
).flat();

/** One canvas. The only place that knows uPlot. */
export class Plot {
  readonly #place: HTMLElement;
  readonly #options: PlotOptions;
  #picture: PlotPicture;
  #plot: UPlot | undefined;
  #width = 0;
  #isPointed = false;

  constructor(place: HTMLElement, options: PlotOptions, picture: PlotPicture) {
    this.#place = place;
    this.#options = options;
    this.#picture = picture;
    this.#width = options.width;
    this.#make();
  }

  get picture(): PlotPicture {
    return this.#picture;
  }

  show(picture: PlotPicture): void {
    const isSame = picture.lines.length === this.#picture.lines.length;
    this.#picture = picture;
    if (!isSame || !this.#plot) this.#make();
    else {
      this.#plot.setData(dataOf(picture));
    }
  }

  /** Another theme, the same data. */
  repaint(): void {
    this.#plot?.redraw(false, true);
  }

  fit(width: number): void {
    if (width === this.#width) return;
    this.#width = width;
    this.#plot?.setSize({ width, height: this.#options.height });
  }

  /** Puts the cursor on this time without telling of it. */
  point(at: number | null): void {
    const plot = this.#plot;
    if (!plot || this.#isPointed) return;
    const time = at === null ? undefined : this.#picture.times[at];
    const left = time === undefined ? -10 : plot.valToPos(time, "x");
    plot.setCursor({ left, top: time === undefined ? -10 : 0 }, false);
  }

  /** Marks the part between two times by their indexes; null takes the mark away. */
  select(part: readonly [from: number, to: number] | null): void {
    const plot = this.#plot;
    if (!plot) return;
    const x = (at: number) => plot.valToPos(this.#picture.times[at] ?? NaN, "x");
    const [left, right] = part === null ? [0, 0] : [x(Math.min(...part)), x(Math.max(...part))];
    const height = part === null ? 0 : plot.over.clientHeight;
    plot.setSelect({ left, top: 0, width: right - left, height }, false);
  }

  dispose(): void {
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #make(): void {
    this.#plot?.destroy();
    this.#isPointed = false;
    const plot = new UPlot(this.#uplotOptions(), dataOf(this.#picture), this.#place);
    this.#plot = plot;
    plot.over.addEventListener("mouseenter", () => {
      this.#isPointed = true;
    });
    plot.over.addEventListener("mouseleave", () => {
      this.#isPointed = false;
      this.#options.onCursor?.(null);
    });
  }

  #uplotOptions(): Options {
    const color = (series: number) => {
      const line = this.#picture.lines[series - 1];
      const { lines } = this.#options.palette();
      return lines[line?.style.color ?? "blue"];
    };
    const paths = linePaths((series) => this.#picture.lines[series - 1]?.bases);
    const hasPointer = this.#options.onCursor !== undefined;
    return {
      width: this.#width,
      height: this.#options.height,
      padding: [6, 30, 0, 0],
      legend: { show: false },
      cursor: {
        show: hasPointer,
        y: false,
        points: {
          size: 6,
          width: 1,
          fill: (_, series) => color(series),
          stroke: () => this.#options.palette().background,
        },
        drag: { x: this.#options.onRange !== undefined, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => null },
      },
      scales: {
        x: { time: true, range: (_, least, most) => (most > least ? [least, most] : [least - 30, most + 30]) },
        y: { range: (_, least, most) => this.#range(least, most) },
      },
      axes: this.#axes(),
      series: [
        {},
        ...this.#picture.lines.map((): Series => ({
          stroke: (_, series) => color(series),
          fill: (_, series) => (this.#picture.lines[series - 1]?.bases ? faint(color(series), 0.3) : "transparent"),
          width: 1.5,
          points: { show: false },
          paths: (plot, series, from, to) => {
            // Read after its path is made; in pixels of the canvas, which change with the screen.
            const own = plot.series[series];
            if (own) own.dash = scaledDash(this.#picture.lines[series - 1]);
            return paths(plot, series, from, to);
          },
        })),
      ],
      hooks: {
        drawAxes: [(plot) => this.#drawBehind(plot)],
        setCursor: [
          (plot) => {
            if (this.#isPointed) this.#options.onCursor?.(plot.cursor.idx ?? null);
          },
        ],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  #axes(): UPlot.Axis[] {
    const { palette } = this.#options;
    const line = { stroke: () => faint(palette().grid, 0.6), width: 1 };
    const axis = { stroke: () => palette().quiet, font: palette().font, grid: line, ticks: { ...line, size: 4 } };
    return [
      {
        ...axis,
        size: axisHeight,
        gap: 3,
        space: 64,
        incrs: timeSteps,
        grid: { show: false },
        values: (...[, splits, , , step]) => this.#picture.texts.axis(splits, step),
      },
      {
        ...axis,
        size: axisWidth,
        gap: 4,
        space: 28,
        incrs: valueSteps,
        values: (_, splits) => splits.map((value) => this.#picture.write(value)),
      },
    ];
  }

  #range(least: number | null, most: number | null): [number, number] {
    const { levels, most: bound } = this.#picture;
    const highest = most ?? 0;
    if (highest <= 0) return [0, Math.min(1, bound)];
    const top = levels.reduce((high, { value }) => (value > high && value <= highest * reach ? value : high), highest);
    return [Math.min(0, least ?? 0), Math.min(top * headroom, bound)];
  }

  /** What lies under the lines: thresholds, limits, marks. */
  #drawBehind(plot: UPlot): void {
    const { thresholds, levels, marks } = this.#picture;
    const { warning, error, text, quiet, isHighContrast } = this.#options.palette();
    const { ctx } = plot;
    const { left, top, width, height } = plot.bbox;
    const { min = 0, max = 1 } = plot.scales["y"] ?? {};
    const unit = devicePixelRatio;
    const isSeen = (value: number) => value > min && value < max;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    ctx.lineWidth = unit;
    const level = (value: number, color: string, dash: readonly number[]) => {
      const y = Math.round(plot.valToPos(value, "y", true)) + 0.5;
      ctx.strokeStyle = color;
      ctx.setLineDash(dash.map((part) => part * unit));
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(left + width, y);
      ctx.stroke();
    };
    const colors = [warning, error] as const;
    thresholds?.forEach((value, which) => {
      if (!isSeen(value)) return;
      const y = plot.valToPos(value, "y", true);
      const upper = thresholds[which + 1];
      const end = upper !== undefined && isSeen(upper) ? plot.valToPos(upper, "y", true) : top;
      if (!isHighContrast) {
        ctx.fillStyle = faint(colors[which] ?? error, 0.08);
        ctx.fillRect(left, end, width, y - end);
      }
      level(value, colors[which] ?? error, which === 0 ? [3, 3] : [7, 3]);
    });
    ctx.font = scaledFont(this.#options.palette().font, unit);
    ctx.textBaseline = "bottom";
    ctx.textAlign = "right";
    for (const { name, value } of levels) {
      if (!isSeen(value)) continue;
      level(value, text, [1, 3]);
      ctx.fillStyle = quiet;
      const y = plot.valToPos(value, "y", true);
      const isBelow = y - top < 14 * unit;
      ctx.textBaseline = isBelow ? "top" : "bottom";
      ctx.fillText(name, left + width - 2 * unit, y + (isBelow ? 2 : -1) * unit);
    }
    ctx.strokeStyle = quiet;
    ctx.setLineDash([2 * unit, 2 * unit]);
    for (const { atMillis } of marks) {
      const x = Math.round(plot.valToPos(atMillis / 1000, "x", true)) + 0.5;
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, top + height);
      ctx.stroke();
    }
    ctx.restore();
  }

  #selected(plot: UPlot): void {
    const { left, width } = plot.select;
    if (width <= 0) return;
    const [from, to] = [plot.posToVal(left, "x"), plot.posToVal(left + width, "x")];
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.#options.onRange?.(from, to);
  }
}

function dataOf({ times, lines }: PlotPicture): AlignedData {
  return [times, ...lines.map(({ tops }) => tops)] as AlignedData;
}

function scaledDash(line: ChartLine | undefined): number[] {
  return line?.style.dash.map((part) => part * devicePixelRatio) ?? [];
}

function scaledFont(font: string, unit: number): string {
  return font.replace(/^(\d+)px/u, (_, size: string) => `${Number(size) * unit}px`);
}

/** A colour of the theme with less of it. */
function faint(color: string, share: number): string {
  return `color-mix(in srgb, ${color} ${share * 100}%, transparent)`;
}
