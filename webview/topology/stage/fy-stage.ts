import { html, type PropertyValues, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import { menuContext, type Target } from "../../../src/protocol/topology/topologyContract.ts";
import { button, icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { Camera, CanvasEvents, GraphCanvas } from "../canvas/graphCanvas.ts";
import { ModelElement } from "../modelElement.ts";
import "../twin/fy-graph-tree.ts";
import type { GraphTree } from "../twin/fy-graph-tree.ts";
import { createGraphCanvas } from "../canvas/createGraphCanvas.ts";

const panStep = 60;
/** As long as the canvas takes to get somewhere, with room. */
const glideMillis = 500;

/** The canvas, and beside it the tree that says what it shows. */
export class Stage extends ModelElement {
  #canvas: GraphCanvas | undefined;
  #shown: readonly unknown[] = [];
  #selected: Target | null = null;
  /** The whole picture is in view because nobody moved it: it stays so when the room for it changes. */
  #isFitted = true;
  #fittingUntil = 0;
  #sizes: ResizeObserver | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  protected override render(): TemplateResult {
    const { focus } = this.model.state;
    return html`<div class="fy-canvas" aria-hidden="true" data-vscode-context=${noMenu}></div>
      <fy-graph-tree
        .model=${this.model}
        @walked=${(event: CustomEvent<Walked | null>) => this.#walked(event.detail)}
      ></fy-graph-tree>
      <div class="fy-focus-bar" ?hidden=${focus === null}>
        ${icon("target")}
        <span>${words(say("Focus, hops: {0}", focus?.hops ?? 1))}</span>
        ${button({
          label: words(say("Fewer hops")),
          icon: "remove",
          iconOnly: true,
          disabled: focus === null || focus.hops <= 1,
          onClick: () => this.hop(-1),
        })}
        ${button({ label: words(say("More hops")), icon: "add", iconOnly: true, onClick: () => this.hop(1) })}
        ${button({
          label: words(say("Leave focus")),
          icon: "close",
          iconOnly: true,
          onClick: () => this.model.change({ focus: null }),
        })}
      </div>
      <div class="fy-zoom">
        ${button({ label: words(say("Zoom in")), icon: "zoom-in", iconOnly: true, onClick: () => this.zoom(1.25) })}
        ${button({ label: words(say("Zoom out")), icon: "zoom-out", iconOnly: true, onClick: () => this.zoom(0.8) })}
        ${button({ label: words(say("Fit")), icon: "screen-full", iconOnly: true, name: "fit", onClick: () => this.fit() })}
      </div>`;
  }

  protected override firstUpdated(): void {
    const host = this.querySelector<HTMLElement>(".fy-canvas");
    if (!host) return;
    this.#canvas = createGraphCanvas(host, this.#events(host));
    const { camera } = this.model.state;
    if (camera) this.#canvas.camera = camera;
    this.#isFitted = camera === null;
    this.#sizes = new ResizeObserver(() => {
      if (this.#isFitted && this.#shown.length > 0) this.#fitNow();
    });
    this.#sizes.observe(host);
    this.#draw();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    clearTimeout(this.#keeping);
    this.#canvas?.dispose();
    this.#canvas = undefined;
  }

  override focus(): void {
    this.#tree?.focus();
  }

  get canvas(): GraphCanvas | undefined {
    return this.#canvas;
  }

  /** What the keyboard or else the selection is on. */
  get active(): Target | null {
    return this.#tree?.activeEnd ?? this.model.state.selection;
  }

  reveal(target: Target): void {
    this.#tree?.goTo(target);
    this.#canvas?.reveal(target);
  }

  fit(): void {
    this.#fitNow();
  }

  zoom(factor: number): void {
    this.#canvas?.zoomBy(factor);
  }

  hop(by: number): void {
    const { focus } = this.model.state;
    if (focus) this.model.change({ focus: { id: focus.id, hops: Math.max(1, Math.min(20, focus.hops + by)) } });
  }

  pan(key: string): void {
    const dx = key === "ArrowLeft" ? panStep : key === "ArrowRight" ? -panStep : 0;
    const dy = key === "ArrowUp" ? panStep : key === "ArrowDown" ? -panStep : 0;
    this.#canvas?.panBy(dx, dy);
  }

  get #tree(): GraphTree | null {
    return this.querySelector<GraphTree>("fy-graph-tree");
  }

  #draw(): void {
    const { picture, state, format } = this.model;
    const canvas = this.#canvas;
    const scene = picture?.scene;
    if (!canvas || !scene) return;
    const animation = state.show.animation;
    const next = [scene, state.label, format, animation];
    if (next.some((part, index) => part !== this.#shown[index])) {
      const isFirst = this.#shown.length === 0;
      this.#shown = next;
      canvas.show(scene, { label: state.label, format, animation });
      if (isFirst && this.#isFitted) this.#fitNow();
      const { focus } = this.model.facts ?? {};
      if (isFirst && focus) this.reveal(focus);
    }
    if (this.#selected?.id === state.selection?.id && this.#selected?.what === state.selection?.what) return;
    this.#selected = state.selection;
    canvas.select(state.selection);
  }

  #fitNow(): void {
    this.#isFitted = true;
    this.#fittingUntil = performance.now() + glideMillis;
    this.#canvas?.fit();
    this.model.keepCamera(null);
  }

  #moved(camera: Camera): void {
    if (performance.now() < this.#fittingUntil) return;
    this.#isFitted = false;
    // A gesture moves it with each frame; what is kept is where it comes to rest.
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.model.keepCamera(camera), 150);
  }

  #events(host: HTMLElement): CanvasEvents {
    const { model } = this;
    return {
      selected: (target) => {
        model.select(target);
        if (target) this.#tree?.goTo(target);
      },
      hovered(target) {
        host.dataset["vscodeContext"] = target ? JSON.stringify(menuContext(target)) : noMenu;
      },
      opened(target) {
        if (target.what === "box") model.toggleCollapsed(target.id);
        else {
          model.select(target);
          model.dispatchEvent(new Event("details"));
        }
      },
      dragged: (positions) => model.drag(positions),
      cameraMoved: (camera) => this.#moved(camera),
      contextMenu(target) {
        host.dataset["vscodeContext"] = target ? JSON.stringify(menuContext(target)) : noMenu;
      },
    };
  }

  #walked(walked: Walked | null): void {
    this.#canvas?.highlight(walked?.target ?? null);
    if (walked?.target && walked.isMoved) this.#canvas?.reveal(walked.target);
  }
}

interface Walked {
  readonly target: Target | undefined;
  readonly isMoved: boolean;
}

const noMenu = JSON.stringify({ preventDefaultContextMenuItems: true });

customElements.define("fy-stage", Stage);
