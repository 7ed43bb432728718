import type { Format } from "../../format/format.ts";
import type { TelemetryStatus } from "../../live/liveMesh.ts";
import { fill, say, type Message } from "../../message.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { Capabilities, Dialect } from "../../telemetry/capabilities.ts";
import { telemetryLines } from "../../telemetry/telemetryLines.ts";
import type { Row } from "../trees/lazyTree.ts";
import type { ClusterFeed } from "../explorerInput.ts";
import type { Fact, NodeState } from "../node.ts";
import { childId } from "../trees/nodeId.ts";
import { firstThree, plainly } from "./rowFacts.ts";
import type { ExplorerWorld } from "../world.ts";

/** Where the numbers of a cluster come from and what is there; or what was tried when nothing was found. */
export function telemetryRow(cluster: ClusterKey, parentId: string, world: ExplorerWorld): Row {
  const id = childId(parentId, "telemetry");
  const feed = world.feedOf(cluster);
  const telemetry = feed?.status.telemetry;
  const { measuredAt } = telemetry ?? {};
  const holes = holesIn(feed);
  const isStale = telemetry?.state !== "ready" && measuredAt !== undefined;
  return {
    node: {
      id,
      parentId,
      kind: "telemetry",
      label: say("Telemetry"),
      facts: telemetry ? firstThree(telemetryFacts(telemetry, world.format)) : [say("not looked for yet")],
      state: stateOf(telemetry, holes),
      ...(isStale && { staleSince: measuredAt }),
      tokens: ["fy.telemetry"],
      hasChildren: holes.length > 0 || (telemetry !== undefined && hasChildren(telemetry)),
    },
    open: () => {
      const now = world.feedOf(cluster);
      if (!now) return [];
      return [...holeRows(holesIn(now), id), ...telemetryChildren(now.status.telemetry, id, world.format)];
    },
    facts: () => {
      const now = world.feedOf(cluster);
      if (!now) return [];
      const incomplete = holesIn(now).map((value) => ({ name: say("Incomplete"), value }));
      return [...incomplete, ...telemetryTooltip(now.status.telemetry, world)];
    },
  };
}

/** What the last answer left out: questions that failed, and what the store itself warns of. */
function holesIn(feed: ClusterFeed | undefined): readonly Message[] {
  const { missing = [], warnings = [] } = feed?.summaries ?? {};
  const failed = missing.filter(({ isAbsent }) => !isAbsent);
  return [...failed.map(({ what, why }) => say("{0}: {1}", fill(what), fill(why))), ...warnings.map(plainly)];
}

function stateOf(telemetry: TelemetryStatus | undefined, holes: readonly Message[]): NodeState | undefined {
  if (telemetry?.state === "none") return "unknown";
  return telemetry?.state === "error" || holes.length > 0 ? "degraded" : undefined;
}

function holeRows(holes: readonly Message[], parentId: string): readonly Row[] {
  return holes.map((words, index) => ({
    node: {
      ...leaf(parentId, "hole", String(index)),
      kind: "failure",
      label: words,
      facts: [say("the numbers are incomplete")],
      tokens: ["fy.failure"],
    },
    facts: () => [{ name: say("Incomplete"), value: words }],
  }));
}

/** Istio's own names for its generations of telemetry. */
export function dialectName(dialect: Dialect): string {
  return { v1: "V1", v2: "V2", ambient: "ambient" }[dialect];
}

function telemetryFacts(telemetry: TelemetryStatus, format: Format): readonly Message[] {
  const { state, sourceLabel, capabilities, error } = telemetry;
  if (state === "none") return [say("no metrics source found")];
  const source = sourceLabel === undefined ? [] : [plainly(sourceLabel)];
  if (state === "error") return [...source, error ? plainWords(error.kind) : say("does not answer")];
  if (!capabilities) return [...source, say("not asked yet")];
  const { scrapeIntervalSeconds, dialects } = capabilities;
  return [
    ...source,
    ...(scrapeIntervalSeconds === undefined ? [] : [plainly(format.duration(scrapeIntervalSeconds))]),
    dialects.length > 0 ? plainly(dialects.map(dialectName).join(", ")) : say("no metrics of Istio"),
  ];
}

function plainWords(kind: string): Message {
  switch (kind) {
    case "unauthorized":
      return say("refuses the credentials");
    case "forbidden":
      return say("forbidden");
    case "timeout":
      return say("does not answer in time");
    default:
      return say("does not answer");
  }
}

function hasChildren({ capabilities, steps, error, state }: TelemetryStatus): boolean {
  return capabilities !== undefined || error !== undefined || (state !== "ready" && steps.length > 0);
}

function telemetryChildren(telemetry: TelemetryStatus, parentId: string, format: Format): readonly Row[] {
  const { capabilities, steps, error, state } = telemetry;
  const failure: readonly Row[] = error
    ? [
        {
          node: { ...leaf(parentId, "error"), kind: "failure", label: error.words, facts: [], tokens: ["fy.failure"] },
          facts: () => [
            { name: say("Failed"), value: error.words },
            ...(error.hint ? [{ name: say("What to do"), value: error.hint }] : []),
          ],
        },
      ]
    : [];
  const tried = state === "ready" ? [] : steps.map((step, i): Row => stepRow(step, parentId, i));
  return [...failure, ...tried, ...(capabilities ? capabilityRows(capabilities, parentId, format) : [])];
}

function stepRow(step: TelemetryStatus["steps"][number], parentId: string, index: number): Row {
  return {
    node: {
      ...leaf(parentId, "step", String(index)),
      kind: "step",
      label: step.tried,
      facts: [step.answer],
      tokens: ["fy.step"],
    },
    facts: () => [
      { name: say("Tried"), value: step.tried },
      { name: say("Answer"), value: step.answer },
    ],
  };
}

function capabilityRows(capabilities: Capabilities, parentId: string, format: Format): readonly Row[] {
  return telemetryLines(capabilities, format).map(({ id, name, value, lookedFor }): Row => ({
    node: {
      ...leaf(parentId, "capability", id),
      kind: "capability",
      label: name,
      facts: [value],
      tokens: ["fy.capability"],
    },
    facts: () => [
      { name, value },
      ...(lookedFor.length > 0 ? [{ name: say("Looked for"), value: plainly(lookedFor.join(", ")) }] : []),
    ],
  }));
}

function leaf(parentId: string, ...part: readonly string[]) {
  return { id: childId(parentId, ...part), parentId, state: undefined, hasChildren: false } as const;
}

function telemetryTooltip(telemetry: TelemetryStatus, world: ExplorerWorld): readonly Fact[] {
  const { sourceLabel, capabilities, error, measuredAt, steps, state, provenance } = telemetry;
  const facts: Fact[] = [];
  if (sourceLabel !== undefined) facts.push({ name: say("Source"), value: plainly(sourceLabel) });
  if (error) facts.push({ name: say("Failed"), value: error.words });
  if (error?.hint) facts.push({ name: say("What to do"), value: error.hint });
  if (measuredAt !== undefined) {
    facts.push({ name: say("Measured"), value: world.format.ago(world.nowMillis - measuredAt), atMillis: measuredAt });
  }
  const [asked] = provenance;
  if (asked) facts.push({ name: say("Window"), value: say("last {0}", world.format.duration(asked.windowSeconds)) });
  if (capabilities) {
    for (const { name, value } of telemetryLines(capabilities, world.format)) facts.push({ name, value });
  }
  if (state !== "ready") for (const { tried, answer } of steps) facts.push({ name: tried, value: answer });
  return facts;
}
