import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import { say } from "../../src/mesh/message.ts";
import type { Level } from "../../src/protocol/drilldown/drilldownContract.ts";
import { button, icon } from "../shared/controls.ts";
import "../shared/fy-help.ts";
import type { HelpSheet } from "../shared/fy-help.ts";
import { words } from "../shared/words.ts";
import { Announcements } from "./announcements.ts";
import "./fy-level-status.ts";
import { keys, pointerNote } from "./keys.ts";
import { LevelElement } from "./levelElement.ts";
import "./path/fy-path-bar.ts";
import { pathId } from "./paths.ts";
import { actionsRow } from "./sections/actionsRow.ts";
import { cardsSection } from "./sections/cardsSection.ts";
import { chartsSection } from "./sections/chartsSection.ts";
import { factsSection } from "./sections/factsSection.ts";
import { figuresStrip } from "./sections/figuresStrip.ts";
import { headline } from "./sections/headline.ts";
import { linksSection } from "./sections/linksSection.ts";
import { missingSection } from "./sections/missingSection.ts";
import { skeleton, unread } from "./sections/states.ts";
import { suspectsSection } from "./sections/suspectsSection.ts";
import { shortcut } from "./shortcuts.ts";
import { tablesSection } from "./tables/tablesSection.ts";

/** The whole page. */
export class Drilldown extends LevelElement {
  static override properties = { ...LevelElement.properties, said: { state: true } };

  declare said: string;
  readonly #announcements = new Announcements();
  readonly #listening = new AbortController();
  /** How far down one was on each level, for the way back. */
  readonly #places = new Map<string, number>();
  #placeOf = "";

  constructor() {
    super();
    this.said = "";
  }

  protected override firstUpdated(): void {
    const { signal } = this.#listening;
    const shown = () => this.model.setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", shown, { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.model.addEventListener("arrived", () => void this.#arrive(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listening.abort();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { level } = model;
    const isOld =
      level !== undefined && (level.presence === "gone" || !Number.isNaN(level.staleSince) || model.failure);
    return html`<div class="fy-page ${isOld ? "fy-is-stale" : ""}">
      <fy-path-bar .model=${model} @help=${() => this.#help()}></fy-path-bar>
      <div
        class="fy-scroll"
        aria-busy=${model.isArriving ? "true" : "false"}
        @scroll=${(event: Event) => this.#places.set(this.#placeOf, (event.target as HTMLElement).scrollTop)}
      >
        ${this.#lines()} ${level ? this.#level(level) : model.failure ? unread(model, model.failure) : this.#blank()}
      </div>
      <fy-level-status .model=${model}></fy-level-status>
      <fy-help .keys=${keys} .note=${pointerNote}></fy-help>
      <div class="fy-spoken" role="status" aria-live="polite">${this.said}</div>
    </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    for (const part of this.querySelectorAll<HTMLElement>("[data-fill]")) {
      part.style.setProperty("inline-size", `${part.dataset["fill"] ?? "0"}%`);
    }
    const { level, isArriving } = this.model;
    if (level && !isArriving) this.said = this.#announcements.of(level) ?? this.said;
  }

  #blank(): TemplateResult | typeof nothing {
    return this.model.isSlow ? skeleton() : nothing;
  }

  #level(level: Level): TemplateResult {
    const { model } = this;
    // A level's own elements: what was open or focused on one is not on the next.
    return html`${keyed(
      pathId(level.path),
      html`<article class="fy-level" ?inert=${model.isArriving} aria-label=${level.title}>
        ${headline(model, level)} ${actionsRow(model, level)}
        ${level.presence === "unreadable" ? missingSection(level) : nothing} ${figuresStrip(model, level)}
        ${suspectsSection(model, level)} ${chartsSection(model, level)} ${tablesSection(model, level)}
        ${factsSection(model, level)} ${linksSection(model, level)} ${cardsSection(model, level)}
        ${level.presence === "unreadable" ? nothing : missingSection(level)}
      </article>`,
    )}`;
  }

  /** What failed while a level is shown all the same. */
  #lines(): TemplateResult | typeof nothing {
    const { model } = this;
    const failure = model.level ? model.failure : undefined;
    const { actFailure } = model;
    if (!failure && !actFailure) return nothing;
    return html`<section class="fy-banner" aria-label=${words(say("Problems"))}>
      ${
        failure
          ? html`<div class="fy-line fy-error" role="alert">
              ${icon("error")}
              <span class="fy-line-words"><bdi>${failure.words} ${failure.hint ?? ""}</bdi></span>
              ${button({ label: words(say("Retry")), name: "retry-read", onClick: () => model.retry() })}
            </div>`
          : nothing
      }
      ${
        actFailure
          ? html`<div class="fy-line fy-error" role="alert">
              ${icon("error")}
              <span class="fy-line-words"><bdi>${actFailure.words} ${actFailure.hint ?? ""}</bdi></span>
              ${button({ label: words(say("Dismiss")), icon: "close", iconOnly: true, name: "dismiss", onClick: () => model.forgetFailure() })}
            </div>`
          : nothing
      }
    </section>`;
  }

  /** Where somebody was before on this level; else the top. The focus goes to the title unless it is elsewhere on purpose. */
  async #arrive(): Promise<void> {
    const { model } = this;
    const active = document.activeElement;
    const wasInside = active === null || active === document.body || this.#scroll?.contains(active);
    const isFirst = this.#placeOf === "";
    const of = pathId(model.state.path);
    const place = this.#places.get(of) ?? 0;
    this.#placeOf = of;
    await this.updateComplete;
    if (this.#scroll) this.#scroll.scrollTop = place;
    if (wasInside && !isFirst) this.querySelector<HTMLElement>(".fy-title")?.focus({ preventScroll: true });
  }

  get #scroll(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".fy-scroll");
  }

  #help(): void {
    this.querySelector<HelpSheet>("fy-help")?.open();
  }

  #key(event: KeyboardEvent): void {
    const act = shortcut(event);
    if (!act) return;
    event.preventDefault();
    if (act === "help") this.#help();
    else this.model[act]();
  }
}

customElements.define("fy-drilldown", Drilldown);
