import { html, nothing, svg, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { icon } from "../controls.ts";
import { words } from "../words.ts";
import { knownAt, sumAt, type ChartLine } from "./chartLines.ts";
import type { PlotPicture } from "./plot.ts";

/** Lines and levels of one chart. The places of values are filled by {@link tellValues}, which runs with each move of the cursor. */
export function chartLegend(picture: PlotPicture, thresholdSetting: string): TemplateResult {
  const { lines, levels, thresholds, writeThreshold } = picture;
  const isStacked = lines.some(({ bases }) => bases !== undefined);
  return html`<ul class="fy-legend" tabindex="0" aria-label=${words(say("Values"))}>
    ${lines.map((line) => {
      const name = line.name === "" ? words(say("Value")) : line.name;
      return html`<li title=${name}>${swatch(line)}<bdi>${name}</bdi><span class="fy-legend-value"></span></li>`;
    })}
    ${isStacked ? html`<li class="fy-legend-sum"><span></span><bdi>${words(say("Sum"))}</bdi><span class="fy-legend-value"></span></li>` : nothing}
    ${levels.map(
      ({ name, value }) =>
        html`<li class="fy-quiet" title=${name}>
          <span class="fy-swatch-level"></span><bdi>${name}</bdi><span>${picture.write(value)}</span>
        </li>`,
    )}
    ${thresholds?.map(
      (value, which) =>
        html`<li class="fy-quiet" title=${thresholdSetting}>
          <span class=${which === 0 ? "fy-warning" : "fy-error"}>${icon(which === 0 ? "warning" : "error")}</span
          ><bdi
            >${words(which === 0 ? say("warning from {0}", writeThreshold(value)) : say("error from {0}", writeThreshold(value)))}</bdi
          >
        </li>`,
    )}
  </ul>`;
}

/** Writes the values at a time into the legend; `at` below 0: no value is known. */
export function tellValues(legend: HTMLElement, { lines, write, thresholds }: PlotPicture, at: number): void {
  const places = legend.querySelectorAll<HTMLElement>(".fy-legend-value");
  lines.forEach(({ values }, index) => {
    const place = places[index];
    if (place) tell(place, values[at] ?? NaN, write, thresholds);
  });
  const sum = places[lines.length];
  if (!sum) return;
  const known = knownAt(lines, at);
  // A sum of what is known is said to be one.
  const text = write(sumAt(lines, at));
  setText(
    sum,
    known === lines.length || known === 0 ? text : words(say("{0} ({1} of {2})", text, known, lines.length)),
  );
}

function tell(
  place: HTMLElement,
  value: number,
  write: (value: number) => string,
  thresholds: PlotPicture["thresholds"],
): void {
  setText(place, write(value));
  const [warning, error] = thresholds ?? [Infinity, Infinity];
  const sign = value >= error ? "fy-error" : value >= warning ? "fy-warning" : "";
  const name = `fy-legend-value ${sign}`.trim();
  if (place.className !== name) place.className = name;
}

function setText(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}

/** A piece of the line as it is drawn. */
function swatch({ style, bases }: ChartLine): TemplateResult {
  return html`<svg class="fy-swatch fy-line-${style.color}" width="22" height="10" aria-hidden="true">
    ${bases === undefined ? nothing : svg`<rect y="5" width="22" height="5" fill="currentColor" fill-opacity="0.3"></rect>`}
    ${svg`<line x1="0" y1="5" x2="22" y2="5" stroke="currentColor" stroke-width="2" stroke-dasharray=${style.dash.join(" ") || nothing}></line>`}
  </svg>`;
}
