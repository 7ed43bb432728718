import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { freePort } from "./freePort.ts";
import { goBuild } from "./goBuild.ts";
import { queryEngine, scrapeConfig, type EngineOptions, type MetricsEngine } from "./metricsEngine.ts";
import { startProgram } from "./startProgram.ts";

export const victoriaMetricsModule = {
  name: "victoria-metrics",
  folder: new URL("./victoriametrics/", import.meta.url),
  target: "github.com/VictoriaMetrics/VictoriaMetrics/app/victoria-metrics",
  env: { CGO_ENABLED: "0" }, // its compression in pure Go, so that no C compiler is needed
};

/** Why there is no VictoriaMetrics here, for node:test's `skip`; builds it if need be. */
export async function victoriaMetricsSkip(): Promise<string | false> {
  return (await goBuild(victoriaMetricsModule)).skip;
}

/** Starts VictoriaMetrics with an empty storage and waits until it answers. */
export async function startVictoriaMetrics(options: EngineOptions): Promise<MetricsEngine> {
  const built = await goBuild(victoriaMetricsModule);
  if (built.skip !== false) throw new Error(built.skip);
  const folder = await mkdtemp(path.join(tmpdir(), "foreyard-victoria-metrics-"));
  const { port = await freePort(), pathPrefix = "", flags = [] } = options;
  await writeFile(path.join(folder, "scrape.yml"), scrapeConfig(options));
  const program = startProgram({
    command: built.binary,
    args: [
      "-promscrape.config=scrape.yml",
      "-storageDataPath=data",
      `-httpListenAddr=127.0.0.1:${port}`,
      // By default it leaves out the last 30 seconds, for which a test would have to wait.
      "-search.latencyOffset=0s",
      ...(pathPrefix === "" ? [] : [`-http.pathPrefix=${pathPrefix}`]),
      ...flags,
    ],
    cwd: folder,
    logFile: path.join(folder, "log"),
  });
  const stop = async () => {
    await program.end();
    await rm(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}${pathPrefix}`;
  try {
    await program.ready(async () => (await fetch(`${url}/health`)).status < 500);
  } catch (error) {
    await stop();
    throw error;
  }
  const query = async (promql: string, headers?: Readonly<Record<string, string>>) => {
    // It remembers for ten seconds that a series is not there, unless it is made to look.
    await fetch(`${url}/internal/force_flush`, headers ? { headers } : {});
    return queryEngine(url, promql, headers);
  };
  return { url, port, stop, query };
}
