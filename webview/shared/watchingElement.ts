import { LitElement, type PropertyValues } from "lit";

/** An element that draws a page's model and is drawn again when it changes. In the page's own tree, so that ids, the editor's find and one style sheet reach everything. */
export class WatchingElement<M extends EventTarget> extends LitElement {
  static override properties = { model: { attribute: false } };

  declare model: M;
  #watched: M | undefined;
  readonly #redraw = () => this.requestUpdate();

  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#watched === undefined && this.hasUpdated) this.#watch();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watched?.removeEventListener("change", this.#redraw);
    this.#watched = undefined;
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("model")) this.#watch();
  }

  #watch(): void {
    this.#watched?.removeEventListener("change", this.#redraw);
    this.#watched = this.model;
    this.#watched.addEventListener("change", this.#redraw);
  }
}
