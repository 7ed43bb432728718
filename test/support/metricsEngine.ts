import { accessSync, constants } from "node:fs";
import path from "node:path";

export interface ScrapeTarget {
  /** "127.0.0.1:8080" */
  readonly address: string;
  /** Target label `job`; "test" by default. */
  readonly job?: string;
  readonly metricsPath?: string;
  /** Added to everything that is scraped from it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Labels that the target gives itself, `instance` too, stay as they are. */
  readonly honorLabels?: boolean;
}

export interface EngineOptions {
  readonly targets: readonly ScrapeTarget[];
  /** 1 by default. */
  readonly scrapeIntervalSeconds?: number;
  /** "/some/path", under which everything is served. */
  readonly pathPrefix?: string;
  readonly port?: number;
  readonly flags?: readonly string[];
}

/** A real server with Prometheus' API. */
export interface MetricsEngine {
  /** With the path prefix, without a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** An instant query; fails with the server's words. Headers are for servers that ask for credentials. */
  readonly query: (promql: string, headers?: Readonly<Record<string, string>>) => Promise<readonly Sample[]>;
  readonly stop: () => Promise<void>;
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus' configuration file; JSON is YAML. One job for each target, because paths belong to jobs. */
export function scrapeConfig({ targets, scrapeIntervalSeconds = 1 }: EngineOptions): string {
  const every = `${scrapeIntervalSeconds}s`;
  return JSON.stringify({
    global: { scrape_interval: every, scrape_timeout: every },
    scrape_configs: targets.map(
      ({ address, job = "test", metricsPath = "/metrics", labels = {}, honorLabels = false }, index) => ({
        job_name: `target-${index}`,
        honor_labels: honorLabels,
        metrics_path: metricsPath,
        static_configs: [{ targets: [address], labels: { ...labels, job } }],
      }),
    ),
  });
}

export async function queryEngine(
  url: string,
  promql: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<readonly Sample[]> {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(promql)}`, { headers });
  const text = await response.text();
  if (!response.ok) throw new Error(`${promql}: ${response.status} ${text}`);
  const { data } = JSON.parse(text) as {
    data: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  return data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}

/** The file that a command's name stands for, or undefined where it is not installed. */
export function findOnPath(name: string): string | undefined {
  for (const folder of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue; // not in this folder
    }
  }
  return undefined;
}
