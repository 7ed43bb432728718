import { html, LitElement, type TemplateResult } from "lit";
import { say, type Message } from "../../../src/mesh/message.ts";
import { button } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";

const keys: readonly (readonly [readonly string[], Message])[] = [
  [["→", "←"], say("Follow the traffic downstream, upstream")],
  [["↑", "↓"], say("Siblings: others reached the same way, else those in the same box")],
  [["Shift+→", "Shift+←"], say("To the edge itself, out or in")],
  [["Home", "End"], say("First, last")],
  [["Space"], say("Select")],
  [["Enter"], say("Details")],
  [["c"], say("Collapse or expand the box")],
  [["f", "Shift+F"], say("Focus here; again: one hop more, one hop fewer")],
  [["/"], say("Find")],
  [["t"], say("Table of nodes and edges")],
  [["+", "-", "0"], say("Zoom in, out, fit")],
  [["Shift+↑", "Shift+↓"], say("Move the view up, down")],
  [["l"], say("Legend")],
  [["?"], say("This sheet")],
  [["Esc"], say("Back: close, leave focus, clear the selection")],
];

/** Every shortcut. A modal sheet: Escape closes it and gives the focus back. */
export class HelpSheet extends LitElement {
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
          ${keys.map(
            ([names, text]) =>
              html`<tr>
                <th scope="row">${names.map((name) => html`<kbd>${name}</kbd> `)}</th>
                <td>${words(text)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="fy-quiet">
        ${words(say("Pointer: drag to move the view or a node, wheel to zoom, double click opens details or a box."))}
      </p>
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
