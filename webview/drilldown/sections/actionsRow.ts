import { html, nothing, type TemplateResult } from "lit";
import type { LevelAction } from "../../../src/mesh/drilldown/level.ts";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireAction } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { button } from "../../shared/controls.ts";
import "../../shared/fy-popup.ts";
import type { Popup } from "../../shared/fy-popup.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";

const shownAtFirst = 4;

export const actionIcons: Readonly<Record<LevelAction, string>> = {
  openYaml: "go-to-file",
  describe: "list-selection",
  validate: "checklist",
  logs: "output",
  previousLogs: "history",
  copyName: "copy",
  copyCommand: "terminal",
  showTopology: "type-hierarchy",
  revealInTree: "list-tree",
  openPrometheus: "link-external",
  openGrafana: "graph-line",
};

/** What can be done here: the first as buttons, the others in a menu. */
export function actionsRow(model: DrilldownModel, { actions }: Level): TemplateResult | typeof nothing {
  if (actions.length === 0) return nothing;
  const rest = actions.slice(shownAtFirst);
  return html`<div class="fy-actions fy-level-actions" role="group" aria-label=${words(say("Actions"))}>
    ${actions.slice(0, shownAtFirst).map((action) => actionButton(action, () => model.runAction(action.action, "")))}
    ${
      rest.length === 0
        ? nothing
        : html`<fy-popup
            icon="ellipsis"
            icon-only
            data-name="more-actions"
            .label=${words(say("More actions"))}
            .content=${() => actionMenu(rest, (action) => model.runAction(action, ""))}
          ></fy-popup>`
    }
  </div>`;
}

export function actionMenu(actions: readonly WireAction[], run: (action: LevelAction) => void): TemplateResult {
  return html`<div class="fy-menu">
    ${actions.map((action) =>
      button({
        ...{ label: action.title, icon: actionIcons[action.action], tooltip: action.detail, name: action.action },
        onClick(event) {
          (event.currentTarget as HTMLElement).closest<Popup>("fy-popup")?.close();
          run(action.action);
        },
      }),
    )}
  </div>`;
}

function actionButton({ action, title, detail }: WireAction, onClick: () => void): TemplateResult {
  return button({ label: title, icon: actionIcons[action], tooltip: detail, kind: "secondary", name: action, onClick });
}
