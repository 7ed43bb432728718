import type { Palette } from "./palette.ts";
import type { Rect } from "./pen.ts";

/** The few elements above the canvas: rings around the selection and what has the focus, and the tooltip. */
export class Overlay {
  readonly element = document.createElement("div");
  readonly #selection = document.createElement("div");
  readonly #focus = document.createElement("div");
  readonly #tip = document.createElement("div");

  constructor() {
    this.element.setAttribute("aria-hidden", "true");
    Object.assign(this.element.style, { position: "absolute", inset: "0", overflow: "hidden", pointerEvents: "none" });
    for (const part of [this.#selection, this.#focus, this.#tip]) {
      Object.assign(part.style, {
        position: "absolute",
        left: "0",
        top: "0",
        display: "none",
        boxSizing: "border-box",
      });
    }
    this.#selection.className = "fy-canvas-selection";
    this.#focus.className = "fy-canvas-focus";
    this.#tip.className = "fy-canvas-tip";
    Object.assign(this.#selection.style, { border: "2px solid var(--vscode-focusBorder)", borderRadius: "9px" });
    Object.assign(this.#focus.style, { border: "1px solid var(--vscode-focusBorder)", borderRadius: "9px" });
    Object.assign(this.#tip.style, {
      maxWidth: "min(420px, 90%)",
      padding: "4px 8px",
      border: "1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder, transparent))",
      borderRadius: "3px",
      background: "var(--vscode-editorHoverWidget-background)",
      color: "var(--vscode-editorHoverWidget-foreground)",
      boxShadow: "0 2px 8px var(--vscode-widget-shadow, transparent)",
      overflowWrap: "anywhere",
      lineHeight: "1.4",
    });
    this.element.append(this.#selection, this.#focus, this.#tip);
  }

  /** null: nothing is selected, or it is out of sight. */
  rings(selection: Rect | null, focus: Rect | null): void {
    placeRing(this.#selection, selection);
    placeRing(this.#focus, focus);
  }

  /** Lines of text beside a point; the first is the name. All of it is text, whatever it looks like. */
  tip(lines: readonly string[], at: { readonly x: number; readonly y: number }, palette: Palette): void {
    const key = lines.join("\n");
    if (this.#tip.dataset["text"] !== key) {
      this.#tip.dataset["text"] = key;
      this.#tip.replaceChildren(
        ...lines.map((line, index) => {
          const row = document.createElement("div");
          row.textContent = line;
          // A name must not turn the direction of what follows it.
          row.style.unicodeBidi = "isolate";
          if (index === 0) row.style.fontWeight = "600";
          return row;
        }),
      );
    }
    this.#tip.style.fontFamily = palette.fontFamily;
    this.#tip.style.display = "block";
    const { clientWidth, clientHeight } = this.element;
    const { offsetWidth, offsetHeight } = this.#tip;
    const x = at.x + 14 + offsetWidth > clientWidth ? Math.max(0, at.x - 10 - offsetWidth) : at.x + 14;
    const y = at.y + 16 + offsetHeight > clientHeight ? Math.max(0, at.y - 10 - offsetHeight) : at.y + 16;
    this.#tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  hideTip(): void {
    this.#tip.style.display = "none";
  }
}

function placeRing(ring: HTMLElement, rect: Rect | null): void {
  ring.style.display = rect ? "block" : "none";
  if (!rect) return;
  ring.style.transform = `translate(${rect.x - 4}px, ${rect.y - 4}px)`;
  ring.style.width = `${rect.width + 8}px`;
  ring.style.height = `${rect.height + 8}px`;
}
