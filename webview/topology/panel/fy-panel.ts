import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Details, PanelLink } from "../../../src/protocol/topology/topologyContract.ts";
import { button, icon, progressRing } from "../../shared/controls.ts";
import { stateIcons, stateWords } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import { ModelElement } from "../modelElement.ts";
import type { Selected } from "../selectionLoader.ts";
import "./fy-chart.ts";
import { codesTable, flowsTable, latencyLine, principalsTable } from "./panelTables.ts";

const leastWidth = 240;

/** All that is known of the selection. */
export class Panel extends ModelElement {
  static override properties = { ...ModelElement.properties, width: { state: true } };

  declare width: number;

  constructor() {
    super();
    this.width = 340;
  }

  protected override render(): TemplateResult {
    const { selected } = this.model;
    return html`<div
        class="fy-splitter"
        role="separator"
        tabindex="0"
        aria-orientation="vertical"
        aria-label=${words(say("Width of the details"))}
        aria-valuenow=${this.width}
        aria-valuemin=${leastWidth}
        aria-valuemax=${this.#mostWidth}
        @pointerdown=${(event: PointerEvent) => this.#drag(event)}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      ></div>
      <aside class="fy-panel" aria-label=${words(say("Details"))} tabindex="-1">
        ${selected ? this.#content(selected) : nothing}
      </aside>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.style.setProperty("--fy-panel-width", `${this.width}px`);
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".fy-panel")?.focus();
  }

  #content({ details, failure, isLoading, series }: Selected): TemplateResult {
    const { model } = this;
    return html`<header class="fy-panel-head">
        <div class="fy-panel-title">
          <h2>
            ${details ? html`<span class="fy-state fy-state-${details.state}">${icon(stateIcons[details.state])}</span>` : nothing}
            <bdi>${details?.title ?? words(say("Selection"))}</bdi>
          </h2>
          ${details ? html`<p class="fy-quiet"><bdi>${details.subtitle}</bdi></p>` : nothing}
        </div>
        ${button({
          label: words(say("Close details")),
          icon: "close",
          iconOnly: true,
          name: "close-panel",
          onClick: () => model.select(null),
        })}
      </header>
      ${
        failure
          ? html`<p class="fy-line fy-error">${icon("error")} <span>${failure.words} ${failure.hint ?? ""}</span></p>
              ${button({ label: words(say("Try again")), onClick: () => model.reloadSelection() })}`
          : nothing
      }
      ${!details && isLoading ? html`<p class="fy-loading">${progressRing(words(say("Loading details")))}</p>` : nothing}
      ${details ? this.#details(details) : nothing}
      ${
        series && details
          ? html`${newIn(series.problems, details.problems).map(problemLine)}
              <fy-chart .series=${series} .format=${model.format} .about=${details.title}></fy-chart>`
          : nothing
      }
      ${details ? this.#more(details) : nothing}`;
  }

  #details(details: Details): TemplateResult {
    const { format } = this.model;
    return html`<p class="fy-verdict">
        ${words(stateWords[details.state])}${details.reasons.length === 0 ? nothing : `: ${details.reasons.join("; ")}`}
      </p>
      <div class="fy-actions">${details.actions.map((link, index) => this.#action(details, link, index === 0))}</div>
      ${details.problems.map(problemLine)} ${flowsTable(words(say("Inbound")), details.inbound, format)}
      ${flowsTable(words(say("Outbound")), details.outbound, format)} ${latencyLine(details, format)}
      ${
        Number.isNaN(details.mtls)
          ? nothing
          : html`<p>
              ${icon(details.mtls === 1 ? "lock" : "unlock")}
              ${words(say("Mutual TLS: {0}", format.share(details.mtls)))}
            </p>`
      }`;
  }

  #more(details: Details): TemplateResult {
    const { format } = this.model;
    return html`${codesTable(details, format)} ${principalsTable(details, format)}
    ${
      details.findings.length === 0
        ? nothing
        : html`<h3>${words(say("Findings"))}</h3>
            <ul class="fy-list">
              ${details.findings.map(
                (finding) =>
                  html`<li class="fy-line fy-${finding.severity}">
                    ${icon(finding.severity === "info" ? "info" : finding.severity)}
                    <span>${finding.words} ${finding.link ? this.#link(details, finding.link) : nothing}</span>
                  </li>`,
              )}
            </ul>`
    }
    ${
      details.configuration.length === 0
        ? nothing
        : html`<h3>${words(say("Configuration that applies"))}</h3>
            <ul class="fy-list">
              ${details.configuration.map((link) => html`<li>${this.#link(details, link)}</li>`)}
            </ul>`
    }
    ${
      details.facts.length === 0
        ? nothing
        : html`<h3>${words(say("Facts"))}</h3>
            <dl class="fy-facts">
              ${details.facts.map(
                (fact) =>
                  html`<dt>${fact.name}</dt>
                    <dd><bdi>${fact.value}</bdi></dd>`,
              )}
            </dl>`
    }
    ${
      details.queries.length === 0
        ? nothing
        : html`<details class="fy-queries">
            <summary>${words(say("Queries"))}</summary>
            ${details.queries.map(
              (query) =>
                html`<div class="fy-query">
                  <code><bdi>${query}</bdi></code>
                  ${button({
                    label: words(say("Copy query")),
                    icon: "copy",
                    iconOnly: true,
                    onClick: () => void this.model.quietly(() => this.model.host.ask("text.copy", { text: query })),
                  })}
                </div>`,
            )}
          </details>`
    }`;
  }

  #action(details: Details, link: PanelLink, isFirst: boolean): TemplateResult {
    return button({
      label: link.title,
      tooltip: link.detail,
      name: `action-${link.id}`,
      kind: isFirst ? "primary" : "secondary",
      onClick: () => this.#follow(details, link),
    });
  }

  #link(details: Details, link: PanelLink): TemplateResult {
    return html`<button class="fy-link" type="button" title=${link.detail} @click=${() => this.#follow(details, link)}>
      <bdi>${link.title}</bdi>
    </button>`;
  }

  #follow({ target }: Details, { id }: PanelLink): void {
    void this.model.quietly(() => this.model.host.ask("link.follow", { target, id }));
  }

  get #mostWidth(): number {
    return Math.max(leastWidth, Math.round(window.innerWidth * 0.6));
  }

  #resize(width: number): void {
    this.width = Math.round(Math.max(leastWidth, Math.min(this.#mostWidth, width)));
  }

  #drag(event: PointerEvent): void {
    const splitter = event.currentTarget as HTMLElement;
    const from = event.clientX + this.width;
    splitter.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent) => this.#resize(from - moved.clientX);
    splitter.addEventListener("pointermove", move);
    splitter.addEventListener("lostpointercapture", () => splitter.removeEventListener("pointermove", move), {
      once: true,
    });
  }

  #key(event: KeyboardEvent): void {
    if (event.key === "ArrowLeft") this.#resize(this.width + 24);
    else if (event.key === "ArrowRight") this.#resize(this.width - 24);
    else return;
    event.preventDefault();
  }
}

function problemLine(problem: string): TemplateResult {
  return html`<p class="fy-line fy-warning">${icon("warning")} <span>${problem}</span></p>`;
}

/** The same store may fail to answer both questions. */
function newIn(problems: readonly string[], told: readonly string[]): readonly string[] {
  return problems.filter((problem) => !told.includes(problem));
}

customElements.define("fy-panel", Panel);
