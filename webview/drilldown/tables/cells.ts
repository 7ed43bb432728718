import { html, nothing, type TemplateResult } from "lit";
import type { Format } from "../../../src/mesh/format/format.ts";
import { say } from "../../../src/mesh/message.ts";
import type { WireCell } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { icon } from "../../shared/controls.ts";
import { stateIcons, stateWords } from "../../shared/healthWords.ts";
import { limitText } from "../../shared/unitText.ts";
import { words } from "../../shared/words.ts";

/** What a cell reads. */
export function cellText(cell: WireCell | undefined, format: Format, now: number): string {
  switch (cell?.is) {
    case undefined:
      return "–";
    case "text":
      return cell.text === "" ? "–" : cell.text;
    case "state":
      return cell.text === "" ? words(stateWords[cell.state]) : cell.text;
    case "time":
      return words(format.ago(now - cell.atMillis));
    case "number":
      return cell.isIdle ? words(say("idle")) : limitText(format, cell);
  }
}

export function cellContent(cell: WireCell | undefined, format: Format, now: number): TemplateResult {
  const text = cellText(cell, format, now);
  if (cell?.is === "state") {
    return html`<span class="fy-state fy-state-${cell.state}">${icon(stateIcons[cell.state])}</span>
      <bdi>${text}</bdi>`;
  }
  if (cell?.is === "number" && cell.limit > 0 && cell.value >= 0) {
    const fill = Math.min(100, (cell.value / cell.limit) * 100);
    return html`<span class="fy-bar fy-cell-bar" aria-hidden="true"><i data-fill=${fill.toFixed(1)}></i></span
      ><bdi>${text}</bdi>`;
  }
  return html`<bdi class=${text === "–" || (cell?.is === "number" && cell.isIdle) ? "fy-quiet" : nothing}
    >${text}</bdi
  >`;
}
