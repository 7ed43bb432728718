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
import { cameraNear, firstCamera } from "./firstCamera.ts";

const panStep = 60;
/** As long as the canvas takes to get somewhere, with room. */
const glideMillis = 500;

/** The canvas, and beside it the tree that says what it shows. */
export class Stage extends ModelElement {
  #canvas: GraphCanvas | undefined;
  #shown: readonly unknown[] = [];
  #selected: Target | null = null;
  /** The camera is ours since nobody moved it: it fits anew when the room for the picture changes. */
  #isOurs = true;
  /** Somebody asked for all of it, however small. */
  #isWhole = false;
  /** What to look at first. */
  #wanted: Target | null = null;
  #placingUntil = 0;
  #watched: AbortController | undefined;
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
    const host = this.#host;
    if (!host) return;
    this.#start(host);
    this.#sizes = new ResizeObserver(() => {
      if (this.#isOurs && this.#shown.length > 0) this.#place();
    });
    this.#sizes.observe(host);
    this.#watched = new AbortController();
    this.model.addEventListener("otherMesh", () => this.#start(host), { signal: this.#watched.signal });
    this.#draw();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes?.disconnect();
    this.#watched?.abort();
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
    if (this.#shown.length === 0) {
      this.#wanted = target;
      return;
    }
    this.#isOurs = false;
    this.#placingUntil = 0;
    this.#tree?.goTo(target);
    this.#canvas?.reveal(target);
  }

  fit(): void {
    this.#wanted = null;
    this.#isWhole = true;
    this.#place();
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

  get #host(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".fy-canvas");
  }

  /** A clean canvas: nothing of another mesh stays to be seen. */
  #start(host: HTMLElement): void {
    this.#canvas?.dispose();
    this.#canvas = createGraphCanvas(host, this.#events(host));
    this.#shown = [];
    this.#selected = null;
    this.#wanted = null;
    this.#isWhole = false;
    clearTimeout(this.#keeping);
    host.dataset["vscodeContext"] = noMenu;
    const { camera } = this.model.state;
    if (camera) this.#canvas.camera = camera;
    clearTimeout(this.#keeping);
    this.#isOurs = camera === null;
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
      if (isFirst) this.#look();
    }
    if (this.#selected?.id === state.selection?.id && this.#selected?.what === state.selection?.what) return;
    this.#selected = state.selection;
    canvas.select(state.selection);
  }

  /** At what somebody asked to see, else where the camera was left, else at the whole. */
  #look(): void {
    const wanted = this.#wanted ?? this.model.facts?.focus ?? null;
    this.#wanted = wanted;
    if (wanted) {
      this.#isOurs = true;
      this.#tree?.goTo(wanted);
    }
    if (this.#isOurs) this.#place();
  }

  #place(): void {
    const { picture } = this.model;
    const host = this.#host;
    // Without a size there is no view yet; the observer comes back with one.
    if (!picture?.scene || !host || host.clientWidth === 0 || host.clientHeight === 0) return;
    this.#isOurs = true;
    this.#placingUntil = performance.now() + glideMillis;
    const size = { width: host.clientWidth, height: host.clientHeight };
    const end = this.#wanted ? picture.endOf(this.#wanted) : undefined;
    const near = end === undefined ? undefined : cameraNear(picture.scene, end, size);
    const camera = near ?? (this.#isWhole ? undefined : firstCamera(picture.scene, size));
    if (!this.#canvas) return;
    if (camera) {
      this.#canvas.camera = camera;
      this.#placingUntil = 0;
    } else this.#canvas.fit();
    this.model.keepCamera(null);
  }

  #moved(camera: Camera): void {
    if (performance.now() < this.#placingUntil) return;
    this.#isOurs = false;
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
