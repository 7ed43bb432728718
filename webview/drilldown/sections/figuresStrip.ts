import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireFigure } from "../../../src/protocol/drilldown/drilldownContract.ts";
import "../../shared/fy-popup.ts";
import { limitText, unitText } from "../../shared/unitText.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";
import { querySheet } from "./querySheet.ts";

/** Shares of a limit from which a bar is drawn in colour; a hint for the eye, no verdict. */
const nearLimit = 0.8;
const atLimit = 0.95;

/** The numbers of the level, each with what it is measured against and the query behind it. */
export function figuresStrip(model: DrilldownModel, { figures }: Level): TemplateResult | typeof nothing {
  if (figures.length === 0) return nothing;
  return html`<dl class="fy-figures">${figures.map((figure) => figureTile(model, figure))}</dl>`;
}

function figureTile(model: DrilldownModel, figure: WireFigure): TemplateResult {
  const { title, why, origin } = figure;
  const hasData = !Number.isNaN(figure.value) || figure.isIdle;
  return html`<div class="fy-figure" data-figure=${figure.id} title=${why === "" ? nothing : why}>
    <dt><bdi>${title}</bdi></dt>
    <dd>
      <span class="fy-figure-value ${hasData ? "" : "fy-quiet"}">${valueText(model, figure)}</span>
      ${
        origin === null
          ? nothing
          : html`<fy-popup
              icon="code"
              icon-only
              data-name="query-${figure.id}"
              .label=${words(say("Show the query of {0}", title))}
              .content=${() => querySheet(model, title, origin)}
            ></fy-popup>`
      }
      ${against(model, figure)} ${why === "" ? nothing : html`<span class="fy-figure-why fy-quiet">${why}</span>`}
    </dd>
  </div>`;
}

function valueText({ format }: DrilldownModel, { value, unit, isIdle }: WireFigure): string {
  if (isIdle) return words(say("idle"));
  return unitText(format)(value, unit);
}

/** The limit, else the request, in words and as a bar. */
function against(
  { format }: DrilldownModel,
  { value, unit, limit, request }: WireFigure,
): TemplateResult | typeof nothing {
  const whole = limit > 0 ? limit : request;
  if (!(whole > 0) || Number.isNaN(value)) return nothing;
  const share = value / whole;
  // Of so many, so many: the more the better, and no limit.
  const isCount = unit === "count";
  const level =
    isCount || !(limit > 0) ? "" : share >= atLimit ? "fy-at-limit" : share >= nearLimit ? "fy-near-limit" : "";
  const text = limitText(format, { value, limit: whole, unit });
  const what = isCount ? text : limit > 0 ? words(say("{0} (limit)", text)) : words(say("{0} (request)", text));
  return html`<span class="fy-bar ${level}" aria-hidden="true"
      ><i data-fill=${Math.min(100, share * 100).toFixed(1)}></i
    ></span>
    <span class="fy-quiet">${what}</span>`;
}
