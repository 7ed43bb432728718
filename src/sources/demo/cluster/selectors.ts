import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { KubeObject } from "../../../mesh/model/kubeObject.ts";

export type Matches = (object: KubeObject) => boolean;

const everything = () => true;

/** Kubernetes' label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, joined by commas. */
export function labelMatcher(selector: string | undefined): (labels: Labels | undefined) => boolean {
  if (!selector) return everything;
  const tests = splitOutsideParentheses(selector).map((part) => labelTest(part.trim(), selector));
  return (labels) => tests.every((test) => test(labels ?? {}));
}

type Labels = Readonly<Record<string, string>>;

function labelTest(part: string, selector: string): (labels: Labels) => boolean {
  const set = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^()]*)\)$/.exec(part);
  if (set) {
    const [, key = "", word, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    return (labels) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      const isIn = value !== undefined && values.has(value);
      return word === "in" ? isIn : !isIn;
    };
  }
  const pair = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/.exec(part);
  if (pair) {
    const [, key = "", sign, wanted = ""] = pair;
    return (labels) => {
      const isEqual = Object.hasOwn(labels, key) && labels[key] === wanted;
      return sign === "!=" ? !isEqual : isEqual;
    };
  }
  const presence = /^(!?)\s*([^\s!=,()]+)$/.exec(part);
  if (!presence) throw unreadable(selector);
  const [, not, key = ""] = presence;
  return (labels) => Object.hasOwn(labels, key) !== (not === "!");
}

function splitOutsideParentheses(selector: string): string[] {
  return selector.split(/,(?![^(]*\))/);
}

/** The fields that Kubernetes selects by; pairs joined by commas. */
export function fieldMatcher(selector: string | undefined): Matches {
  if (!selector) return everything;
  const tests = selector.split(",").map((part): Matches => {
    const pair = /^\s*([\w.]+)\s*(==|=|!=)\s*(.*?)\s*$/.exec(part);
    if (!pair) throw unreadable(selector);
    const [, path = "", sign, wanted] = pair;
    if (!selectableFields.has(path)) throw unreadable(selector);
    return (object) => (fieldAt(object, path.split(".")) === wanted) !== (sign === "!=");
  });
  return (object) => tests.every((test) => test(object));
}

const eventFields = ["kind", "namespace", "name", "uid"].map((field) => `involvedObject.${field}`);
const selectableFields = new Set([
  "metadata.name",
  "metadata.namespace",
  "spec.nodeName",
  "status.phase",
  "type",
  ...eventFields,
]);

function fieldAt(value: unknown, path: readonly string[]): string {
  let at: unknown = value;
  for (const key of path) at = typeof at === "object" && at !== null ? (at as Record<string, unknown>)[key] : undefined;
  return typeof at === "string" ? at : "";
}

function unreadable(selector: string): MeshError {
  return new MeshError("invalid", say("The demo's API server cannot read the selector {0}.", selector));
}
