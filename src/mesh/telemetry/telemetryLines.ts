import type { Format } from "../format/format.ts";
import { say, type Message } from "../message.ts";
import type { Capabilities, Capability } from "./capabilities.ts";

/** One line of what a metrics store holds, for people. */
export interface TelemetryLine {
  readonly id: string;
  readonly name: Message;
  readonly value: Message;
  /** Series and labels that were looked for; empty where the line is no yes or no. */
  readonly lookedFor: readonly string[];
}

/** What is there and what is not, one line each, with the names looked for where it is not. */
export function telemetryLines(capabilities: Capabilities, format: Format): readonly TelemetryLine[] {
  const { scrapeIntervalSeconds, retentionSeconds, engine, latencyUnits, clusterIds } = capabilities;
  const lines = [
    yesOrNo("http", say("HTTP and gRPC"), capabilities.http),
    yesOrNo("tcp", say("TCP"), capabilities.tcp),
    yesOrNo("latency", say("Latency"), capabilities.latency, latencyUnits.join(", ")),
    yesOrNo("clusterLabels", say("Cluster labels"), capabilities.clusterLabels, clusterIds.join(", ")),
    yesOrNo("responseFlags", say("Response flags"), capabilities.responseFlags),
    yesOrNo("kubeStateMetrics", say("kube-state-metrics"), capabilities.kubeStateMetrics),
    yesOrNo("cadvisor", say("cAdvisor"), capabilities.cadvisor),
    yesOrNo("nodeExporter", say("node-exporter"), capabilities.nodeExporter),
    told("scrapeInterval", say("Scrape interval"), seconds(scrapeIntervalSeconds, format)),
    told("retention", say("Retention"), seconds(retentionSeconds, format)),
    told("engine", say("Engine"), engine),
  ];
  for (const [index, { component, tag }] of capabilities.builds.entries()) {
    lines.push(told(`build${index}`, say("Build of {0}", component), tag));
  }
  for (const [index, warning] of capabilities.warnings.entries()) {
    lines.push(told(`warning${index}`, say("Warning"), warning));
  }
  return lines;
}

function yesOrNo(id: string, name: Message, { present, lookedFor }: Capability, detail = ""): TelemetryLine {
  const yes = detail === "" ? say("yes") : say("yes: {0}", detail);
  const no = lookedFor.length > 0 ? say("no, looked for {0}", lookedFor.join(", ")) : say("no");
  return { id, name, value: present ? yes : no, lookedFor };
}

function told(id: string, name: Message, text: string | undefined): TelemetryLine {
  return { id, name, value: text === undefined ? say("unknown") : say("{0}", text), lookedFor: [] };
}

function seconds(value: number | undefined, format: Format): string | undefined {
  return value === undefined ? undefined : format.duration(value);
}
