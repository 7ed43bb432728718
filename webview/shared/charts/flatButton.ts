import { html, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { icon } from "../controls.ts";

export interface FlatButton {
  readonly label: string;
  readonly icon: string;
  /** Shows the icon alone; the label is spoken and is the tooltip. */
  readonly iconOnly?: boolean;
  readonly tooltip?: string;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
  readonly opensDialog?: boolean;
  readonly name: string;
  readonly onClick: () => void;
}

/** The browser's own button: dozens of them stand among charts, and each of the toolkit's costs a shadow tree of its own. */
export function flatButton(options: FlatButton): TemplateResult {
  const { label, iconOnly, tooltip, disabled, pressed, opensDialog, name, onClick } = options;
  return html`<button
    type="button"
    class="fy-flat ${pressed ? "fy-pressed" : ""}"
    title=${ifDefined(tooltip ?? (iconOnly ? label : undefined))}
    aria-label=${ifDefined(iconOnly ? label : undefined)}
    aria-pressed=${ifDefined(pressed === undefined ? undefined : pressed ? "true" : "false")}
    aria-haspopup=${ifDefined(opensDialog ? "dialog" : undefined)}
    data-name=${name}
    ?disabled=${disabled ?? false}
    @click=${onClick}
  >
    ${icon(options.icon)}${iconOnly ? "" : label}
  </button>`;
}
