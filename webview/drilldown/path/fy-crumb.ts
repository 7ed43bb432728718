import { html, LitElement, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { WireChoice, WireCrumb } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { button, icon, textField } from "../../shared/controls.ts";
import "../../shared/fy-popup.ts";
import type { Popup } from "../../shared/fy-popup.ts";
import { stateIcons, stateWords } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import { levelWords } from "../levelWords.ts";
import { levelId } from "../paths.ts";

/** More choices than these are found by typing. */
const shownAtMost = 100;
const filteredFrom = 10;

/** One selector of the breadcrumb: what is chosen on its level, a list of what else may be, and a way up. */
export class Crumb extends LitElement {
  static override properties = { crumb: { attribute: false }, isLast: { attribute: false }, filter: { state: true } };

  declare crumb: WireCrumb;
  declare isLast: boolean;
  declare filter: string;

  constructor() {
    super();
    this.isLast = false;
    this.filter = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { level, chosen, choices } = this.crumb;
    const title = words(levelWords[level]);
    return html`<span
      class="fy-crumb ${this.isLast ? "fy-here" : ""} ${chosen ? "" : "fy-skipped"}"
      data-level=${level}
    >
      ${chosen && (chosen.state !== "unknown" || (level !== "mesh" && level !== "namespace")) ? html`<span class="fy-state fy-state-${chosen.state}" title=${words(stateWords[chosen.state])}>${icon(stateIcons[chosen.state])}</span>` : nothing}
      ${
        choices.length === 0 && !chosen
          ? html`<span class="fy-quiet fy-crumb-none">${title}</span>`
          : html`<fy-popup
              data-name="crumb-${level}"
              .label=${chosen ? words(say("{0} {1}, {2}", title, chosen.name, words(stateWords[chosen.state]))) : title}
              .text=${chosen ? chosen.name : title}
              .content=${() => this.#list()}
            ></fy-popup>`
      }
      ${
        chosen && level !== "mesh" && this.isLast
          ? button({
              label: words(say("Leave {0} {1}", title, chosen.name)),
              icon: "close",
              iconOnly: true,
              name: `clear-${level}`,
              onClick: () => this.dispatchEvent(new Event("fy-clear")),
            })
          : nothing
      }
    </span>`;
  }

  #list(): TemplateResult {
    const { level, choices, chosen } = this.crumb;
    const wanted = this.filter.trim().toLowerCase();
    const found = wanted === "" ? choices : choices.filter(({ name }) => name.toLowerCase().includes(wanted));
    return html`<h3>${words(levelWords[level])}</h3>
      ${
        choices.length >= filteredFrom
          ? textField({
              label: words(say("Filter")),
              placeholder: words(say("Filter {0} names", choices.length)),
              value: this.filter,
              icon: "search",
              onInput: (filter) => {
                this.filter = filter;
                this.#redraw();
              },
              onKey: (event) => {
                if (event.key === "ArrowDown") this.querySelector<HTMLElement>(".fy-choice")?.focus();
                const [first] = found;
                if (event.key === "Enter" && first) this.#choose(first);
              },
            })
          : nothing
      }
      <ul class="fy-choices" @keydown=${(event: KeyboardEvent) => this.#walk(event)}>
        ${(found.length > 0 || chosen === null ? found : wanted === "" ? [chosen] : [])
          .slice(0, shownAtMost)
          .map((choice) => {
            const isChosen = chosen !== null && levelId(choice.to) === levelId(chosen.to);
            return html`<li>
              <button
                type="button"
                class="fy-choice ${isChosen ? "fy-selected" : ""}"
                aria-current=${isChosen ? "true" : nothing}
                @click=${() => this.#choose(choice)}
              >
                <span class="fy-state fy-state-${choice.state}">${icon(stateIcons[choice.state])}</span>
                <bdi>${choice.name}</bdi>
                <span class="fy-spoken">${words(stateWords[choice.state])}</span>
              </button>
            </li>`;
          })}
      </ul>
      ${this.#leaving()}
      ${found.length === 0 && wanted !== "" ? html`<p class="fy-quiet">${words(say("No name holds this."))}</p>` : nothing}
      ${
        found.length > shownAtMost
          ? html`<p class="fy-quiet">${words(say("{0} more: type to find them.", found.length - shownAtMost))}</p>`
          : nothing
      }`;
  }

  /** The way to skip a level that is not the last one. */
  #leaving(): TemplateResult | typeof nothing {
    const { level, chosen } = this.crumb;
    if (!chosen || level === "mesh" || this.isLast) return nothing;
    return button({
      ...{ label: words(say("Leave {0} {1}", words(levelWords[level]), chosen.name)), icon: "close" },
      name: `leave-${level}`,
      onClick: () => {
        this.querySelector<Popup>("fy-popup")?.close();
        this.dispatchEvent(new Event("fy-clear"));
      },
    });
  }

  #choose({ to }: WireChoice): void {
    this.filter = "";
    this.querySelector<Popup>("fy-popup")?.close();
    this.dispatchEvent(new CustomEvent("fy-choose", { detail: to }));
  }

  #walk(event: KeyboardEvent): void {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || event.altKey) return;
    event.preventDefault();
    const buttons = [...this.querySelectorAll<HTMLElement>(".fy-choice")];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + step))]?.focus();
  }

  /** The popup draws its content by a function that stays the same. */
  #redraw(): void {
    this.querySelector<Popup>("fy-popup")?.requestUpdate();
  }
}

customElements.define("fy-crumb", Crumb);
