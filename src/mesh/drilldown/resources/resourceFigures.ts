import { say, type Message } from "../../message.ts";
import type { Unit } from "../../telemetry/levels/levelTelemetry.ts";
import type { Figure } from "../level.ts";
import type { Bounds } from "./podSpec.ts";
import { sumOf, type PodUse, type ResourceReading } from "./readResources.ts";

const proxy = "istio-proxy";

/** CPU and memory of some pods together, against what they may take; what their proxies take of it. */
export function resourceFigures(uses: readonly PodUse[], bounds: Bounds, reading: ResourceReading): readonly Figure[] {
  const { origin, why = say("Not all of its pods and containers are told") } = reading;
  const figure = (id: string, title: Message, value: number, unit: Unit): Figure => {
    return {
      id,
      title,
      value,
      unit,
      why: Number.isNaN(value) ? why : undefined,
      origin: Number.isNaN(value) ? undefined : origin,
    };
  };
  const bounded = (made: Figure, limit: number, request: number): Figure => ({
    ...made,
    ...(Number.isNaN(limit) ? {} : { limit }),
    ...(Number.isNaN(request) ? {} : { request }),
  });
  const throttled = uses.map(({ throttledShare }) => throttledShare).filter((share) => !Number.isNaN(share));
  const cores = figure("cpu", say("CPU"), sumOf(uses.map((use) => use.cores)), "cores");
  const memory = figure("memory", say("Memory"), sumOf(uses.map((use) => use.memoryBytes)), "bytes");
  return [
    bounded(cores, bounds.cpuLimit, bounds.cpuRequest),
    bounded(memory, bounds.memoryLimit, bounds.memoryRequest),
    ...(throttled.length > 0 ? [figure("throttling", say("CPU held back"), Math.max(...throttled), "share")] : []),
    ...proxyFigures(uses, figure),
  ];
}

/** Nothing where pods have no proxy, or are nothing else. */
function proxyFigures(
  uses: readonly PodUse[],
  figure: (id: string, title: Message, value: number, unit: Unit) => Figure,
): readonly Figure[] {
  const proxies = uses.flatMap(({ containers }) => (containers.size > 1 ? (containers.get(proxy) ?? []) : []));
  if (proxies.length === 0) return [];
  return [
    figure("proxyCpu", say("CPU of the proxies"), sumOf(proxies.map(({ cores }) => cores)), "cores"),
    figure("proxyMemory", say("Memory of the proxies"), sumOf(proxies.map(({ memoryBytes }) => memoryBytes)), "bytes"),
  ];
}
