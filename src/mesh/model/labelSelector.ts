import { fieldsAt, listAt, textAt, textMapAt, textsAt } from "./fields.ts";

type Labels = Readonly<Record<string, string>>;

export interface SelectorTerm {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values: readonly string[];
}

/** metav1.LabelSelector as terms that must all hold; no terms match everything. */
export interface LabelSelector {
  readonly terms: readonly SelectorTerm[];
  /** An operator nobody knows: the API server would refuse it, and it matches nothing. */
  readonly isValid: boolean;
}

const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

/** Reads a metav1.LabelSelector; absent reads as one that matches everything, as webhooks mean it. */
export function parseLabelSelector(value: unknown): LabelSelector {
  const terms: SelectorTerm[] = Object.entries(textMapAt(value, "matchLabels")).map(([key, text]) => ({
    key,
    operator: "In",
    values: [text],
  }));
  let isValid = Object.keys(fieldsAt(value, "matchLabels")).length === terms.length;
  for (const expression of listAt(value, "matchExpressions")) {
    const key = textAt(expression, "key");
    const operator = operators.find((name) => name === textAt(expression, "operator"));
    if (key === undefined || operator === undefined) isValid = false;
    else terms.push({ key, operator, values: textsAt(expression, "values") });
  }
  return { terms, isValid };
}

export function matchesSelector(selector: LabelSelector, labels: Labels): boolean {
  return selector.isValid && selector.terms.every((term) => holds(term, labels));
}

function holds(term: SelectorTerm, labels: Labels): boolean {
  const value = Object.hasOwn(labels, term.key) ? labels[term.key] : undefined;
  switch (term.operator) {
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    case "In":
      return value !== undefined && term.values.includes(value);
    case "NotIn":
      // Kubernetes: NotIn also matches what has no such label.
      return value === undefined || !term.values.includes(value);
  }
}

/** True if the labels hold every pair, as a Service's selector asks. */
export function hasLabels(labels: Labels, pairs: Labels): boolean {
  return Object.entries(pairs).every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
