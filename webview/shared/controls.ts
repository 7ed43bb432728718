// The only importer of the UI toolkit. It is archived upstream; pages know no tag of it, only these functions, so that
// another set of controls takes one other file. What the toolkit leaves undone for accessibility is mended here.

import { endStyleProbe } from "./styleProbe.ts";
import {
  Checkbox,
  Option,
  ProgressRing,
  provideVSCodeDesignSystem,
  TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
} from "@vscode/webview-ui-toolkit";
import { html, nothing, type TemplateResult } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";
import "@vscode/codicons/dist/codicon.css";
import "./controls.css";

endStyleProbe();

interface Connecting {
  connectedCallback(): void;
}

/**
 * Runs `after` whenever such an element comes into the document. The prototype has to be changed before the element is
 * defined: the browser remembers callbacks from then.
 */
function whenConnected(
  prototype: Connecting & HTMLElement,
  after: (element: HTMLElement, label: string | null) => void,
) {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its element below
  const connected = prototype.connectedCallback;
  prototype.connectedCallback = function (this: HTMLElement & Connecting) {
    const label = this.getAttribute("aria-label");
    connected.call(this);
    after(this, label);
  };
}

let isRegistered = false;

/** Defines the elements; once is enough, more does no harm. */
export function registerControls(): void {
  if (isRegistered) return;
  isRegistered = true;
  const keepLabel = (element: HTMLElement, label: string | null) => {
    if (label === null) element.removeAttribute("aria-label");
    else element.setAttribute("aria-label", label);
  };
  // The toolkit writes "Text field" over a label that was given, and keeps the first text of an option or box for ever.
  whenConnected(TextField.prototype, keepLabel);
  whenConnected(Option.prototype, keepLabel);
  whenConnected(Checkbox.prototype, keepLabel);
  // It makes every ring an alert that interrupts what is being read.
  whenConnected(ProgressRing.prototype, (element, label) => {
    element.setAttribute("role", "progressbar");
    element.removeAttribute("aria-live");
    keepLabel(element, label);
  });
  provideVSCodeDesignSystem().register(
    vsCodeButton(),
    vsCodeCheckbox(),
    vsCodeDropdown(),
    vsCodeOption(),
    vsCodeProgressRing(),
    vsCodeTextField(),
  );
}

/** One of VS Code's own icons; a picture only, the words stand beside it or are spoken. */
export function icon(name: string): TemplateResult {
  return html`<i class="codicon codicon-${name}" aria-hidden="true"></i>`;
}

export interface ButtonOptions {
  readonly label: string;
  readonly icon?: string;
  /** Shows the icon alone; the label is spoken and is the tooltip. */
  readonly iconOnly?: boolean;
  readonly tooltip?: string;
  readonly kind?: "primary" | "secondary" | "plain";
  readonly disabled?: boolean;
  /** A button that stays down. */
  readonly pressed?: boolean;
  /** A button that opens something. */
  readonly expanded?: boolean;
  readonly popup?: "dialog" | "menu";
  readonly badge?: string | undefined;
  readonly name?: string;
  readonly onClick: (event: Event) => void;
}

export function button(options: ButtonOptions): TemplateResult {
  const { label, kind = "plain", expanded, pressed, popup, badge } = options;
  // appearance="icon" would name the button "Icon Button".
  return html`<vscode-button
    class="fy-button fy-${kind} ${options.iconOnly ? "fy-icon" : ""} ${pressed ? "fy-pressed" : ""}"
    appearance=${kind === "primary" ? "primary" : "secondary"}
    title=${ifDefined(options.tooltip ?? (options.iconOnly ? label : undefined))}
    data-name=${ifDefined(options.name)}
    ?disabled=${options.disabled ?? false}
    aria-expanded=${ifDefined(expanded === undefined ? undefined : expanded ? "true" : "false")}
    aria-pressed=${ifDefined(pressed === undefined ? undefined : pressed ? "true" : "false")}
    aria-haspopup=${ifDefined(popup)}
    @click=${options.onClick}
    ><span class="fy-button-content"
      >${options.icon === undefined ? nothing : icon(options.icon)}<span
        class=${options.iconOnly ? "fy-spoken" : "fy-label"}
        >${label}</span
      >${badge === undefined ? nothing : badgeOf(badge)}${
        popup !== undefined && !options.iconOnly ? icon("chevron-down") : nothing
      }</span
    ></vscode-button
  >`;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export interface DropdownOptions {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly name?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}

export function dropdown(options: DropdownOptions): TemplateResult {
  const changed = (event: Event) => {
    const { value } = event.target as HTMLElement & { value: string };
    if (value !== options.value) options.onChange(value);
  };
  return html`<vscode-dropdown
    class="fy-dropdown"
    aria-label=${options.label}
    title=${options.label}
    data-name=${ifDefined(options.name)}
    ?disabled=${options.disabled ?? false}
    .value=${live(options.value)}
    @change=${changed}
    >${options.choices.map((choice) => html`<vscode-option value=${choice.value}>${choice.label}</vscode-option>`)}</vscode-dropdown
  >`;
}

export interface TextFieldOptions {
  readonly label: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly icon?: string;
  readonly name?: string;
  /** Id of what explains it: an error, a hint. */
  readonly describedBy?: string | undefined;
  readonly invalid?: boolean;
  readonly onInput: (value: string, caret: number) => void;
  readonly onKey?: (event: KeyboardEvent) => void;
  readonly onBlur?: () => void;
}

export function textField(options: TextFieldOptions): TemplateResult {
  const typed = (event: Event) => {
    const field = event.currentTarget as HTMLElement & { value: string; control?: HTMLInputElement };
    options.onInput(field.value, field.control?.selectionStart ?? field.value.length);
  };
  return html`<vscode-text-field
    class="fy-text-field ${options.invalid ? "fy-invalid" : ""}"
    aria-label=${options.label}
    placeholder=${ifDefined(options.placeholder)}
    data-name=${ifDefined(options.name)}
    aria-invalid=${options.invalid ? "true" : "false"}
    aria-description=${ifDefined(options.describedBy)}
    .value=${live(options.value)}
    @input=${typed}
    @keydown=${ifDefined(options.onKey)}
    @focusout=${ifDefined(options.onBlur)}
    >${
      options.icon === undefined
        ? nothing
        : html`<i slot="start" class="codicon codicon-${options.icon}" aria-hidden="true"></i>`
    }</vscode-text-field
  >`;
}

/** Writes into a field at once (the toolkit takes a moment) and puts the caret there. */
export function writeInto(field: HTMLElement, text: string, caret: number): void {
  const own = field as HTMLElement & { value: string; control?: HTMLInputElement };
  own.value = text;
  if (!own.control) return;
  own.control.value = text;
  own.control.setSelectionRange(caret, caret);
}

export interface CheckboxOptions {
  readonly label: string;
  readonly checked: boolean;
  readonly name?: string;
  readonly disabled?: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function checkbox(options: CheckboxOptions): TemplateResult {
  const changed = (event: Event) => {
    const { checked } = event.target as HTMLElement & { checked: boolean };
    if (checked !== options.checked) options.onChange(checked);
  };
  return html`<vscode-checkbox
    class="fy-checkbox"
    data-name=${ifDefined(options.name)}
    ?disabled=${options.disabled ?? false}
    .checked=${live(options.checked)}
    @change=${changed}
    >${options.label}</vscode-checkbox
  >`;
}

/** A small number beside something that names it. The toolkit's own badge needs inline style, which pages refuse. */
export function badgeOf(text: string): TemplateResult {
  return html`<b class="fy-badge">${text}</b>`;
}

export function progressRing(label: string): TemplateResult {
  return html`<vscode-progress-ring class="fy-ring" aria-label=${label}></vscode-progress-ring>`;
}
