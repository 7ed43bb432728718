import { createFormat, type Format } from "../mesh/format/format.ts";
import { fill, say } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import { graphDot } from "../mesh/topology/export/graphDot.ts";
import { graphJson } from "../mesh/topology/export/graphJson.ts";
import { graphMermaid } from "../mesh/topology/export/graphMermaid.ts";
import type { GraphProblem, TopologyGraph } from "../mesh/topology/graph/graph.ts";
import { graphOf } from "../mesh/topology/graph/graphOf.ts";
import { readTopology } from "../mesh/topology/reading/readTopology.ts";
import type { TopologyReading } from "../mesh/topology/reading/topologyReading.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { GraphCommand } from "./commandLine.ts";
import { openGraphInput, tooLate, type GraphInput } from "./graphInput.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usageError.ts";

/** Prints who talks to whom and says what is missing. The exit code: 0, or 1 where a cluster or a store failed. */
export async function graphCommand(
  command: GraphCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  refuseFuture(command);
  const opened = await openGraphInput(command, terminal, log, signal);
  try {
    const reading = await read(command, opened, log, signal);
    const format = createFormat(terminal.locale);
    const graph = graphOf(reading, opened.input.facts, { withIdleNodes: true, format });
    await terminal.print(printed(command, graph, { problems: problemsOf(reading), format }));
    if (!opened.isInTime) terminal.fail(tooLate());
    return report(command, reading, terminal) || !opened.isInTime ? 1 : 0;
  } finally {
    opened.dispose();
  }
}

function read(
  { view, windowSeconds, atMillis, namespaces }: GraphCommand,
  { input }: GraphInput,
  log: Log,
  signal: AbortSignal,
): Promise<TopologyReading> {
  const query = {
    ...{ view, windowSeconds, atMillis, namespaces },
    isAligned: false,
    ambient: "total",
    withIdleEdges: false,
    withLatency: true,
  } as const;
  return readTopology(input, query, { clock: systemClock, log }, signal);
}

/** Clocks of machines differ by so much (milliseconds). */
const clockSlackMillis = 5000;

/** Nothing flowed yet. Throws a UsageError. */
function refuseFuture({ atMillis }: GraphCommand): void {
  if (atMillis !== undefined && atMillis > systemClock.now() + clockSlackMillis)
    throw new UsageError(say("--at {0} is in the future.", new Date(atMillis).toISOString()));
}

/** With why there is nothing to see: a program that reads the answer has no other word of it. */
function problemsOf({ problems, empty }: TopologyReading): readonly GraphProblem[] {
  if (!empty) return problems;
  const { cause, words, query } = empty;
  const isSilent = cause === "noTraffic" || cause === "shortWindow" || cause === "filtered";
  const asked = query === undefined ? {} : { query };
  return [
    ...problems,
    { id: `empty/${cause}`, words, ...asked, canRetry: true, severity: isSilent ? "info" : "warning" },
  ];
}

interface Printing {
  readonly problems: readonly GraphProblem[];
  readonly format: Format;
}

function printed(command: GraphCommand, graph: TopologyGraph, { problems, format }: Printing): string {
  switch (command.format) {
    case "json":
      return graphJson(graph, problems);
    case "mermaid":
      return graphMermaid(graph, format);
    case "dot":
      return graphDot(graph, format);
  }
}

/** Says on stderr what is missing; true where something failed. */
function report({ where }: GraphCommand, { problems, empty, stores }: TopologyReading, terminal: Terminal): boolean {
  for (const { words, hint } of problems) {
    terminal.note(hint ? say("{0}. {1}", fill(words).replace(/\.$/, ""), fill(hint)) : words);
  }
  if (empty) {
    terminal.note(empty.words);
    if (empty.query !== undefined) terminal.note(say("Asked: {0}", empty.query));
  }
  const lacksNamed = where.prometheus.size > 0 && stores.some(({ state }) => state === "none");
  return lacksNamed || problems.some(({ severity }) => severity === "error");
}
