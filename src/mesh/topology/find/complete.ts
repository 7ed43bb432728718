import type { TopologyGraph } from "../graph/graph.ts";
import {
  endNames,
  flagNames,
  flagOf,
  operandNames,
  operandOf,
  Searched,
  type Contexts,
  type Operand,
} from "./operands.ts";
import { units } from "./quantities.ts";
import { tokensOf, type Token } from "./tokens.ts";

/** What may stand at the caret: each word takes the place of the text from `from` to the caret. */
export interface Completion {
  readonly from: number;
  readonly words: readonly string[];
}

const most = 50;
const textSigns = ["=", "!=", "*=", "^=", "$="];
const numberSigns = [">", ">=", "<", "<=", "=", "!="];

/** Words for a text that is being typed. Never throws; an empty list where nothing is known to fit. */
export function complete(text: string, caret: number, graph: TopologyGraph, contexts?: Contexts): Completion {
  const searched = new Searched(graph, contexts);
  const end = Math.max(0, Math.min(text.length, Math.trunc(caret) || 0));
  const before = text.slice(0, end);
  const { tokens, error } = tokensOf(before);
  // In an open quote: the value is what was typed since.
  if (error) return offered(valuesAfter(tokens, searched), before.slice(error.at + 1), error.at);
  const last = tokens.at(-1);
  const isTyping = last?.end === end && ["word", "and", "or", "not"].includes(last.what);
  const typed = isTyping ? last.text : "";
  const from = isTyping ? last.at : end;
  return offered(expected(isTyping ? tokens.slice(0, -1) : tokens, searched, typed), typed, from);
}

function offered(words: readonly string[], typed: string, from: number): Completion {
  const start = typed.toLowerCase();
  const plain = (word: string): string => word.replace(/^"/u, "").toLowerCase();
  const fitting = words.filter((word) => plain(word).startsWith(start) && plain(word) !== start);
  return { from, words: fitting.slice(0, most) };
}

/** What may follow these parts. */
function expected(tokens: readonly Token[], searched: Searched, typed: string): readonly string[] {
  const last = tokens.at(-1);
  if (!last || ["and", "or", "not", "open"].includes(last.what)) return terms(searched.graph, typed);
  if (last.what === "comparison") return valuesAfter(tokens, searched);
  const isValue = tokens.at(-2)?.what === "comparison";
  const operand = last.what === "word" && !isValue ? operandOf(last.text) : undefined;
  if (!operand)
    return isValue || last.what !== "word" || flagOf(last.text) ? connectives(tokens) : terms(searched.graph, typed);
  const signs = operand.dimension === "text" ? textSigns : numberSigns;
  return flagOf(last.text) ? [...signs, ...connectives(tokens)] : signs;
}

function connectives(tokens: readonly Token[]): string[] {
  const open = tokens.filter(({ what }) => what === "open").length;
  return ["and", "or", ...(open > tokens.filter(({ what }) => what === "close").length ? [")"] : [])];
}

function terms(graph: TopologyGraph, typed: string): readonly string[] {
  const [, prefix] = /^(from|to)\./iu.exec(typed) ?? [];
  const named = prefix === undefined ? [...operandNames, ...flagNames] : endNames;
  const labels = labelNames(graph).map((name) => `label.${name}`);
  if (prefix !== undefined) return [...named, ...labels].map((name) => `${prefix}.${name}`);
  return [...new Set([...named, "ns", ...labels, "from.", "to.", "not"])];
}

function labelNames({ nodes }: TopologyGraph): string[] {
  const names = new Set<string>();
  for (const { labels } of nodes) for (const name of Object.keys(labels)) names.add(name);
  // What would have to be quoted cannot be named.
  return [...names].filter((name) => /^[\w./-]+$/u.test(name)).sort();
}

function valuesAfter(tokens: readonly Token[], searched: Searched): readonly string[] {
  const [name, sign] = tokens.slice(-2);
  const operand = name?.what === "word" && sign?.what === "comparison" ? operandOf(name.text) : undefined;
  if (!operand) return [];
  if (operand.dimension === "text") return valuesOf(operand, searched);
  const [unit = ""] = Object.keys(units[operand.dimension]);
  const examples = { share: ["1", "5", "50"], seconds: ["100", "500", "1000"], rps: ["1", "10"], bytes: ["1", "100"] };
  return examples[operand.dimension].map((number) => `${number}${unit.replace("kb/s", "kB/s")}`);
}

/** All values in the graph, the most frequent first. */
function valuesOf(operand: Operand, searched: Searched): string[] {
  if (operand.dimension !== "text") return [];
  const { graph } = searched;
  const counts = new Map<string, number>();
  const note = (values: readonly string[] | undefined): void => {
    for (const value of values ?? []) if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
  };
  if (operand.node) for (const index of graph.nodes.keys()) note(operand.node(searched, index));
  // What edges have from their ends was counted there.
  else if (operand.edge) for (const index of graph.edges.keys()) note(operand.edge(searched, index));
  const sorted = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1));
  return sorted.map(([value]) => quotedIfNeeded(value));
}

function quotedIfNeeded(value: string): string {
  const { tokens, error } = tokensOf(value);
  const [only] = tokens;
  if (!error && tokens.length === 1 && only?.what === "word") return value;
  return `"${value.replace(/["\\]/gu, "\\$&")}"`;
}
