import { html, type TemplateResult } from "lit";
import type { LevelAction } from "../../src/mesh/drilldown/level.ts";
import { say, type Message } from "../../src/mesh/message.ts";
import type { ListWhat } from "../../src/protocol/lists/listsContract.ts";
import { button } from "../shared/controls.ts";
import "../shared/fy-popup.ts";
import type { Popup } from "../shared/fy-popup.ts";
import { words } from "../shared/words.ts";

interface RowAction {
  readonly action: LevelAction;
  readonly title: Message;
  readonly icon: string;
  /** Only what has pods has logs. */
  readonly hasPods?: boolean;
}

const rowActions: readonly RowAction[] = [
  { action: "openYaml", title: say("Open YAML"), icon: "go-to-file" },
  { action: "describe", title: say("Describe"), icon: "list-selection" },
  { action: "logs", title: say("Logs"), icon: "output", hasPods: true },
  { action: "copyName", title: say("Copy Name"), icon: "copy" },
  { action: "copyCommand", title: say("Copy kubectl Command"), icon: "terminal" },
  { action: "showTopology", title: say("View in Topology"), icon: "type-hierarchy" },
  { action: "revealInTree", title: say("Reveal in Tree"), icon: "list-tree" },
];

/** What can be done with a row, opened from it. */
export function rowMenu(
  { name, what }: { readonly name: string; readonly what: ListWhat },
  run: (action: LevelAction | "drillDown") => void,
): TemplateResult {
  const item = (label: string, iconName: string, action: LevelAction | "drillDown") =>
    button({
      ...{ label, icon: iconName, name: action },
      onClick(event) {
        (event.currentTarget as HTMLElement).closest<Popup>("fy-popup")?.close();
        run(action);
      },
    });
  return html`<fy-popup
    class="fy-row-menu"
    icon="ellipsis"
    icon-only
    data-name="row-actions"
    .label=${words(say("Actions with {0}", name.length > 60 ? `${name.slice(0, 59)}…` : name))}
    .content=${() =>
      html`<div class="fy-menu">
        ${item(words(say("Open Drill-down")), "search", "drillDown")}
        ${rowActions
          .filter(({ hasPods }) => !hasPods || what === "workloads")
          .map(({ action, title, icon }) => item(words(title), icon, action))}
      </div>`}
  ></fy-popup>`;
}
