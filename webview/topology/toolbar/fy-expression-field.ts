import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { findPresets, hidePresets } from "../../../src/mesh/topology/find/presets.ts";
import { button, textField, writeInto } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import "../../shared/fy-popup.ts";
import type { Popup } from "../../shared/fy-popup.ts";
import { ModelElement } from "../modelElement.ts";

const presets = { find: findPresets, hide: hidePresets } as const;

const typingPause = 200;

/** The find box or the hide box: an expression with completion, presets, and where it could not be read. */
export class ExpressionField extends ModelElement {
  static override properties = {
    ...ModelElement.properties,
    which: { type: String },
    offered: { state: true },
    active: { state: true },
  };

  declare which: "find" | "hide";
  declare offered: readonly string[];
  declare active: number;
  #from = 0;
  #shown = -1;
  #typed: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  constructor() {
    super();
    this.which = "find";
    this.offered = [];
    this.active = -1;
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".fy-text-field")?.focus();
  }

  protected override render(): TemplateResult {
    const { which, model } = this;
    const error = model.picture?.snapshot.findError;
    const own = error?.which === which && this.#value !== "" ? error : undefined;
    const label = which === "find" ? words(say("Find")) : words(say("Hide"));
    return html`<div class="fy-expression">
      ${textField({
        label,
        name: which,
        icon: which === "find" ? "search" : "eye-closed",
        placeholder: which === "find" ? words(say("Find: http.errors > 1%")) : words(say("Hide: healthy")),
        value: this.#value,
        invalid: own !== undefined,
        describedBy: own && words(say("{0} (at character {1})", own.words, own.at + 1)),
        onInput: (value, caret) => this.#type(value, caret),
        onKey: (event) => this.#key(event),
        onBlur: () => this.#close(),
      })}
      ${
        which === "find"
          ? html`<span class="fy-found-count" role="status" ?hidden=${this.#value === ""}>${this.#found()}</span>`
          : nothing
      }
      ${
        this.#value === ""
          ? nothing
          : button({
              label: which === "find" ? words(say("Clear find")) : words(say("Clear hide")),
              icon: "close",
              iconOnly: true,
              onClick: () => this.#set(""),
            })
      }
      <fy-popup
        icon="chevron-down"
        icon-only
        .label=${which === "find" ? words(say("Find presets")) : words(say("Hide presets"))}
        .content=${() => this.#presets()}
      ></fy-popup>
      ${this.#list()}
      ${
        own && this.offered.length === 0
          ? html`<div class="fy-expression-error" role="status">
              <code><bdi>${this.#value.slice(0, own.at)}</bdi><mark>${this.#value.slice(own.at) || "␣"}</mark></code>
              ${own.words}
            </div>`
          : nothing
      }
    </div>`;
  }

  get #value(): string {
    return this.#typed ?? this.model.state[this.which];
  }

  #found(): string {
    const { picture, format } = this.model;
    return picture ? words(say("{0} found", format.count(picture.found.length))) : "";
  }

  /** To the next of what was found, round and round. */
  #next(): void {
    const found = this.model.picture?.found ?? [];
    if (this.which !== "find" || found.length === 0) return;
    this.#shown = (this.#shown + 1) % found.length;
    const target = found[this.#shown];
    if (target) this.model.dispatchEvent(new CustomEvent("reveal", { detail: target }));
  }

  #presets(): TemplateResult {
    return html`<div class="fy-menu">
      ${presets[this.which].map(({ words: title, text }) =>
        button({
          label: `${words(title)}: ${text}`,
          onClick: () => {
            this.querySelector<Popup>("fy-popup")?.close();
            this.#set(text);
          },
        }),
      )}
    </div>`;
  }

  #list(): TemplateResult | typeof nothing {
    if (this.offered.length === 0) return nothing;
    return html`<ul class="fy-completions" aria-label=${words(say("Suggestions"))}>
        ${this.offered.map(
          (text, index) =>
            html`<li
              class=${index === this.active ? "fy-active" : ""}
              @pointerdown=${(event: Event) => {
                event.preventDefault();
                this.#accept(index);
              }}
            >
              <bdi>${text}</bdi>
            </li>`,
        )}
      </ul>
      <span class="fy-spoken" role="status"
        >${
          this.active >= 0
            ? this.offered[this.active]
            : words(say("{0} suggestions; arrow down to walk them", this.offered.length))
        }</span
      >`;
  }

  #type(value: string, caret: number): void {
    this.#typed = value;
    this.#shown = -1;
    this.requestUpdate();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#commit(), typingPause);
    this.#asking?.abort();
    const mine = new AbortController();
    this.#asking = mine;
    this.model.host.ask("graph.complete", { text: value, caret }, mine.signal).then(
      (answer) => {
        if (mine.signal.aborted) return;
        this.#from = answer.from;
        this.active = -1;
        this.offered = answer.words.slice(0, 12);
      },
      // Without suggestions the box works as well.
      () => mine.signal.aborted || this.#close(),
    );
  }

  #key(event: KeyboardEvent): void {
    const count = this.offered.length;
    const walks = (event.key === "ArrowDown" || event.key === "ArrowUp") && count > 0;
    if (walks) {
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active = (this.active + step + (this.active < 0 && step < 0 ? 1 : 0) + count) % count;
    } else if (event.key === "Enter" && this.active >= 0) this.#accept(this.active);
    else if (event.key === "Tab" && this.active >= 0 && !event.shiftKey) this.#accept(this.active);
    else if (event.key === "Enter") {
      if (this.#typed === undefined || this.#typed.trim() === this.model.state[this.which]) this.#next();
      this.#commit();
    } else if (event.key === "Escape" && count > 0) this.#close();
    else if (event.key === "Escape" && this.#value !== "") this.#set("");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #accept(index: number): void {
    const word = this.offered[index];
    const field = this.querySelector<HTMLElement>(".fy-text-field");
    if (word === undefined || !field) return;
    const rest = this.#value.slice(this.#from).replace(/^[\w.%-]*/u, "");
    const text = this.#value.slice(0, this.#from) + word + (rest === "" ? " " : rest);
    const caret = this.#from + word.length + 1;
    this.#close();
    writeInto(field, text, caret);
    this.#type(text, caret);
  }

  #set(text: string): void {
    this.#typed = text;
    this.#close();
    this.#commit();
  }

  #commit(): void {
    clearTimeout(this.#timer);
    const text = (this.#typed ?? this.model.state[this.which]).trim();
    if (this.#typed === text) this.#typed = undefined;
    if (this.model.state[this.which] !== text) {
      this.model.change(this.which === "find" ? { find: text } : { hide: text });
    }
    this.requestUpdate();
  }

  #close(): void {
    this.#asking?.abort();
    this.offered = [];
    this.active = -1;
  }
}

customElements.define("fy-expression-field", ExpressionField);
