import type { LevelAction, LevelPath, LevelReading, LevelRef, Origin } from "../../mesh/drilldown/level.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import type { WireAction } from "../../protocol/drilldown/drilldownContract.ts";
import type { DrilldownDesk } from "./drilldownServer.ts";
import { openInBrowser } from "./openInBrowser.ts";
import { leadsNowhere } from "./pageErrors.ts";
import { prometheusAddress, toolAddress, type LinkSubject } from "./toolLinks.ts";
import { actionTitle, linkId } from "./wireLevel.ts";

type Tool = "prometheus" | "grafana";
type Links = Pick<DrilldownDesk, "connection" | "objects">;

const mostReadings = 20;
const mostQueries = 2_000;

/** What leads out of the levels that a page was shown. Only what was shown can be followed, opened or run. */
export class LevelLinks {
  readonly #desk: Links;
  /** By path, the last one last. */
  readonly #readings = new Map<string, LevelReading>();
  /** Queries that the page was told of a level, and the store each was asked of: two stores may be asked the same. */
  readonly #queries = new Map<string, string>();

  constructor(desk: Links) {
    this.#desk = desk;
  }

  keep(reading: LevelReading): void {
    keepLast(this.#readings, keyOf(reading.path), reading, mostReadings);
    this.told(
      reading.path,
      reading.figures.flatMap(({ origin }) => origin ?? []),
    );
  }

  told(path: LevelPath, origins: readonly Origin[]): void {
    for (const { query, sourceId } of origins.flatMap(({ provenance }) => provenance))
      keepLast(this.#queries, queryKey(path, query), sourceId, mostQueries);
  }

  keptOf(path: LevelPath): LevelReading | undefined {
    return this.#readings.get(keyOf(path));
  }

  /** Those of the level that lead somewhere in this window. */
  actionsOf(reading: LevelReading): readonly WireAction[] {
    return reading.actions.flatMap((action): readonly WireAction[] => {
      const tool = toolOf(action);
      const detail = tool ? this.#address(tool, reading.path, queryOf(reading)) : reading.title;
      return detail === undefined ? [] : [{ action, title: actionTitle(action), detail }];
    });
  }

  async act(path: LevelPath, action: LevelAction, row: string): Promise<void> {
    const { objects } = this.#desk;
    const reading = this.#shown(path);
    if (action === "openPrometheus" || action === "openGrafana") {
      await this.#open(action === "openGrafana" ? "grafana" : "prometheus", path, queryOf(reading));
      return;
    }
    const ref = row === "" ? reading.at.ref : rowsOf(reading).find((each) => linkId(each) === row);
    if (!ref) throw leadsNowhere();
    await objects.run(action, ref);
  }

  /** Opens the YAML of what a link of the level names. */
  async follow(path: LevelPath, id: string): Promise<void> {
    const { configuration, findings, suspects, ...reading } = this.#shown(path);
    const linked = [
      ...configuration,
      ...findings.flatMap(({ ref }) => ref ?? []),
      ...suspects.map(({ ref }) => ref),
      ...rowsOf(reading),
    ];
    const ref = linked.find((each) => linkId(each) === id);
    if (!ref) throw leadsNowhere();
    await this.#desk.objects.openYaml(ref);
  }

  async openQuery(path: LevelPath, query: string, tool: Tool): Promise<void> {
    // What is opened in a browser is what this window asked, never what a page made up.
    if (!this.#queries.has(queryKey(path, query))) throw leadsNowhere();
    await this.#open(tool, path, query);
  }

  forget(): void {
    this.#readings.clear();
    this.#queries.clear();
  }

  #shown(path: LevelPath): LevelReading {
    const reading = this.keptOf(path);
    if (!reading) throw leadsNowhere();
    return reading;
  }

  async #open(tool: Tool, path: LevelPath, query: string | undefined): Promise<void> {
    const address = this.#address(tool, path, query);
    if (address === undefined) {
      throw new MeshError("misconfigured", say("No address of {0} is known that a browser reaches.", toolNames[tool]), {
        hint: say("Set it in the settings below foreyard.links."),
      });
    }
    await openInBrowser(address);
  }

  #address(tool: Tool, path: LevelPath, query: string | undefined): string | undefined {
    const { live, settings } = this.#desk.connection;
    const at = path.at(-1);
    if (!live || !at) return undefined;
    const reading = this.keptOf(path);
    const subject = subjectOf(live, at, { query: query ?? "", reading });
    if (tool === "grafana") return toolAddress("grafana", settings, subject);
    if (query === undefined) return undefined;
    const sourceId = this.#queries.get(queryKey(path, query));
    const store = live.drilldown().stores.find(({ source }) => source?.id === sourceId)?.source;
    return prometheusAddress(settings.prometheusLink || store?.label, query, subject);
  }
}

/** Names of products, the same in every language. */
const toolNames: Readonly<Record<Tool, string>> = { prometheus: "Prometheus", grafana: "Grafana" };

function toolOf(action: LevelAction): Tool | undefined {
  if (action === "openPrometheus") return "prometheus";
  return action === "openGrafana" ? "grafana" : undefined;
}

/** The first query of the level's figures: what it is mainly about. */
function queryOf({ figures }: LevelReading): string | undefined {
  return figures.flatMap(({ origin }) => origin?.provenance ?? [])[0]?.query;
}

function rowsOf({ tables }: Pick<LevelReading, "tables">): readonly ObjectRef[] {
  return tables.flatMap(({ rows }) => rows.flatMap(({ ref }) => ref ?? []));
}

const kindOfLevel: Readonly<Record<LevelRef["level"], LinkSubject["kind"]>> = {
  mesh: "namespace",
  namespace: "namespace",
  meshService: "service",
  service: "service",
  workload: "workload",
  pod: "pod",
  node: "node",
};

function subjectOf(
  { clusters, meshes }: LiveMesh,
  { level, ref }: LevelRef,
  { query, reading }: { readonly query: string; readonly reading: LevelReading | undefined },
): LinkSubject {
  const toMillis = reading?.atMillis ?? Date.now();
  const view = meshes.flatMap((mesh) => mesh.clusters).find(({ key }) => key === ref.cluster);
  return {
    kind: kindOfLevel[level],
    cluster: view?.clusterId ?? "",
    isOneOfSeveral: clusters.length > 1,
    namespace: level === "namespace" ? ref.name : ref.namespace,
    name: level === "mesh" ? "" : ref.name,
    query,
    fromMillis: toMillis - Math.max(reading?.windowSeconds ?? 0, 3_600) * 1000,
    toMillis,
  };
}

function keyOf(path: LevelPath): string {
  return path.map(({ level, ref }) => `${level} ${refId(ref)}`).join("\n");
}

function queryKey(path: LevelPath, query: string): string {
  return JSON.stringify([keyOf(path), query]);
}

function keepLast<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}
