import { findCause, type CauseSearch } from "../mesh/drilldown/findCause.ts";
import type { DrilldownInput } from "../mesh/drilldown/drilldownInput.ts";
import { levelIndexOf, type LevelIndex } from "../mesh/drilldown/levelIndex.ts";
import type { LevelPath } from "../mesh/drilldown/level.ts";
import { isTrouble } from "../mesh/health/verdict.ts";
import { MeshError } from "../mesh/meshError.ts";
import { fill, say } from "../mesh/message.ts";
import type { ObjectRef } from "../mesh/model/refs.ts";
import type { Log } from "../mesh/ports.ts";
import type { DrilldownCommand } from "./commandLine.ts";
import { openMesh } from "./openMesh.ts";
import { readMesh } from "./readMesh.ts";
import type { Terminal } from "./terminal.ts";

/** Prints the way from a service down its first suspects. The exit code: 0, or 1 where a context or its numbers failed. */
export async function drilldownCommand(
  command: DrilldownCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const { where, namespace, windowSeconds, format } = command;
  const live = await openMesh({ where, namespaces: [namespace], windowSeconds }, terminal, log);
  try {
    live.drilldown();
    const isInTime = await readMesh(live, signal, (limit) => live.readConfig(limit));
    const input = live.drilldown();
    const failed = live.clusters.filter(({ error, telemetry }) => error ?? telemetry.error);
    for (const { error, telemetry, context } of failed) {
      const told = error ?? telemetry.error;
      if (told) terminal.fail(told, context);
    }
    const path = startOf(input, command);
    const search = await findCause(input, path, { windowSeconds, atMillis: undefined, signal });
    const text = format === "json" ? jsonOf(levelIndexOf(input), search) : textOf(command, search);
    await terminal.print(text);
    return failed.length > 0 || !isInTime ? 1 : 0;
  } finally {
    live.dispose();
  }
}

function startOf(input: DrilldownInput, { namespace, service }: DrilldownCommand): LevelPath {
  const found = input.services.find(({ ref }) => ref.namespace === namespace && ref.name === service);
  if (found) return [{ level: "meshService", ref: { ...found.ref, cluster: "" } }];
  const names = [...new Set(input.services.map(({ ref }) => `${ref.namespace}/${ref.name}`))];
  const near = names.filter((name) => name.endsWith(`/${service}`) || name.startsWith(`${namespace}/`)).sort();
  throw new MeshError("not-found", say("There is no service {0} in namespace {1}", service, namespace), {
    ...(near.length > 0 ? { hint: say("There are: {0}", near.slice(0, 12).join(", ")) } : {}),
  });
}

function jsonOf(index: LevelIndex, { levels, suspects, cause }: CauseSearch): string {
  const refOf = (ref: ObjectRef) => ({
    cluster: ref.cluster === "" ? null : (index.cluster(ref.cluster)?.clusterId ?? index.contextOf(ref.cluster)),
    context: ref.cluster === "" ? null : index.contextOf(ref.cluster),
    group: ref.group,
    kind: ref.kind,
    namespace: ref.namespace,
    name: ref.name,
  });
  const answer = {
    levels: levels.map(({ at, state, reasons }) => ({
      level: at.level,
      ref: refOf(at.ref),
      health: state,
      reasons: reasons.map(({ words }) => fill(words)),
    })),
    suspects: suspects.map(({ level, ref, share, reason }) => ({
      level,
      ref: refOf(ref),
      share,
      reason: fill(reason),
    })),
    cause: cause ? { level: cause.level, ref: refOf(cause.ref), reason: fill(cause.reason) } : null,
  };
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}

function textOf({ namespace, service }: DrilldownCommand, { levels, cause }: CauseSearch): string {
  const lines = levels.map(({ at, title, state, reasons }, i) => {
    const [first] = reasons;
    return `${"  ".repeat(i)}${at.level} ${title}: ${state}${first ? `. ${fill(first.words)}` : ""}`;
  });
  const end = cause
    ? fill(say("Cause: {0} {1}. {2}", cause.ref.kind, cause.ref.name, fill(cause.reason)))
    : levels.some(({ state }) => isTrouble(state))
      ? fill(say("No single cause explains most of what is wrong with {0}/{1}.", namespace, service))
      : fill(say("Nothing is wrong with {0}/{1}.", namespace, service));
  return `${[...lines, "", end].join("\n")}\n`;
}
