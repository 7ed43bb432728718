import type { NodeState } from "../../src/mesh/explorer/node.ts";
import { say, type Message } from "../../src/mesh/message.ts";
import type { Picture } from "./picture.ts";

/** What of a picture is worth saying when it changes; numbers alone are not. */
export interface Summary {
  readonly nodes: ReadonlyMap<string, NodeState>;
  readonly names: ReadonlyMap<string, string>;
  readonly problems: ReadonlySet<string>;
}

export function summaryOf(picture: Picture): Summary {
  const { nodes, problems } = picture.snapshot;
  const states = new Map<string, NodeState>();
  const names = new Map<string, string>();
  for (let node = 0; node < nodes.count; node++) {
    const id = picture.ids.nodes[node] ?? "";
    states.set(id, picture.nodeState(node));
    names.set(id, picture.nodeName(node));
  }
  return { nodes: states, names, problems: new Set(problems.map((problem) => problem.id)) };
}

const mostNames = 3;

/** In one sentence each: who fails now, who recovered, what came and went. Empty where nothing of it happened. */
export function changesBetween(before: Summary, after: Summary): readonly Message[] {
  const failing: string[] = [];
  const recovered: string[] = [];
  let added = 0;
  for (const [id, state] of after.nodes) {
    const last = before.nodes.get(id);
    if (last === undefined) added += 1;
    if (state === "failing" && last !== "failing") failing.push(after.names.get(id) ?? "");
    if (last === "failing" && state !== "failing") recovered.push(after.names.get(id) ?? "");
  }
  const gone = [...before.nodes.keys()].filter((id) => !after.nodes.has(id)).length;
  const problems = [...after.problems].filter((id) => !before.problems.has(id)).length;
  return [
    ...(failing.length === 0 ? [] : [failingNow(failing)]),
    ...(recovered.length === 0 ? [] : [say("No longer failing: {0}", first(recovered))]),
    ...(added === 0 ? [] : [say("Nodes that are new: {0}", added)]),
    ...(gone === 0 ? [] : [say("Nodes that are gone: {0}", gone)]),
    ...(problems === 0 ? [] : [say("New problems: {0}", problems)]),
  ];
}

function failingNow(names: readonly string[]): Message {
  if (names.length <= mostNames) return say("Failing now: {0}", first(names));
  return say("Failing now: {0}, among them {1}", names.length, first(names));
}

function first(names: readonly string[]): string {
  return names.slice(0, mostNames).join(", ");
}

/** Lets a sentence through at most so often, with all that gathered meanwhile. */
export class Announcer {
  readonly #speak: (text: string) => void;
  readonly #after: (milliseconds: number, callback: () => void) => { dispose(): void };
  readonly #gapMillis: number;
  #waiting: string[] = [];
  #pause: { dispose(): void } | undefined;

  constructor(
    speak: (text: string) => void,
    after: (milliseconds: number, callback: () => void) => { dispose(): void },
    gapMillis = 10_000,
  ) {
    this.#speak = speak;
    this.#after = after;
    this.#gapMillis = gapMillis;
  }

  announce(sentences: readonly string[]): void {
    if (sentences.length === 0) return;
    this.#waiting = [...new Set([...this.#waiting, ...sentences])];
    if (!this.#pause) this.#flush();
  }

  dispose(): void {
    this.#pause?.dispose();
  }

  #flush(): void {
    this.#pause = undefined;
    if (this.#waiting.length === 0) return;
    this.#speak(this.#waiting.join(". "));
    this.#waiting = [];
    this.#pause = this.#after(this.#gapMillis, () => this.#flush());
  }
}
