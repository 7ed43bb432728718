import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { graphViews } from "../../../src/mesh/topology/graph/graph.ts";
import { edgeLabelNames } from "../../../src/protocol/topology/graphSnapshot.ts";
import { button, dropdown } from "../../shared/controls.ts";
import { refreshDropdown, windowDropdown } from "../../shared/timeControls.ts";
import { words } from "../../shared/words.ts";
import "../../shared/fy-popup.ts";
import { ModelElement } from "../modelElement.ts";
import type { PageState } from "../pageState.ts";
import { labelWords, viewWords } from "../spoken.ts";
import { displayMenu } from "./displayMenu.ts";
import { exportMenu } from "./exportMenu.ts";
import { namespacesMenu } from "./namespacesMenu.ts";
import { sourcesList } from "./sourcesList.ts";
import "./fy-expression-field.ts";

export type TimeMode = "live" | "past" | "replay";

/** Asked of the page: what is no state of the model. */
export type ToolbarWish = "tidy" | "help" | "fit" | "banner" | { readonly time: TimeMode } | { readonly zoom: number };

export class Toolbar extends ModelElement {
  static override properties = { ...ModelElement.properties, timeMode: { type: String } };

  declare timeMode: TimeMode;

  constructor() {
    super();
    this.timeMode = "live";
  }

  protected override render(): TemplateResult {
    return html`<div class="fy-toolbar" role="group" aria-label=${words(say("Topology"))}>
      ${this.#scope()} ${this.#time()} ${this.#marks()}
      <div class="fy-things">${this.#things()}</div>
    </div> `;
  }

  #scope(): TemplateResult {
    const { model } = this;
    const { state, facts } = model;
    const chosen = state.namespaces;
    return html`<fy-popup
        icon="symbol-namespace"
        data-name="namespaces"
        .label=${words(say("Namespaces"))}
        .text=${chosen === null ? words(say("Namespaces")) : words(say("{0} of {1} namespaces", chosen.length, facts?.namespaces.length ?? 0))}
        .content=${() => namespacesMenu(model)}
      ></fy-popup>
      ${dropdown({
        label: words(say("View")),
        name: "view",
        value: state.view,
        choices: graphViews.map((view) => ({ value: view, label: words(viewWords[view]) })),
        onChange: (view) => model.change({ view: view as PageState["view"] }),
      })}
      ${dropdown({
        label: words(say("Edge labels")),
        name: "label",
        value: state.label,
        choices: edgeLabelNames.map((label) => ({ value: label, label: words(labelWords[label]) })),
        onChange: (label) => model.change({ label: label as PageState["label"] }),
      })}
      ${this.#ambient()}`;
  }

  /** Only where something is ambient: elsewhere the choice would mean nothing. */
  #ambient(): TemplateResult | typeof nothing {
    const { model } = this;
    if (!model.hasAmbient) return nothing;
    const choices = [
      { value: "total", label: words(say("Ambient: total")) },
      { value: "waypoint", label: words(say("Ambient: waypoint")) },
      { value: "ztunnel", label: words(say("Ambient: ztunnel")) },
    ];
    return dropdown({
      label: words(say("Ambient traffic")),
      name: "ambient",
      value: model.state.ambient,
      choices,
      onChange: (ambient) => model.change({ ambient: ambient as PageState["ambient"] }),
    });
  }

  #time(): TemplateResult {
    const { model } = this;
    const { state, format } = model;
    return html`${windowDropdown(format, state.windowSeconds, (windowSeconds) => model.change({ windowSeconds }))}
    ${refreshDropdown(format, state.refreshSeconds, (refreshSeconds) => model.change({ refreshSeconds }))}
    ${button({
      label: words(say("Refresh now")),
      icon: "refresh",
      iconOnly: true,
      name: "refresh-now",
      onClick: () => model.retry(),
    })}
    ${dropdown({
      label: words(say("Time")),
      name: "time",
      value: this.timeMode,
      choices: [
        { value: "live", label: words(say("Live")) },
        { value: "past", label: words(say("Point in the past")) },
        { value: "replay", label: words(say("Replay")) },
      ],
      onChange: (time) => this.#wish({ time: time as TimeMode }),
    })}`;
  }

  #marks(): TemplateResult {
    const { model } = this;
    return html`<fy-expression-field class="fy-find" which="find" .model=${model}></fy-expression-field>
      <fy-expression-field class="fy-hide" which="hide" .model=${model}></fy-expression-field>`;
  }

  #things(): TemplateResult {
    const { model } = this;
    const problems = model.problemCount;
    const { state } = model;
    return html`${button({
      label: words(say("Problems: {0}", problems)),
      icon: "warning",
      iconOnly: true,
      name: "problems",
      disabled: problems === 0,
      badge: problems === 0 ? undefined : model.format.count(problems),
      onClick: () => this.#wish("banner"),
    })}
    ${this.#popups()}
    ${button({
      label: words(say("Tidy: lay everything out anew")),
      icon: "layout",
      iconOnly: true,
      name: "tidy",
      onClick: () => this.#wish("tidy"),
    })}
    ${button({
      label: words(say("Table of nodes and edges")),
      icon: "table",
      iconOnly: true,
      name: "table",
      pressed: state.table !== null,
      onClick: () => model.change({ table: state.table === null ? "nodes" : null }),
    })}
    ${button({
      label: words(say("Legend")),
      icon: "list-unordered",
      iconOnly: true,
      name: "legend",
      pressed: state.legend,
      onClick: () => model.change({ legend: !state.legend }),
    })}
    ${button({
      label: words(say("Keyboard shortcuts and help")),
      icon: "question",
      iconOnly: true,
      name: "help",
      onClick: () => this.#wish("help"),
    })}`;
  }

  #popups(): TemplateResult {
    const { model } = this;
    return html`<fy-popup
        icon="settings"
        icon-only
        data-name="display"
        .label=${words(say("Display"))}
        .content=${() => displayMenu(model)}
      ></fy-popup>
      <fy-popup
        icon="database"
        icon-only
        data-name="sources"
        .label=${words(say("Sources of the numbers"))}
        .content=${() => sourcesList(model)}
      ></fy-popup>
      <fy-popup
        icon="export"
        icon-only
        data-name="export"
        .label=${words(say("Export"))}
        .content=${() => exportMenu(this, (format) => this.dispatchEvent(new CustomEvent("export", { detail: format })))}
      ></fy-popup>`;
  }

  #wish(wish: ToolbarWish): void {
    this.dispatchEvent(new CustomEvent<ToolbarWish>("wish", { detail: wish }));
  }
}

customElements.define("fy-toolbar", Toolbar);
