import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { none } from "../../../src/protocol/topology/graphSnapshot.ts";
import { say } from "../../../src/mesh/message.ts";
import { menuContext, type Target } from "../../../src/protocol/topology/topologyContract.ts";
import { words } from "../../shared/words.ts";
import { ModelElement } from "../modelElement.ts";
import type { Picture } from "../picture.ts";
import type { SceneEnd } from "../scene/scene.ts";
import { Speech } from "../spoken.ts";
import { placeOf, siblings, stopIn, targetAt, walk, type Place, type Step } from "../walk.ts";

/** Neighbours of the active item that are in the document: enough for readers that look around. */
const around = 5;

interface Item {
  readonly key: string;
  readonly level: number;
  readonly name: string;
  readonly position: number;
  readonly of: number;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly isExpanded: boolean | undefined;
}

const steps: Readonly<Record<string, Step>> = {
  ArrowRight: "downstream",
  ArrowLeft: "upstream",
  ArrowDown: "next",
  ArrowUp: "previous",
  Home: "first",
  End: "last",
};

/**
 * What the canvas cannot say: the picture as a tree of clusters, namespaces, nodes and their edges. The one tab stop of
 * the graph; of a large mesh only what is near is in the document.
 */
export class GraphTree extends ModelElement {
  static override properties = { ...ModelElement.properties, place: { state: true } };

  declare place: Place | undefined;
  #speech: Speech | undefined;
  #locale = "";

  protected override render(): TemplateResult {
    const { picture } = this.model;
    const items = picture ? this.#items(picture) : [];
    const active = items.find((item) => item.isActive);
    return html`<div
      class="fy-tree"
      role="tree"
      tabindex="0"
      aria-label=${words(say("Graph: arrows follow the traffic, Space selects, Enter drills down, question mark for help"))}
      aria-activedescendant=${active ? active.key : nothing}
      @keydown=${(event: KeyboardEvent) => this.#key(event)}
      @focus=${() => this.#enter()}
      @blur=${() => this.dispatchEvent(new CustomEvent("walked", { detail: null }))}
      data-vscode-context=${this.#context(picture)}
    >
      ${repeat(
        items,
        (item) => item.key,
        (item) =>
          html`<div
            id=${item.key}
            role="treeitem"
            aria-level=${item.level}
            aria-posinset=${item.position}
            aria-setsize=${item.of}
            aria-selected=${item.isSelected ? "true" : "false"}
            aria-expanded=${item.isExpanded === undefined ? nothing : item.isExpanded ? "true" : "false"}
          >
            ${item.name}
          </div>`,
      )}
    </div>`;
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".fy-tree")?.focus();
  }

  /** What the keyboard is on. */
  get active(): Target | undefined {
    const { picture } = this.model;
    return picture && this.place ? targetAt(picture, this.place.stop) : undefined;
  }

  /** The node or box that the keyboard is on, or the caller of its edge. */
  get activeEnd(): Target | undefined {
    const stop = this.place?.stop;
    return stop?.at === "edge" ? stop.source : stop?.target;
  }

  /** Goes where somebody selected something. */
  goTo(target: Target): void {
    const { picture } = this.model;
    this.place = (picture && placeOf(picture, target)) ?? this.place;
  }

  #enter(): void {
    const { picture, state } = this.model;
    if (!picture) return;
    const isThere = this.place !== undefined && stopIn(picture, this.place.stop) !== undefined;
    if (!isThere)
      this.place = (state.selection && placeOf(picture, state.selection)) ?? walk(picture, undefined, "first");
    this.#tell(false);
  }

  #key(event: KeyboardEvent): void {
    const { picture, model } = { picture: this.model.picture, model: this.model };
    if (!picture || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = this.#step(event);
    if (step) {
      this.place = walk(picture, this.place, step);
      this.#tell(true);
    } else if (event.key === " ") {
      const target = this.active;
      const isOn = target !== undefined && model.state.selection?.id === target.id;
      if (target) model.select(isOn ? null : target);
    } else if (event.key === "Enter") {
      const target = this.active;
      if (target) {
        model.select(target);
        void model.drillDown(target);
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #step(event: KeyboardEvent): Step | undefined {
    if (event.shiftKey && event.key === "ArrowRight") return "edgeOut";
    if (event.shiftKey && event.key === "ArrowLeft") return "edgeIn";
    return steps[event.key];
  }

  #tell(isMoved: boolean): void {
    this.dispatchEvent(new CustomEvent("walked", { detail: { target: this.active ?? this.activeEnd, isMoved } }));
  }

  #context(picture: Picture | undefined): string {
    const target = picture && (this.active ?? this.activeEnd);
    return JSON.stringify(target ? menuContext(target) : { preventDefaultContextMenuItems: true });
  }

  #words(): Speech {
    const { locale } = this.model.format;
    if (!this.#speech || this.#locale !== locale) this.#speech = new Speech(locale);
    this.#locale = locale;
    return this.#speech;
  }

  #items(picture: Picture): Item[] {
    const place = this.place ?? walk(picture, undefined, "first");
    const found = place && (stopIn(picture, place.stop) ?? firstStop(picture));
    if (!found) return [];
    const end = found.at === "end" ? found.end : (picture.scene?.edges.source[found.edge] ?? 0);
    const beside = siblings(picture, end);
    const at = beside.indexOf(end);
    const near = beside.slice(Math.max(0, at - around), at + around + 1);
    const boxes = boxesAround(picture, end);
    const items: Item[] = boxes.map((box, index) => ({
      key: `fy-box-${box}`,
      level: index + 1,
      name: this.#words().box(picture, box),
      position: 1,
      of: 1,
      isActive: false,
      isSelected: this.#isSelected(picture.ids.boxes[box]),
      isExpanded: true,
    }));
    const level = boxes.length + 1;
    for (const other of near) {
      items.push(this.#endItem(picture, { end: other, level, beside, isActive: other === end && found.at === "end" }));
      if (other === end) items.push(...this.#edgeItems(picture, end, { level, active: found }));
    }
    return items;
  }

  #endItem(
    picture: Picture,
    { end, level, beside, isActive }: { end: SceneEnd; level: number; beside: readonly SceneEnd[]; isActive: boolean },
  ): Item {
    const { outbound } = picture.meeting(end);
    return {
      key: end < 0 ? `fy-tile-${~end}` : `fy-node-${end}`,
      level,
      name: this.#words().end(picture, end),
      position: beside.indexOf(end) + 1,
      of: beside.length,
      isActive,
      isSelected: this.#isSelected(picture.targetOf(end).id),
      isExpanded: end < 0 ? false : outbound.length > 0 ? isActive : undefined,
    };
  }

  #edgeItems(
    picture: Picture,
    end: SceneEnd,
    { level, active }: { level: number; active: ReturnType<typeof stopIn> },
  ): Item[] {
    const { outbound } = picture.meeting(end);
    const at = active?.at === "edge" ? outbound.indexOf(active.edge) : 0;
    return outbound.slice(Math.max(0, at - around), at + around + 1).map((edge) => ({
      key: `fy-edge-${edge}`,
      level: level + 1,
      name: this.#words().edge(picture, edge),
      position: outbound.indexOf(edge) + 1,
      of: outbound.length,
      isActive: active?.at === "edge" && active.edge === edge,
      isSelected: this.#isSelected(picture.edgeTarget(edge)?.id),
      isExpanded: undefined,
    }));
  }

  #isSelected(id: string | undefined): boolean {
    return id !== undefined && this.model.state.selection?.id === id;
  }
}

function firstStop(picture: Picture): ReturnType<typeof stopIn> {
  const place = walk(picture, undefined, "first");
  return place && stopIn(picture, place.stop);
}

/** From the outside inwards; those that are drawn open. */
function boxesAround(picture: Picture, end: SceneEnd): number[] {
  const boxes: number[] = [];
  let box = end < 0 ? picture.parentOf(~end) : (picture.snapshot.nodes.box[end] ?? none);
  for (; box !== none; box = picture.parentOf(box)) if (picture.boxKind(box) !== "app") boxes.unshift(box);
  return boxes;
}

customElements.define("fy-graph-tree", GraphTree);
