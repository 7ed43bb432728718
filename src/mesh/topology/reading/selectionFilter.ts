import type { Call, ClusterPlace, WorkloadEnd } from "../../telemetry/edges/calls.ts";
import type { LabelFilter } from "../../telemetry/edges/edgeAnswer.ts";
import type { EdgeLabel } from "../../telemetry/edges/edgeTable.ts";

/** More names than these are not put into a question; what else comes is left out afterwards. */
const mostNames = 100;

const unknown = ["unknown", ""];

interface FilterPart {
  readonly label: EdgeLabel;
  readonly valueOf: (call: Call) => string;
  /** Rows may lack it, or say "unknown", and be meant all the same. */
  readonly mayBeUnknown: boolean;
}

const sourceParts: readonly FilterPart[] = [
  { label: "source_workload_namespace", valueOf: ({ source }) => source.namespace, mayBeUnknown: false },
  { label: "source_workload", valueOf: ({ source }) => source.workload, mayBeUnknown: false },
];
const serviceParts: readonly FilterPart[] = [
  { label: "destination_service_namespace", valueOf: ({ service }) => service?.namespace ?? "", mayBeUnknown: true },
  { label: "destination_service_name", valueOf: ({ service }) => service?.name ?? "", mayBeUnknown: false },
];
const destinationParts: readonly FilterPart[] = [
  {
    label: "destination_workload_namespace",
    valueOf: ({ destination }) => destination?.namespace ?? "",
    mayBeUnknown: false,
  },
  { label: "destination_workload", valueOf: ({ destination }) => destination?.workload ?? "", mayBeUnknown: false },
];
const clusterParts: readonly FilterPart[] = [
  { label: "source_cluster", valueOf: ({ source }) => source.place.label, mayBeUnknown: true },
  {
    label: "destination_cluster",
    valueOf: ({ service, destination }) => (destination ?? service)?.place.label ?? "",
    mayBeUnknown: true,
  },
];

/** What to ask for these calls: all their rows, and as few others as labels can tell apart. */
export function selectionFilter(calls: readonly Call[]): readonly LabelFilter[] {
  return partsFor(calls).flatMap(({ label, valueOf, mayBeUnknown }): readonly LabelFilter[] => {
    const values = new Set(calls.map(valueOf));
    const needsUnknown = mayBeUnknown || values.has("unknown") || values.has("");
    const anyOf = [...new Set([...values, ...(needsUnknown ? unknown : [])])].sort();
    return anyOf.length > mostNames ? [] : [{ label, anyOf }];
  });
}

// Bytes name no protocol in V1, and a caller that a waypoint stands before names that as its destination.
function partsFor(calls: readonly Call[]): readonly FilterPart[] {
  const allNamed = calls.every(({ service }) => service !== undefined && service.name !== "unknown");
  const allReached = calls.every(({ destination }) => destination !== undefined);
  return [...clusterParts, ...sourceParts, ...(allNamed ? serviceParts : []), ...(allReached ? destinationParts : [])];
}

/** Tells calls of a selection from others with other endings but the same ends. */
export class SelectedCalls {
  readonly #keys: ReadonlySet<string>;

  constructor(calls: readonly Call[]) {
    this.#keys = new Set(calls.map(endsKey));
  }

  has(call: Call): boolean {
    return this.#keys.has(endsKey(call));
  }
}

/**
 * Whether the filter lets exactly these calls through, so that a histogram of what it lets through is theirs. Judged by
 * all calls of the reading.
 */
export function isExact(filters: readonly LabelFilter[], selected: SelectedCalls, all: readonly Call[]): boolean {
  const parts = [...clusterParts, ...sourceParts, ...serviceParts, ...destinationParts].flatMap((part) => {
    const filter = filters.find(({ label }) => label === part.label);
    return filter ? [{ valueOf: part.valueOf, anyOf: new Set(filter.anyOf) }] : [];
  });
  return all.every((call) => {
    if (call.rps === 0 || selected.has(call)) return true;
    return parts.some(({ valueOf, anyOf }) => !anyOf.has(valueOf(call)));
  });
}

function endsKey({ source, service, destination, protocol }: Call): string {
  return JSON.stringify([
    ...workloadKey(source),
    ...(service ? [...placeKey(service.place), service.namespace, service.name] : [null]),
    ...(destination ? workloadKey(destination) : [null]),
    protocol,
  ]);
}

function workloadKey({ place, namespace, workload }: WorkloadEnd): readonly string[] {
  return [...placeKey(place), namespace, workload];
}

function placeKey({ label, key }: ClusterPlace): readonly string[] {
  return [label, key ?? ""];
}
