import { html, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { button, checkbox } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { PageModel } from "../pageModel.ts";

/** Which namespaces are read. None chosen by hand: those that the window shows. */
export function namespacesMenu(model: PageModel): TemplateResult {
  const all = model.facts?.namespaces ?? [];
  const chosen = model.state.namespaces;
  const isChosen = (name: string) => chosen === null || chosen.includes(name);
  const toggle = (name: string, isOn: boolean) => {
    const next = all.filter((other) => (other === name ? isOn : isChosen(other)));
    // None at all would ask for nothing.
    if (next.length > 0) model.change({ namespaces: next.length === all.length ? null : next });
  };
  return html`<div class="fy-menu-actions">
      ${button({
        label: words(say("Those of this window")),
        name: "namespaces-all",
        disabled: chosen === null,
        onClick: () => model.change({ namespaces: null }),
      })}
    </div>
    ${
      all.length === 0
        ? html`<p class="fy-quiet">${words(say("No namespaces are known."))}</p>`
        : all.map((name) => checkbox({ label: name, checked: isChosen(name), onChange: (isOn) => toggle(name, isOn) }))
    }`;
}
