import { html, LitElement, type TemplateResult } from "lit";
import { say, type Message } from "../../src/mesh/message.ts";
import { button } from "./controls.ts";
import { words } from "./words.ts";

export type KeyLine = readonly [keys: readonly string[], what: Message];

/** Every shortcut. A modal sheet: Escape closes it and gives the focus back. */
export class HelpSheet extends LitElement {
  static override properties = { keys: { attribute: false }, note: { attribute: false } };

  declare keys: readonly KeyLine[];
  declare note: Message;

  constructor() {
    super();
    this.keys = [];
    this.note = say("");
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`<dialog class="fy-help" aria-labelledby="fy-help-title">
      <header>
        <h2 id="fy-help-title">${words(say("Keyboard"))}</h2>
        ${button({
          label: words(say("Close help")),
          icon: "close",
          iconOnly: true,
          name: "close-help",
          onClick: () => this.close(),
        })}
      </header>
      <table class="fy-table">
        <tbody>
          ${this.keys.map(
            ([names, text]) =>
              html`<tr>
                <th scope="row">${names.map((name) => html`<kbd>${name}</kbd> `)}</th>
                <td>${words(text)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="fy-quiet">${words(this.note)}</p>
    </dialog>`;
  }

  open(): void {
    this.querySelector("dialog")?.showModal();
  }

  close(): void {
    this.querySelector("dialog")?.close();
  }
}

customElements.define("fy-help", HelpSheet);
