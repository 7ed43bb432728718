import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../src/mesh/message.ts";
import { icon } from "../shared/controls.ts";
import { words } from "../shared/words.ts";
import { LevelElement } from "./levelElement.ts";

/** The bottom line: of when the numbers are, and how they are kept new. */
export class LevelStatus extends LevelElement {
  #ticking: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#ticking = setInterval(() => {
      if (document.visibilityState === "visible") this.requestUpdate();
    }, 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { facts } = model;
    return html`<footer class="fy-status">
      <span class="fy-working ${model.isReading ? "fy-on" : ""}" aria-hidden="true">${icon("loading")}</span>
      ${this.#time()}
      <span class="fy-gap"></span>
      ${facts ? html`<bdi>${facts.meshName}</bdi>` : nothing}
      ${facts?.isDemo ? html`<span class="fy-tag">${words(say("demo mesh"))}</span>` : nothing}
    </footer>`;
  }

  #time(): TemplateResult | typeof nothing {
    const { level, format, state, failure } = this.model;
    if (!level) return nothing;
    const at = new Date(level.atMillis);
    const age = Date.now() - level.atMillis;
    const isLive = state.atMillis === null;
    const isOld =
      isLive &&
      (failure !== undefined || (state.refreshSeconds > 0 && age > Math.max(2 * state.refreshSeconds, 60) * 1000));
    return html`<time datetime=${at.toISOString()} title=${at.toLocaleString(format.locale)}
        >${isLive ? at.toLocaleTimeString(format.locale) : at.toLocaleString(format.locale)}</time
      >
      <span class="fy-stale" ?hidden=${!isOld}>${icon("clock")} ${words(format.ago(age))}</span>
      <span>${words(say("last {0}", format.duration(level.windowSeconds)))}</span>
      <span
        >${
          !isLive
            ? words(say("in the past"))
            : state.refreshSeconds === 0
              ? words(say("refresh off"))
              : words(say("live, every {0}", format.duration(state.refreshSeconds)))
        }</span
      >`;
  }
}

customElements.define("fy-level-status", LevelStatus);
