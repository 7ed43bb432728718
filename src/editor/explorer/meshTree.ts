import { EventEmitter, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState, type TreeDataProvider } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import type { TreeModel, TreeNode } from "../../mesh/explorer/node.ts";
import { Coalescer } from "../../mesh/live/coalescer.ts";
import type { TreeName } from "../../mesh/live/liveMesh.ts";
import { say } from "../../mesh/message.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Clock } from "../../mesh/ports.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import type { CommandId } from "../ids.ts";
import { appearanceOf } from "./appearance.ts";
import type { Row } from "./row.ts";
import { countWords, type FoundAbout } from "../yaml/findingCounts.ts";
import { tooltipOf } from "./tooltip.ts";

const redrawIntervalMillis = 250;
const showMore: CommandId = "foreyard.showMore";

/** Asks whoever may know more of an object that a person looks at; true where more is known now. */
export type AskAbout = (ref: ObjectRef) => Promise<boolean>;

/** What else is known of rows' objects. */
export interface RowKnowledge {
  readonly askAbout: AskAbout;
  readonly foundAbout: FoundAbout;
}

/**
 * Draws any {@link TreeModel}. Rows are redrawn one by one as they change, at most four times a second and only while
 * somebody looks.
 */
export class MeshTree implements TreeDataProvider<Row>, Disposable {
  readonly #changed = new EventEmitter<Row[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #name: TreeName;
  readonly #model: () => TreeModel | undefined;
  readonly #clock: Clock;
  readonly #askAbout: AskAbout;
  readonly #foundAbout: FoundAbout;
  readonly #redraw: Coalescer;
  /** VS Code knows rows by identity, so that each id has one object for as long as it is shown. */
  readonly #rows = new Map<string, Row>();
  readonly #waiting = new Set<string>();
  #allWaits = false;
  #isVisible = false;

  constructor(
    name: TreeName,
    model: () => TreeModel | undefined,
    clock: Clock,
    { askAbout = nobody, foundAbout = nothing }: Partial<RowKnowledge> = {},
  ) {
    this.#name = name;
    this.#model = model;
    this.#clock = clock;
    this.#askAbout = askAbout;
    this.#foundAbout = foundAbout;
    this.#redraw = new Coalescer(clock, redrawIntervalMillis, () => this.#fire());
  }

  /** "all" when the shape of the tree changed, else the ids of the rows that look different now. */
  changed(ids: readonly string[] | "all"): void {
    if (ids === "all") this.#allWaits = true;
    else for (const id of ids) this.#waiting.add(id);
    if (this.#isVisible) this.#redraw.poke();
  }

  /** While hidden, changes only wait. */
  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    if (isVisible && (this.#allWaits || this.#waiting.size > 0)) this.#redraw.poke();
  }

  row(id: string): Row {
    const known = this.#rows.get(id);
    if (known) return known;
    const row: Row = { tree: this.#name, id };
    this.#rows.set(id, row);
    return row;
  }

  getChildren(row?: Row): Row[] {
    const model = this.#model();
    if (!model) return [];
    const nodes = row ? model.children(row.id) : model.roots();
    return nodes.map((node) => this.row(node.id));
  }

  getParent(row: Row): Row | undefined {
    const parent = this.#model()?.find(row.id)?.parentId;
    return parent === undefined ? undefined : this.row(parent);
  }

  getTreeItem(row: Row): TreeItem {
    // A row may vanish between being listed and being drawn; the refresh that removes it is on its way.
    const node = this.#model()?.find(row.id) ?? vanished(row);
    const look = appearanceOf(node, this.#clock.now());
    const item = new TreeItem(look.label, collapsibleState(node));
    item.id = row.id;
    const found = countWords(this.#found(node));
    // First, since a narrow side bar cuts what comes last.
    item.description = [...(found === undefined ? [] : [found]), look.description]
      .filter((part) => part !== "")
      .join(" · ");
    item.contextValue = look.contextValue;
    item.accessibilityInformation = { label: found === undefined ? look.spoken : `${look.spoken}, ${found}` };
    item.iconPath = new ThemeIcon(look.icon, look.color ? new ThemeColor(look.color) : undefined);
    if (node.kind === "more") item.command = { command: showMore, title: look.label, arguments: [row] };
    return item;
  }

  resolveTreeItem(item: TreeItem, row: Row): TreeItem {
    const model = this.#model();
    const node = model?.find(row.id);
    if (model && node) item.tooltip = tooltipOf(row, node, model.tooltip(row.id), this.#found(node));
    if (node?.ref) void this.#lookAt(row.id, node.ref);
    return item;
  }

  dispose(): void {
    this.#redraw.dispose();
    this.#changed.dispose();
  }

  #found({ ref, drill }: TreeNode): readonly Finding[] {
    const about = ref ?? drill;
    return about === undefined ? [] : this.#foundAbout(about);
  }

  /** The tooltip has what is known at once; the row is drawn again when somebody knows more. */
  async #lookAt(id: string, ref: ObjectRef): Promise<void> {
    if (await this.#askAbout(ref)) this.changed([id]);
  }

  #fire(): void {
    if (!this.#isVisible) return;
    const ids = [...this.#waiting];
    this.#waiting.clear();
    if (this.#allWaits) {
      this.#allWaits = false;
      this.#forgetVanished();
      this.#changed.fire(undefined);
      return;
    }
    const rows = ids.flatMap((id) => this.#rows.get(id) ?? []);
    if (rows.length > 0) this.#changed.fire(rows);
  }

  #forgetVanished(): void {
    const model = this.#model();
    for (const id of this.#rows.keys()) if (!model?.find(id)) this.#rows.delete(id);
  }
}

function nothing(): readonly Finding[] {
  return [];
}

function nobody(): Promise<boolean> {
  return Promise.resolve(false);
}

function collapsibleState(node: TreeNode): TreeItemCollapsibleState {
  if (!node.hasChildren) return TreeItemCollapsibleState.None;
  return node.isOpen ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}

function vanished({ id }: Row): TreeNode {
  return {
    id,
    parentId: undefined,
    kind: "failure",
    label: say("No longer there"),
    facts: [],
    state: "unknown",
    tokens: [],
    hasChildren: false,
  };
}
