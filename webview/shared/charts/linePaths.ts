import type UPlot from "uplot";

/** Half a line that stands for a single value between two gaps (CSS pixels). */
const half = 2;

/**
 * Draws one series: a line over each run of values, never over a gap, and a short stroke for a value that stands alone. With
 * `bases` the runs are filled down to what lies below them.
 */
export function linePaths(basesOf: (series: number) => readonly number[] | undefined): UPlot.Series.PathBuilder {
  return (plot, series) => {
    const times = plot.data[0];
    const values = plot.data[series] ?? [];
    const bases = basesOf(series);
    const x = position(plot.scales["x"], plot.bbox.left, plot.bbox.width);
    const y = position(plot.scales["y"], plot.bbox.top + plot.bbox.height, -plot.bbox.height);
    const stroke = new Path2D();
    const fill = bases ? new Path2D() : null;
    const short = half * devicePixelRatio;
    for (let from = 0; from < values.length;) {
      if (values[from] === null) {
        from++;
        continue;
      }
      let to = from;
      while (to + 1 < values.length && values[to + 1] !== null) to++;
      const wide = to === from ? short : 0;
      stroke.moveTo(x(times[from]) - wide, y(values[from]));
      for (let at = from + 1; at <= to; at++) stroke.lineTo(x(times[at]), y(values[at]));
      if (wide > 0) stroke.lineTo(x(times[from]) + wide, y(values[from]));
      if (fill && bases) {
        fill.moveTo(x(times[from]) - wide, y(values[from]));
        for (let at = from; at <= to; at++) fill.lineTo(x(times[at]) + (at === to ? wide : 0), y(values[at]));
        for (let at = to; at >= from; at--) fill.lineTo(x(times[at]) + (at === to ? wide : 0), y(bases[at]));
        fill.lineTo(x(times[from]) - wide, y(bases[from]));
        fill.closePath();
      }
      from = to + 1;
    }
    return { stroke, fill, clip: null, band: null, gaps: [], flags: 1 };
  };
}

/** Canvas pixels of a value; a scale has no length before it has data. */
function position(scale: UPlot.Scale | undefined, start: number, length: number) {
  const { min = 0, max = 1 } = scale ?? {};
  const factor = length / (max - min || 1);
  return (value: number | null | undefined): number => start + ((value ?? 0) - min) * factor;
}
