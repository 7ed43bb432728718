import { say, type Message } from "../../message.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { Fact, TreeModel, TreeNode } from "../node.ts";
import { childId, parentIdOf } from "./nodeId.ts";

/** A node and how to go on from it. Both functions read the world of the moment they are called. */
export interface Row {
  readonly node: TreeNode;
  readonly open?: () => readonly Row[];
  readonly facts?: () => readonly Fact[];
}

/** How many children are shown at once, and added by each "Show more" (V17), where a surface says nothing else. */
export const usualPageSize = 200;

const root = "";

/**
 * A tree that builds a branch when it is asked for, remembers what it handed out, and on refresh compares that with what
 * is there now: only what somebody has seen can have changed for them.
 */
export class LazyTree implements TreeModel {
  readonly #build: () => readonly Row[];
  readonly #pageSize: number;
  readonly #rows = new Map<string, Row>();
  readonly #shown = new Map<string, readonly Row[]>();
  readonly #limits = new Map<string, number>();

  constructor(build: () => readonly Row[], pageSize = usualPageSize) {
    this.#build = build;
    this.#pageSize = pageSize;
  }

  roots(): readonly TreeNode[] {
    return this.#list(undefined).map(({ node }) => node);
  }

  children(id: string): readonly TreeNode[] {
    return this.#list(id).map(({ node }) => node);
  }

  find(id: string): TreeNode | undefined {
    return this.#rowOf(id)?.node;
  }

  tooltip(id: string): readonly Fact[] {
    return this.#rowOf(id)?.facts?.() ?? [];
  }

  /** Shows the next page in place of a "more" node; returns what to redraw. */
  showMore(id: string): readonly string[] | "all" {
    const more = this.#rows.get(id)?.node;
    if (more?.kind !== "more") return [];
    const parent = more.parentId ?? root;
    this.#limits.set(parent, (this.#limits.get(parent) ?? this.#pageSize) + this.#pageSize);
    return this.refresh([more.parentId]);
  }

  /** Forgets what was handed out; the surface asks anew. */
  reset(): "all" {
    this.#rows.clear();
    this.#shown.clear();
    return "all";
  }

  /**
   * Looks again at the children of these nodes (undefined: at the roots), and returns the ids of what is different. A
   * node whose children are others than before stands for all below it.
   */
  refresh(parents: Iterable<string | undefined>): readonly string[] | "all" {
    const redrawn = new Set<string>();
    const rebuilt = new Set<string>();
    let isWholeNew = false;
    for (const parent of parents) {
      const before = this.#shown.get(parent ?? root);
      if (!before) continue;
      const after = this.#listNow(parent);
      const changed = this.#compare(before, after);
      if (sameIds(before, after)) for (const id of changed) redrawn.add(id);
      else if (parent === undefined) isWholeNew = true;
      else rebuilt.add(parent);
    }
    if (isWholeNew) return "all";
    return [...new Set([...rebuilt, ...redrawn])].filter((id) => !hasAncestorIn(rebuilt, id));
  }

  /** The roots whose children were handed out. */
  openRoots(): readonly string[] {
    const ids = (this.#shown.get(root) ?? []).map(({ node }) => node.id);
    return ids.filter((id) => this.#shown.has(id));
  }

  /** The node itself and all nodes below it whose children were handed out. */
  openBranches(id: string): readonly string[] {
    const shown = this.#shown.get(id);
    return shown ? [id, ...shown.flatMap(({ node }) => this.openBranches(node.id))] : [];
  }

  #list(id: string | undefined): readonly Row[] {
    return this.#shown.get(id ?? root) ?? this.#listNow(id);
  }

  #listNow(id: string | undefined): readonly Row[] {
    const before = this.#shown.get(id ?? root) ?? [];
    const row = id === undefined ? undefined : this.#rowOf(id);
    const all = id === undefined ? this.#build() : (row?.open?.() ?? []);
    const now = keepNodes(this.#page(all, id), before);
    for (const [i, next] of now.entries()) if (next !== before[i]) this.#rows.set(next.node.id, next);
    if (id === undefined || row) this.#shown.set(id ?? root, now);
    return now;
  }

  #compare(before: readonly Row[], after: readonly Row[]): readonly string[] {
    const nodes = new Map(after.map(({ node }) => [node.id, node]));
    const touched: string[] = [];
    for (const { node } of before) {
      const now = nodes.get(node.id);
      if (!now) this.#forget(node.id);
      else if (now !== node) touched.push(node.id);
    }
    return touched;
  }

  #forget(id: string): void {
    for (const { node } of this.#shown.get(id) ?? []) this.#forget(node.id);
    this.#shown.delete(id);
    this.#rows.delete(id);
  }

  #page(rows: readonly Row[], id: string | undefined): readonly Row[] {
    const limit = this.#limits.get(id ?? root) ?? this.#pageSize;
    if (rows.length <= limit) return rows;
    return [...rows.slice(0, limit), moreRow(id, rows.length - limit, this.#pageSize)];
  }

  // Not only what was handed out: a command may name a node of a branch that nobody opened yet.
  #rowOf(id: string): Row | undefined {
    const known = this.#rows.get(id);
    if (known) return known;
    const parent = parentIdOf(id);
    const siblings = parent === undefined ? this.#build() : this.#rowOf(parent)?.open?.();
    return siblings?.find(({ node }) => node.id === id);
  }
}

function moreRow(parentId: string | undefined, hidden: number, pageSize: number): Row {
  return {
    node: {
      id: childId(parentId, "more"),
      parentId,
      kind: "more",
      label: say("Show {0} more", Math.min(hidden, pageSize)),
      facts: hidden > pageSize ? [say("{0} not shown", hidden)] : [],
      state: undefined,
      tokens: ["fy.more"],
      hasChildren: false,
    },
  };
}

/** The rows of now, with the nodes of before where those say the same. */
function keepNodes(now: readonly Row[], before: readonly Row[]): readonly Row[] {
  let byId: ReadonlyMap<string, Row> | undefined;
  return now.map((next, i) => {
    // Most often nothing moved: then the old row is in the same place, and no index is needed.
    const there = before[i];
    if (there === next) return next;
    byId ??= new Map(before.map((row) => [row.node.id, row]));
    const old = there?.node.id === next.node.id ? there : byId.get(next.node.id);
    return old && next.node !== old.node && sameNode(next.node, old.node) ? { ...next, node: old.node } : next;
  });
}

function hasAncestorIn(ids: ReadonlySet<string>, id: string): boolean {
  if (ids.size === 0) return false;
  for (let parent = parentIdOf(id); parent !== undefined; parent = parentIdOf(parent)) if (ids.has(parent)) return true;
  return false;
}

function sameIds(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every(({ node }, i) => node.id === b[i]?.node.id);
}

function sameNode(a: TreeNode, b: TreeNode): boolean {
  return (
    a.kind === b.kind &&
    sameWords(a.label, b.label) &&
    a.facts.length === b.facts.length &&
    a.facts.every((fact, i) => sameWords(fact, b.facts[i])) &&
    a.state === b.state &&
    a.staleSince === b.staleSince &&
    a.hasChildren === b.hasChildren &&
    a.isOpen === b.isOpen &&
    a.tokens.join(" ") === b.tokens.join(" ") &&
    sameRef(a.ref, b.ref) &&
    sameRef(a.drill, b.drill)
  );
}

function sameRef(a: ObjectRef | undefined, b: ObjectRef | undefined): boolean {
  if (a === b) return true;
  return (
    a?.cluster === b?.cluster &&
    a?.group === b?.group &&
    a?.kind === b?.kind &&
    a?.namespace === b?.namespace &&
    a?.name === b?.name
  );
}

function sameWords(a: string | Message, b: string | Message | undefined): boolean {
  if (typeof a === "string" || typeof b === "string" || b === undefined) return a === b;
  return a.text === b.text && a.args.length === b.args.length && a.args.every((arg, i) => arg === b.args[i]);
}
