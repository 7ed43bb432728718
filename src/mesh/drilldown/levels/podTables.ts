import { MeshError } from "../../meshError.ts";
import { say, type Message } from "../../message.ts";
import { countAt, fieldsAt, listAt, textAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { Health } from "../../health/verdict.ts";
import { numberCell, numberColumn, stateCell, textCell, textColumn, timeCell, wordsCell } from "../cells.ts";
import type { LevelTable, TableRow } from "../level.ts";
import type { ContainerSpec } from "../resources/podSpec.ts";
import type { PodUse } from "../resources/readResources.ts";

/** Containers with their state, what ended them last, and what they take. */
export function containerTable(
  manifest: KubeObject | undefined,
  containers: readonly ContainerSpec[],
  use: PodUse,
): LevelTable {
  const status = fieldsAt(manifest, "status");
  const statuses = [...listAt(status, "initContainerStatuses"), ...listAt(status, "containerStatuses")];
  return {
    id: "containers",
    title: say("Containers"),
    columns: [
      textColumn("name", say("Name")),
      textColumn("state", say("State")),
      textColumn("image", say("Image")),
      numberColumn("restarts", say("Restarts")),
      textColumn("last", say("Last end")),
      numberColumn("cpu", say("CPU")),
      numberColumn("memory", say("Memory")),
      numberColumn("throttled", say("CPU held back")),
    ],
    rows: containers.map((spec) => {
      const one = statuses.find((candidate) => textAt(candidate, "name") === spec.name);
      const taken = use.containers.get(spec.name);
      return plainRow([
        textCell(spec.name),
        stateOf(one),
        textCell(spec.image),
        numberCell(countAt(one, "restartCount") ?? NaN, "count"),
        wordsCell(lastEnd(one, limitsOf(manifest, spec.name))),
        numberCell(taken?.cores ?? NaN, "cores", spec.cpuLimit),
        numberCell(taken?.memoryBytes ?? NaN, "bytes", spec.memoryLimit),
        numberCell(taken?.throttledShare ?? NaN, "share"),
      ]);
    }),
    why: manifest ? undefined : say("The pod cannot be read"),
  };
}

function limitsOf(manifest: KubeObject | undefined, name: string): unknown {
  const spec = fieldsAt(manifest, "spec");
  const all = [...listAt(spec, "containers"), ...listAt(spec, "initContainers")];
  return fieldsAt(
    all.find((candidate) => textAt(candidate, "name") === name),
    "resources",
  );
}

function stateOf(status: unknown) {
  const state = fieldsAt(status, "state");
  const waiting = textAt(fieldsAt(state, "waiting"), "reason");
  const ended = textAt(fieldsAt(state, "terminated"), "reason");
  if (waiting !== undefined) return stateCell("degraded", say("{0}", waiting));
  if (ended !== undefined) return stateCell(ended === "Completed" ? "idle" : "failing", say("{0}", ended));
  if (Object.keys(fieldsAt(state, "running")).length === 0) return stateCell("unknown", say("unknown"));
  const isReady = (status as { readonly ready?: unknown }).ready === true;
  return isReady ? stateCell("healthy", say("running")) : stateCell("degraded", say("running, not ready"));
}

function lastEnd(status: unknown, resources: unknown): Message {
  const ended = fieldsAt(fieldsAt(status, "lastState"), "terminated");
  const reason = textAt(ended, "reason");
  if (reason === undefined) return say("{0}", "");
  const at = textAt(ended, "finishedAt") ?? "";
  const limit = textAt(fieldsAt(resources, "limits"), "memory");
  return reason === "OOMKilled" && limit !== undefined
    ? say("{0} at a memory limit of {1}, {2}", reason, limit, at)
    : say("{0}, {1}", reason, at);
}

const goodIfFalse = /Pressure$|Unavailable$|^DisruptionTarget$/;

/** Conditions of a pod or a node; those that are not as they should be first. */
export function conditionTable(manifest: KubeObject | undefined): LevelTable {
  const conditions = listAt(fieldsAt(manifest, "status"), "conditions");
  const rows = conditions.map((condition) => {
    const [type, status] = [textAt(condition, "type") ?? "", textAt(condition, "status") ?? "Unknown"];
    const isGood = status === (goodIfFalse.test(type) ? "False" : "True");
    const state: Health = isGood ? "healthy" : status === "Unknown" ? "unknown" : "failing";
    return {
      isGood,
      row: plainRow([
        textCell(type),
        stateCell(state, say("{0}", status)),
        textCell(textAt(condition, "reason") ?? ""),
        textCell(textAt(condition, "message") ?? ""),
        timeCell(textAt(condition, "lastTransitionTime")),
      ]),
    };
  });
  return {
    id: "conditions",
    title: say("Conditions"),
    columns: [
      textColumn("type", say("Condition")),
      textColumn("status", say("Status")),
      textColumn("reason", say("Reason")),
      textColumn("message", say("Message")),
      textColumn("since", say("Since")),
    ],
    rows: rows.toSorted((a, b) => Number(a.isGood) - Number(b.isGood)).map(({ row }) => row),
    why: manifest ? undefined : say("It cannot be read"),
  };
}

export function eventTable(events: readonly KubeObject[] | MeshError): LevelTable {
  const known = MeshError.is(events) ? [] : events;
  return {
    id: "events",
    title: say("Events"),
    columns: [
      textColumn("when", say("When")),
      textColumn("type", say("Type")),
      textColumn("reason", say("Reason")),
      textColumn("message", say("Message")),
      numberColumn("count", say("Times")),
    ],
    rows: known.map((event) =>
      plainRow([
        timeCell(textAt(event, "lastTimestamp") ?? textAt(event, "eventTime") ?? event.metadata.creationTimestamp),
        textCell(textAt(event, "type") ?? ""),
        textCell(textAt(event, "reason") ?? ""),
        textCell(textAt(event, "message") ?? textAt(event, "note") ?? ""),
        numberCell(countAt(event, "count") ?? countAt(fieldsAt(event, "series"), "count") ?? 1, "count"),
      ]),
    ),
    why: MeshError.is(events) ? events.words : known.length === 0 ? say("No events of the last hour or so") : undefined,
  };
}

function plainRow(cells: TableRow["cells"]): TableRow {
  return { to: undefined, ref: undefined, cells, share: 0 };
}
