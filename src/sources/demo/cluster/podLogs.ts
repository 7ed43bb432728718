import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { Clock, LogQuery } from "../../../mesh/ports.ts";
import type { World, WorkloadPlan } from "../world/blueprint.ts";
import { unit } from "../world/seed.ts";
import type { Making } from "../objects/making.ts";

export interface LogParts {
  readonly pod: KubeObject;
  readonly making: Making;
  readonly world: World;
  readonly clock: Clock;
}

const linePeriodMillis = 2000;
const defaultLines = 200;

/**
 * The lines of a container: access-log lines in Istio's default format for proxies. A line belongs to its time, so a
 * second reader sees the same ones. Follows by the clock until the signal ends it. `previous` gives those of the run
 * before the last restart, and is not found where there was none, as with a real kubelet.
 */
export async function* podLogs(
  parts: LogParts,
  query: LogQuery,
  signal: AbortSignal,
): AsyncGenerator<string, void, undefined> {
  const lineAt = writerOf(parts, query);
  const { clock, making } = parts;
  const run = runOf(parts, query);
  const sinceMillis = query.sinceTime === undefined ? making.startMillis : Date.parse(query.sinceTime);
  if (Number.isNaN(sinceMillis)) {
    throw new MeshError("invalid", say("The time {0} to read logs from is not a time.", query.sinceTime ?? ""));
  }
  const untilMillis = Math.min(clock.now(), run.endMillis ?? Infinity);
  let line = Math.floor(untilMillis / linePeriodMillis) + 1;
  const first = Math.ceil(Math.max(sinceMillis, making.startMillis, run.startMillis) / linePeriodMillis);
  const last = run.endMillis !== undefined && run.isOutOfMemory ? [lastWords(run.endMillis)] : [];
  const lines = (query.tailLines ?? defaultLines) - last.length;
  for (let i = Math.max(first, line - lines); i < line; i++) yield lineAt(i * linePeriodMillis);
  if (query.previous) {
    if (lines >= 0) yield* last;
    return;
  }
  while (query.follow) {
    await until(clock, line * linePeriodMillis, signal);
    yield lineAt(line * linePeriodMillis);
    line++;
  }
}

function lastWords(millis: number): string {
  return `${iso(millis)} ERROR java.lang.OutOfMemoryError: Java heap space, 100% used, giving up`;
}

interface Run {
  readonly startMillis: number;
  /** undefined: it still runs. */
  readonly endMillis: number | undefined;
  readonly isOutOfMemory: boolean;
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: { readonly running?: { readonly startedAt: string } };
  readonly lastState?: {
    readonly terminated?: { readonly startedAt: string; readonly finishedAt: string; readonly reason: string };
  };
}

/** The present run of a container, or the one before it, as the pod's status tells. */
function runOf({ pod }: LogParts, { container, previous }: LogQuery): Run {
  const { containerStatuses = [], initContainerStatuses = [] } = pod["status"] as Partial<
    Record<"containerStatuses" | "initContainerStatuses", ContainerStatus[]>
  >;
  const status = [...containerStatuses, ...initContainerStatuses].find(({ name }) => name === container);
  const before = status?.lastState?.terminated;
  if (previous) {
    const { name, namespace = "" } = pod.metadata;
    if (!before) {
      throw new MeshError(
        "not-found",
        say("Container {0} of pod {1}/{2} has not ended before.", container, namespace, name),
      );
    }
    return {
      startMillis: Date.parse(before.startedAt),
      endMillis: Date.parse(before.finishedAt),
      isOutOfMemory: before.reason === "OOMKilled",
    };
  }
  // Older runs' lines went with their containers.
  const startedAt = before && status.state?.running?.startedAt;
  return { startMillis: startedAt ? Date.parse(startedAt) : 0, endMillis: undefined, isOutOfMemory: false };
}

async function until(clock: Clock, millis: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const done = () => {
      timer.dispose();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = clock.after(Math.max(0, millis - clock.now()), done);
    signal.addEventListener("abort", done, { once: true });
  });
  signal.throwIfAborted();
}

function writerOf({ pod, making, world }: LogParts, query: LogQuery): (millis: number) => string {
  const spec = pod["spec"] as { containers?: { name: string }[]; initContainers?: { name: string }[] };
  const names = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ name }) => name);
  const { name, namespace = "", labels = {} } = pod.metadata;
  if (!names.includes(query.container)) {
    throw new MeshError("not-found", say("Pod {0}/{1} has no container {2}.", namespace, name, query.container));
  }
  const plan = world.workloads.find((candidate) => isPodOf(candidate, making.cluster.id, { namespace, labels }));
  const draw = (key: string, millis: number) => unit(`${name}/${key}/${millis}`, making.seed);
  const isSick = plan?.sickness !== undefined && isRestarted(pod);
  if (query.container === "istio-proxy") return (millis) => accessLine(millis, { plan, namespace, isSick, draw });
  if (isSick) {
    return (millis) =>
      draw("bad", millis) < 0.6
        ? `${iso(millis)} ERROR java.lang.OutOfMemoryError: Java heap space while rendering reviews`
        : `${iso(millis)} WARN  GC pause ${Math.round(400 + 1800 * draw("gc", millis))} ms, heap 98% used`;
  }
  return (millis) => `${iso(millis)} INFO  handled request in ${Math.round(2 + 40 * draw("ms", millis))} ms`;
}

function isPodOf(
  plan: WorkloadPlan,
  cluster: string,
  pod: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): boolean {
  const { namespace, labels } = pod;
  return (
    plan.cluster === cluster &&
    plan.namespace === namespace &&
    plan.app === labels["app"] &&
    plan.version === labels["version"]
  );
}

function isRestarted(pod: KubeObject): boolean {
  const status = pod["status"] as { containerStatuses?: { restartCount: number }[] };
  return (status.containerStatuses ?? []).some(({ restartCount }) => restartCount > 0);
}

interface Access {
  readonly plan: WorkloadPlan | undefined;
  readonly namespace: string;
  readonly isSick: boolean;
  readonly draw: (key: string, millis: number) => number;
}

const paths = ["/", "/api/v1/items?limit=20", "/api/v1/items/17", "/healthz"];

// Istio's default text format: time, request, code, flags, details, bytes, durations, caller, ids, upstream.
function accessLine(millis: number, { plan, namespace, isSick, draw }: Access): string {
  const failed = draw("code", millis) < (isSick ? 0.7 : (plan?.failingShare ?? 0));
  const code = failed ? (draw("gone", millis) < 0.15 ? 503 : 500) : 200;
  const isGone = code === 503;
  const took = Math.round((plan?.medianMillis ?? 5) * (0.5 + 2 * draw("took", millis)) * (isSick ? 7 : 1));
  const port = plan?.ports[0]?.port ?? 8080;
  const app = plan?.app ?? "unknown";
  const path = paths[Math.floor(draw("path", millis) * paths.length)] ?? "/";
  const id = Math.floor(draw("id", millis) * 0xffff_ffff)
    .toString(16)
    .padStart(8, "0");
  const flags = isGone ? "UC upstream_reset_before_response_started{connection_termination}" : "- via_upstream";
  const upstream = `127.0.0.6:${40_000 + Math.floor(draw("port", millis) * 20_000)}`;
  return [
    `[${new Date(millis).toISOString()}] "GET ${path} HTTP/1.1" ${code} ${flags} - "-"`,
    `0 ${isGone ? 95 : 1200 + Math.floor(2000 * draw("bytes", millis))} ${took} ${isGone ? "-" : took}`,
    `"-" "Go-http-client/1.1" "${id}-5b1c-4d52-9c1e-2f6f0c0a7b11" "${app}.${namespace}:${port}" "10.8.3.4:${port}"`,
    `inbound|${port}|| ${upstream} 10.8.3.4:${port} 10.8.1.9:52114 outbound_.${port}_._.${app}.${namespace}.svc.cluster.local default`,
  ].join(" ");
}

function iso(millis: number): string {
  return new Date(millis).toISOString();
}
