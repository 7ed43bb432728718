import process from "node:process";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import { MeshError } from "../mesh/meshError.ts";
import { say } from "../mesh/message.ts";
import type { Log, TelemetrySource } from "../mesh/ports.ts";
import type { Capabilities } from "../mesh/telemetry/capabilities.ts";
import type { TopologyInput } from "../mesh/topology/reading/topologyReading.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { GraphCommand } from "./commandLine.ts";
import { openMesh } from "./openMesh.ts";
import { limitSeconds, readMesh } from "./readMesh.ts";
import type { Terminal } from "./terminal.ts";

/** What a graph is read from. Whatever is open is closed by `dispose`, not before the graph is read. */
export interface GraphInput {
  readonly input: TopologyInput;
  /** False where the time was up before everything was read. */
  readonly isInTime: boolean;
  dispose(): void;
}

/** Clusters with their stores, or stores alone; then no cluster is contacted. */
export async function openGraphInput(
  command: GraphCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<GraphInput> {
  if (command.bareStores.length > 0) return openStores(command.bareStores, log, signal);
  const live = await openMesh(command, terminal, log);
  try {
    const isInTime = await readMesh(live, signal, (limit) => live.readConfig(limit));
    return inputOf(live, isInTime);
  } catch (e) {
    live.dispose();
    throw e;
  }
}

function inputOf(live: LiveMesh, isInTime: boolean): GraphInput {
  return { input: live.topology(), isInTime, dispose: () => live.dispose() };
}

async function openStores(addresses: readonly string[], log: Log, signal: AbortSignal): Promise<GraphInput> {
  const { openPrometheus } = await import("../sources/prometheus/findPrometheus.ts");
  const token = process.env["FOREYARD_PROMETHEUS_TOKEN"];
  const credentials = token ? { credentials: { bearer: token } } : {};
  const sources = addresses.map((url) => openPrometheus({ url, ...credentials }, { log, clock: systemClock }));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitSeconds * 1000)]);
  const stores = await Promise.all(
    sources.map(async (source) => {
      const capabilities = await capabilitiesOf(source, limit, signal);
      return { source, capabilities, cluster: undefined, status: undefined };
    }),
  );
  return {
    input: { stores, facts: undefined },
    isInTime: true,
    dispose: () => {
      for (const source of sources) source.dispose();
    },
  };
}

/** undefined where the store does not tell; that it fails is said when it is asked for the graph. */
async function capabilitiesOf(
  source: TelemetrySource,
  limit: AbortSignal,
  signal: AbortSignal,
): Promise<Capabilities | undefined> {
  try {
    return await source.capabilities(limit);
  } catch (e) {
    signal.throwIfAborted();
    if (MeshError.is(e) || limit.aborted) return undefined;
    throw e;
  }
}

export function tooLate(): MeshError {
  return new MeshError(
    "timeout",
    say("Not everything was read within {0} seconds; nodes may be missing", limitSeconds),
  );
}
