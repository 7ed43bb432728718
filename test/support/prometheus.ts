import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./freePort.ts";
import { missing } from "./goBuild.ts";
import { findOnPath, queryEngine, scrapeConfig, type EngineOptions, type MetricsEngine } from "./metricsEngine.ts";
import { startProgram } from "./startProgram.ts";

export interface PrometheusOptions extends EngineOptions {
  /** `--web.external-url`, where it differs from where it listens. */
  readonly externalUrl?: string;
  /** Prometheus' web configuration: `basic_auth_users`, `tls_server_config`. */
  readonly webConfig?: object;
}

/** For `basic_auth_users`: what bcrypt makes of the password "secret". */
export const hashOfSecret = "$2a$04$DG.OzNjUMhMZkMNcMz8EJeSYaKIN8mM3vTUOH95y05q5EY8UXimzC";

/** Why there is no Prometheus here, for node:test's `skip`. */
export function prometheusSkip(): string | false {
  if (findOnPath("prometheus") !== undefined) return false;
  return missing("Prometheus is not installed (Debian's package `prometheus`).").skip;
}

/** Starts the Prometheus that is installed, with an empty storage, and waits until it answers. */
export async function startPrometheus(options: PrometheusOptions): Promise<MetricsEngine> {
  const command = findOnPath("prometheus");
  if (command === undefined) throw new Error("Prometheus is not installed.");
  const folder = await mkdtemp(path.join(tmpdir(), "foreyard-prometheus-"));
  const { port = await freePort(), pathPrefix = "", externalUrl, webConfig, flags = [] } = options;
  await writeFile(path.join(folder, "prometheus.yml"), scrapeConfig(options));
  if (webConfig) await writeFile(path.join(folder, "web.yml"), JSON.stringify(webConfig));
  const program = startProgram({
    command,
    args: [
      "--config.file=prometheus.yml",
      "--storage.tsdb.path=data",
      `--web.listen-address=127.0.0.1:${port}`,
      ...(pathPrefix === "" ? [] : [`--web.route-prefix=${pathPrefix}`]),
      ...(externalUrl === undefined ? [] : [`--web.external-url=${externalUrl}`]),
      ...(webConfig ? ["--web.config.file=web.yml"] : []),
      ...flags,
    ],
    cwd: folder,
    logFile: path.join(folder, "log"),
  });
  const stop = async () => {
    await program.end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // Its own word, because with a web configuration /-/ready wants credentials.
    await program.ready(async () => (await readFile(program.logFile, "utf8")).includes("Server is ready"));
  } catch (error) {
    await stop();
    throw error;
  }
  const scheme = webConfig && "tls_server_config" in webConfig ? "https" : "http";
  const url = `${scheme}://127.0.0.1:${port}${pathPrefix}`;
  return { url, port, stop, query: (promql, headers) => queryEngine(url, promql, headers) };
}
