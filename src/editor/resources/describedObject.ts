import type { KubeObject } from "../../mesh/model/kubeObject.ts";
import { fieldsOf, fieldsAt, textAt, countAt } from "../../mesh/model/fields.ts";

// An object and its events as lines, in the manner of `kubectl describe` for a kind that it has no form of its own for.

export interface Described {
  readonly context: string;
  readonly object: KubeObject;
  /** Newest first; undefined where they may not be read. */
  readonly events: readonly KubeObject[] | undefined;
  /** What stands where there are no events, and where they could not be read. */
  readonly noEvents: string;
}

const widestName = 24;

export function describedObject({ context, object, events, noEvents }: Described): string {
  const { apiVersion, kind, metadata, ...body } = object;
  const { name, namespace, labels, annotations, creationTimestamp, deletionTimestamp, ownerReferences = [] } = metadata;
  const lines = [
    line("Context", context),
    line("Name", name),
    ...(namespace === undefined ? [] : [line("Namespace", namespace)]),
    line("Kind", `${kind} (${apiVersion})`),
    ...(creationTimestamp === undefined ? [] : [line("Created", creationTimestamp)]),
    ...(deletionTimestamp === undefined ? [] : [line("Being deleted", deletionTimestamp)]),
    ...ownerReferences.map((owner) => line("Controlled by", `${owner.kind}/${owner.name}`)),
    ...map("Labels", labels),
    ...map("Annotations", annotations),
    ...Object.entries(body).flatMap(([field, value]) => described(field, value, "")),
    "Events:",
    ...(events && events.length > 0 ? eventLines(events) : [`  ${noEvents}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function line(name: string, value: string): string {
  return `${`${name}:`.padEnd(widestName)}${value}`;
}

function map(name: string, values: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(values).map(([key, value], i) => {
    const [first = "", ...others] = `${key}=${value}`.split("\n");
    const rest = others.map((each) => " ".repeat(widestName) + each);
    return [i === 0 ? line(name, first) : " ".repeat(widestName) + first, ...rest].join("\n");
  });
}

/** "lastTransitionTime" reads "Last Transition Time", as kubectl writes it. */
function titleOf(field: string): string {
  const words = field.replace(/([a-z0-9])([A-Z])/g, "$1 $2").replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function described(field: string, value: unknown, indent: string): readonly string[] {
  // Keys of maps (labels, resource names) are names, not words.
  const title = /^[a-z][a-zA-Z0-9]*$/.test(field) ? titleOf(field) : field;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    if (items.length === 0) return [];
    return [`${indent}${title}:`, ...items.flatMap((item) => itemLines(item, `${indent}  `))];
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    if (entries.length === 0) return [];
    return [`${indent}${title}:`, ...entries.flatMap(([key, part]) => described(key, part, `${indent}  `))];
  }
  if (value === undefined || value === null) return [];
  return textLines(`${indent}${title}:`.padEnd(Math.max(widestName, indent.length + title.length + 2)), value, indent);
}

function itemLines(item: unknown, indent: string): readonly string[] {
  if (typeof item !== "object" || item === null) return textLines(indent, item, indent);
  const [first = "", ...rest] = Object.entries(item).flatMap(([key, part]) => described(key, part, `${indent}  `));
  return first === "" ? [] : [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

function textLines(head: string, value: unknown, indent: string): readonly string[] {
  const [first = "", ...rest] = String(value).split("\n");
  return [`${head}${first}`, ...rest.map((each) => `${indent}    ${each}`)];
}

function eventLines(events: readonly KubeObject[]): readonly string[] {
  const rows = events.map((event) => {
    const source = textAt(event, "reportingComponent") ?? textAt(fieldsAt(event, "source"), "component") ?? "";
    const count = countAt(event, "count") ?? countAt(fieldsAt(event, "series"), "count") ?? 1;
    return [
      whenOf(event),
      textAt(event, "type") ?? "",
      textAt(event, "reason") ?? "",
      count > 1 ? `${source} ×${count}` : source,
      (textAt(event, "message") ?? textAt(event, "note") ?? "").replaceAll(/\s+/g, " "),
    ];
  });
  const widths = [0, 1, 2, 3].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)) + 2);
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("")}`.trimEnd());
}

/** core/v1 and events.k8s.io/v1 tell it by different fields. */
function whenOf(event: KubeObject): string {
  const series = fieldsAt(event, "series");
  const times = [textAt(series, "lastObservedTime"), textAt(event, "lastTimestamp"), textAt(event, "eventTime")];
  return times.find((time) => time !== undefined) ?? textAt(fieldsOf(event.metadata), "creationTimestamp") ?? "";
}
