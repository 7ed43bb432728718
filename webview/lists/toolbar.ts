import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { say } from "../../src/mesh/message.ts";
import { listStates } from "../../src/protocol/lists/listSnapshotOf.ts";
import { button, checkbox, textField } from "../shared/controls.ts";
import "../shared/fy-popup.ts";
import { stateWords } from "../shared/healthWords.ts";
import { words } from "../shared/words.ts";
import { columnIds, columnTitle, movedColumn, toggledColumn, type ColumnId } from "./columns.ts";
import type { ListsModel } from "./listsModel.ts";

/** Which list, which rows, which columns, and what to take along. */
export function toolbar(model: ListsModel, help: () => void): TemplateResult {
  const { what, state, list } = model;
  return html`<div class="fy-tools" role="toolbar" aria-label=${words(say("List"))}>
    <div class="fy-switch" role="group" aria-label=${words(say("Which list"))}>
      ${button({ label: words(say("Services")), name: "services", pressed: what === "services", onClick: () => model.show("services") })}
      ${button({ label: words(say("Workloads")), name: "workloads", pressed: what === "workloads", onClick: () => model.show("workloads") })}
    </div>
    ${textField({
      ...{ label: words(say("Filter by name, namespace, cluster, configuration or notes")), value: state.text },
      ...{ placeholder: words(say("Filter")), icon: "filter", name: "filter" },
      onInput: (text) => model.change({ text }),
      onKey: (event) => {
        if (event.key === "Escape" && model.state.text !== "") {
          event.stopPropagation();
          model.change({ text: "" });
        }
      },
    })}
    <fy-popup
      icon="pulse"
      data-name="states"
      .label=${words(say("States"))}
      .badge=${state.hiddenStates.length > 0 ? `${listStates.length - state.hiddenStates.length}` : undefined}
      .content=${() => statesSheet(model)}
    ></fy-popup>
    <fy-popup
      icon="layout"
      data-name="columns"
      .label=${words(say("Columns"))}
      .content=${() => columnsSheet(model)}
    ></fy-popup>
    <span class="fy-gap"></span>
    ${button({ label: words(say("Save as CSV")), icon: "desktop-download", iconOnly: true, name: "csv", disabled: !list, onClick: () => model.saveCsv() })}
    <fy-popup
      icon="code"
      icon-only
      data-name="queries"
      .label=${words(say("Queries"))}
      .content=${() => queriesSheet(model)}
    ></fy-popup>
    ${button({ label: words(say("Keyboard")), icon: "question", iconOnly: true, name: "help", onClick: help })}
  </div>`;
}

function statesSheet(model: ListsModel): TemplateResult {
  const { hiddenStates } = model.state;
  return html`<h3>${words(say("States shown"))}</h3>
    ${listStates.map((state) =>
      checkbox({
        ...{ label: words(stateWords[state]), name: `state-${state}`, checked: !hiddenStates.includes(state) },
        onChange: (isShown) =>
          model.change({
            hiddenStates: listStates.filter((one) => (one === state ? !isShown : hiddenStates.includes(one))),
          }),
      }),
    )}
    <div class="fy-actions">
      ${button({ label: words(say("Show all")), kind: "secondary", disabled: hiddenStates.length === 0, onClick: () => model.change({ hiddenStates: [] }) })}
    </div>`;
}

function columnsSheet(model: ListsModel): TemplateResult {
  const { columns, what } = model;
  const hidden = columnIds.filter((id) => !columns.includes(id));
  const row = (id: ColumnId) => {
    const title = columnTitle(id, what);
    const at = columns.indexOf(id);
    const move = (by: -1 | 1) => model.changeLook({ columns: movedColumn(columns, id, by) });
    return html`<li class="fy-column" data-column=${id}>
      ${checkbox({
        ...{ label: title, name: `column-${id}`, checked: at >= 0, disabled: id === "name" },
        // The toolkit says "change" of what the page itself set, too.
        onChange(isShown) {
          if (isShown !== model.columns.includes(id)) {
            model.changeLook({ columns: toggledColumn(model.columns, id) });
          }
        },
      })}
      <span class="fy-gap"></span>
      ${
        at < 1
          ? nothing
          : html`${button({ label: words(say("Move {0} up", title)), icon: "arrow-up", iconOnly: true, name: `up-${id}`, disabled: at === 1, onClick: () => move(-1) })}
            ${button({ label: words(say("Move {0} down", title)), icon: "arrow-down", iconOnly: true, name: `down-${id}`, disabled: at === columns.length - 1, onClick: () => move(1) })}`
      }
    </li>`;
  };
  return html`<h3>${words(say("Columns"))}</h3>
    <ul class="fy-list">
      ${repeat([...columns, ...hidden], (id) => id, row)}
    </ul>
    <div class="fy-actions">
      ${button({ label: words(say("Reset columns")), kind: "secondary", name: "reset-columns", onClick: () => model.changeLook({ columns: null }) })}
    </div>`;
}

function queriesSheet(model: ListsModel): TemplateResult {
  const queries = model.list?.queries ?? [];
  if (queries.length === 0) return html`<p>${words(say("No query was asked for these numbers."))}</p>`;
  return html`<h3>${words(say("Where the numbers come from"))}</h3>
    ${queries.map(
      (query) =>
        html`<pre class="fy-query" tabindex="0" aria-label=${words(say("Query"))}><bdi>${query}</bdi></pre>
          <div class="fy-actions">
            ${button({ label: words(say("Copy query")), icon: "copy", name: "copy-query", onClick: () => model.copy(query) })}
          </div>`,
    )}`;
}
