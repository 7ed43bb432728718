// PromQL as text. Expressions are strings; whatever comes from outside (names, label values) goes through a matcher,
// which escapes it. Label names and metric names are ours, or checked by isLabelName.

export interface Matcher {
  readonly label: string;
  readonly operator: "=" | "!=" | "=~" | "!~";
  readonly value: string;
}

export function equal(label: string, value: string): Matcher {
  return { label, operator: "=", value };
}

export function notEqual(label: string, value: string): Matcher {
  return { label, operator: "!=", value };
}

/** The label is one of these values, taken literally. Prometheus anchors matchers at both ends by itself. */
export function oneOf(label: string, values: readonly string[]): Matcher {
  return { label, operator: "=~", value: values.map(literalRegex).join("|") };
}

/** `pattern` is RE2 syntax, written by us. */
export function matches(label: string, pattern: string): Matcher {
  return { label, operator: "=~", value: pattern };
}

export function matchesNot(label: string, pattern: string): Matcher {
  return { label, operator: "!~", value: pattern };
}

/** A text as a regular expression (RE2) that matches exactly this text. */
export function literalRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** A double-quoted PromQL string: Go's escapes, so that no control character stands in the text as itself. */
export function quoted(text: string): string {
  const escaped = text.replace(/["\\]/g, "\\$&").replace(/\p{Cc}/gu, escapeControl);
  return `"${escaped}"`;
}

function escapeControl(character: string): string {
  if (character === "\n") return "\\n";
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

export function isLabelName(text: string): boolean {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(text) && !text.startsWith("__");
}

/** `metric{...}`; without a metric the matchers must name it. */
export function select(metric: string, matchers: readonly Matcher[]): string {
  return `${metric}{${matchers.map((m) => `${m.label}${m.operator}${quoted(m.value)}`).join(",")}}`;
}

/** Per second. `pin` may fix the time: " @ 1700000000". */
export function rate(selector: string, windowSeconds: number, pin = ""): string {
  return `rate(${selector}[${Math.max(1, Math.ceil(windowSeconds))}s]${pin})`;
}

export function sumBy(labels: readonly string[], expression: string): string {
  return `sum by (${labels.join(",")}) (${expression})`;
}

/** Only what is above zero. */
export function flowing(expression: string): string {
  return `(${expression} > 0)`;
}

export function countBy(labels: readonly string[], expression: string): string {
  return `count by (${labels.join(",")}) (${expression})`;
}

/** What is on the left, and of the right what has no partner there; partners agree on the labels `on`, or on all. */
export function either(left: string, right: string, on?: readonly string[]): string {
  return `(${left} or ${onLabels(on)}${right})`;
}

/** All of them; of what is the same in several, the first. Nested evenly, so that no series is compared too often. */
export function eitherOf(expressions: readonly string[]): string {
  if (expressions.length <= 1) return expressions.join("");
  const middle = Math.ceil(expressions.length / 2);
  return either(eitherOf(expressions.slice(0, middle)), eitherOf(expressions.slice(middle)));
}

export function without(left: string, right: string, on?: readonly string[]): string {
  return `(${left} unless ${onLabels(on)}${right})`;
}

export function both(left: string, right: string, on?: readonly string[]): string {
  return `(${left} and ${onLabels(on)}${right})`;
}

/** The same for partners that agree on all labels but these. */
export function eitherIgnoring(left: string, right: string, ignored: readonly string[]): string {
  return `(${left} or ${ignoring(ignored)}${right})`;
}

export function withoutIgnoring(left: string, right: string, ignored: readonly string[]): string {
  return `(${left} unless ${ignoring(ignored)}${right})`;
}

function ignoring(labels: readonly string[]): string {
  return labels.length > 0 ? `ignoring (${labels.join(",")}) ` : "";
}

function onLabels(labels: readonly string[] | undefined): string {
  return labels ? `on (${labels.join(",")}) ` : "";
}

export interface Relabelling {
  readonly to: string;
  readonly replacement: string;
  readonly from: string;
  readonly pattern: string;
}

/** Sets a label from another one where the pattern (RE2, anchored) matches; elsewhere the series stay as they are. */
export function relabel(expression: string, { to, replacement, from, pattern }: Relabelling): string {
  return `label_replace(${expression},${quoted(to)},${quoted(replacement)},${quoted(from)},${quoted(pattern)})`;
}

/** Adds a label with one value to every series. */
export function marked(expression: string, label: string, value: string): string {
  return relabel(expression, { to: label, replacement: value.replaceAll("$", "$$$$"), from: "", pattern: "" });
}
