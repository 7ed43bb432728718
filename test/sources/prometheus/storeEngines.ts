import type { EngineOptions, MetricsEngine } from "../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import { startVictoriaMetrics, victoriaMetricsSkip } from "../../support/victoriaMetrics.ts";

export const engines: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly start: (options: EngineOptions) => Promise<MetricsEngine>;
}[] = [
  { name: "Prometheus", skip: prometheusSkip(), start: startPrometheus },
  { name: "VictoriaMetrics", skip: await victoriaMetricsSkip(), start: startVictoriaMetrics },
];
