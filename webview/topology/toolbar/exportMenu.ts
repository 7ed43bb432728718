import { html, type TemplateResult } from "lit";
import { say, type Message } from "../../../src/mesh/message.ts";
import { exportFormats, type ExportFormat } from "../../../src/protocol/topology/topologyContract.ts";
import { button } from "../../shared/controls.ts";
import type { Popup } from "../../shared/fy-popup.ts";
import { words } from "../../shared/words.ts";

const titles: Readonly<Record<ExportFormat, Message>> = {
  svg: say("Picture (SVG) …"),
  png: say("Picture (PNG) …"),
  mermaid: say("Mermaid …"),
  dot: say("Graphviz (DOT) …"),
  csv: say("Tables (CSV) …"),
  json: say("JSON …"),
  markdown: say("Copy as Markdown"),
};

export function exportMenu(within: HTMLElement, chosen: (format: ExportFormat) => void): TemplateResult {
  return html`<div class="fy-menu">
    ${exportFormats.map((format) =>
      button({
        label: words(titles[format]),
        name: `export-${format}`,
        onClick: () => {
          within.querySelector<Popup>('fy-popup[data-name="export"]')?.close();
          chosen(format);
        },
      }),
    )}
  </div>`;
}
