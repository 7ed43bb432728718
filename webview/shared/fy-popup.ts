import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { button } from "./controls.ts";

/** A button that opens a small sheet: lists of check boxes, choices, explanations. Escape and clicks beside it close it. */
export class Popup extends LitElement {
  static override properties = {
    label: { type: String },
    text: { type: String },
    iconName: { type: String, attribute: "icon" },
    iconOnly: { type: Boolean, attribute: "icon-only" },
    badge: { type: String },
    content: { attribute: false },
    isOpen: { state: true },
  };

  declare label: string;
  /** What the button says where it is more than the label: "3 namespaces". */
  declare text: string | undefined;
  declare iconName: string | undefined;
  declare iconOnly: boolean;
  declare badge: string | undefined;
  /** Drawn only while open. */
  declare content: () => TemplateResult;
  declare isOpen: boolean;

  constructor() {
    super();
    this.label = "";
    this.iconOnly = false;
    this.content = () => html``;
    this.isOpen = false;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    return html`${button({
        label: this.text ?? this.label,
        tooltip: this.label,
        iconOnly: this.iconOnly,
        expanded: this.isOpen,
        popup: "dialog",
        badge: this.badge,
        ...(this.iconName === undefined ? {} : { icon: this.iconName }),
        onClick: () => (this.isOpen ? this.close() : this.open()),
      })}
      <div
        class="fy-sheet"
        popover="auto"
        role="dialog"
        aria-label=${this.label}
        @toggle=${(event: ToggleEvent) => {
          this.isOpen = event.newState === "open";
        }}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === "Escape") event.stopPropagation();
        }}
      >
        ${this.isOpen ? this.content() : nothing}
      </div>`;
  }

  open(): void {
    this.isOpen = true;
    void this.updateComplete.then(() => {
      this.#sheet.showPopover();
      this.#place();
      this.#sheet.querySelector<HTMLElement>("[data-first], .fy-checkbox, .fy-text-field, .fy-button, button")?.focus();
    });
  }

  close(): void {
    this.#sheet.hidePopover();
    this.querySelector<HTMLElement>(".fy-button")?.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.isOpen && !changed.has("isOpen")) this.#place();
  }

  get #sheet(): HTMLElement {
    const sheet = this.querySelector<HTMLElement>(".fy-sheet");
    if (sheet === null) throw new Error("A popup was opened before it was drawn.");
    return sheet;
  }

  /** Below the button, else above where there is more room; moved as far as the window's edge asks. */
  #place(): void {
    const sheet = this.#sheet;
    if (!sheet.matches(":popover-open")) return;
    const anchor = this.getBoundingClientRect();
    const left = Math.max(4, Math.min(anchor.left, window.innerWidth - sheet.offsetWidth - 4));
    const below = window.innerHeight - anchor.bottom - 8;
    const above = anchor.top - 8;
    const isBelow = below >= Math.min(sheet.scrollHeight, 240) || below >= above;
    sheet.style.setProperty("left", `${left}px`);
    sheet.style.setProperty("max-height", `${Math.max(120, isBelow ? below : above)}px`);
    const top = isBelow ? anchor.bottom + 2 : anchor.top - 2 - sheet.offsetHeight;
    sheet.style.setProperty("top", `${Math.max(0, top)}px`);
  }
}

customElements.define("fy-popup", Popup);
