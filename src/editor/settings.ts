import { workspace, type WorkspaceConfiguration } from "vscode";
import type { MetadataKind } from "../mesh/metadata/objectMetadata.ts";
import type { SortOrder } from "../mesh/live/liveMesh.ts";

/** Where the numbers of one context come from, as the user wrote it; credentials are never part of it. */
export interface PrometheusSource {
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly insecureSkipVerify?: boolean;
  readonly useClusterToken?: boolean;
  readonly tokenCommand?: readonly string[];
  readonly scrapeIntervalSeconds?: number;
  readonly queryLabels?: Readonly<Record<string, string>>;
}

/** Orange from the first, red from the second on; by the chart, in its unit. */
export interface ChartThresholds {
  /** Shares of requests. */
  readonly errors?: readonly [number, number];
  /** Seconds, of p99. */
  readonly latency?: readonly [number, number];
}

/** All settings, read whole; passed down as a value and read again when one of them changes. */
export interface Settings {
  readonly kubeconfigFiles: readonly string[];
  readonly offerContextSwitch: boolean;
  readonly namespaces: readonly string[];
  readonly windowSeconds: number;
  readonly refreshSeconds: number;
  /** By context; "*" is for those not named. */
  readonly prometheusSources: Readonly<Record<string, PrometheusSource>>;
  readonly appLabels: readonly string[];
  readonly versionLabels: readonly string[];
  readonly sort: SortOrder;
  readonly rowsPerGroup: number;
  readonly connectDemoOnOpen: boolean;
  /** What the topology page opens with. */
  readonly topologyWindowSeconds: number;
  /** 0: only when asked. */
  readonly topologyRefreshSeconds: number;
  /** Addresses of other tools, "" where not set. */
  readonly prometheusLink: string;
  readonly grafanaLink: string;
  readonly kialiLink: string;
  readonly jaegerLink: string;
  /** As written; `readTolerances` of mesh/health reads it and says what is wrong. */
  readonly healthRules: readonly unknown[];
  /** From where on charts are orange, and red. */
  readonly drilldownThresholds: ChartThresholds;
  readonly metadataAnnotations: readonly string[];
  readonly metadataKinds: readonly MetadataKind[];
  readonly validationEnabled: boolean;
  /** By code: "off", "hint", "info", "warning" or "error". */
  readonly validationRules: Readonly<Record<string, unknown>>;
  /** "CODE=Kind namespace/name". */
  readonly validationSuppress: readonly string[];
  /** Whose schemas are taken where no cluster has its own. */
  readonly istioVersion: string;
  readonly yamlEngine: YamlEngine;
}

/** Who tells what is wrong with YAML as YAML and by its schema: whoever is there, Foreyard, or Red Hat's extension. */
export type YamlEngine = "auto" | "builtin" | "redhat";
export const yamlEngines: readonly YamlEngine[] = ["auto", "builtin", "redhat"];

export type ValidationSettings = Pick<
  Settings,
  "validationEnabled" | "validationRules" | "validationSuppress" | "istioVersion" | "yamlEngine"
>;

/** What of the settings a check depends on. */
export function validationSettings(settings: Settings): ValidationSettings {
  const { validationEnabled, validationRules, validationSuppress, istioVersion, yamlEngine } = settings;
  return { validationEnabled, validationRules, validationSuppress, istioVersion, yamlEngine };
}

/** The keys below `foreyard.`; a test compares them with package.json, which alone holds the defaults. */
export const settingKeys: Readonly<Record<keyof Settings, string>> = {
  kubeconfigFiles: "kubeconfig.files",
  offerContextSwitch: "kubeconfig.offerContextSwitch",
  namespaces: "scope.namespaces",
  windowSeconds: "metrics.windowSeconds",
  refreshSeconds: "metrics.refreshSeconds",
  prometheusSources: "prometheus.sources",
  appLabels: "labels.app",
  versionLabels: "labels.version",
  sort: "explorer.sort",
  rowsPerGroup: "explorer.rowsPerGroup",
  connectDemoOnOpen: "demo.connectOnOpen",
  topologyWindowSeconds: "topology.windowSeconds",
  topologyRefreshSeconds: "topology.refreshSeconds",
  prometheusLink: "links.prometheus",
  grafanaLink: "links.grafana",
  kialiLink: "links.kiali",
  jaegerLink: "links.jaeger",
  healthRules: "health.rules",
  drilldownThresholds: "drilldown.thresholds",
  metadataAnnotations: "metadata.annotations",
  metadataKinds: "metadata.kinds",
  validationEnabled: "validation.enabled",
  validationRules: "validation.rules",
  validationSuppress: "validation.suppress",
  istioVersion: "validation.istioVersion",
  yamlEngine: "yaml.engine",
};

export const sortOrders: readonly SortOrder[] = ["name", "rps", "errors", "latency"];

/** What shows differently at once; every other setting opens the connection anew. */
const appliedInPlace: ReadonlySet<keyof Settings> = new Set([
  ...(["sort", "offerContextSwitch", "connectDemoOnOpen", "topologyWindowSeconds", "topologyRefreshSeconds"] as const),
  ...(["prometheusLink", "grafanaLink", "kialiLink", "jaegerLink"] as const),
  ...(["drilldownThresholds", "metadataAnnotations", "metadataKinds"] as const),
  ...(["validationEnabled", "validationRules", "validationSuppress", "istioVersion", "yamlEngine"] as const),
]);

export function readSettings(config: WorkspaceConfiguration = workspace.getConfiguration("foreyard")): Settings {
  /** What people typed into settings.json may be anything; what does not fit gives way to the default. */
  function read<T>(name: keyof Settings, parse: (value: unknown) => T | undefined): T {
    const key = settingKeys[name];
    const value = parse(config.get(key)) ?? parse(config.inspect(key)?.defaultValue);
    if (value === undefined) throw new Error(`foreyard.${key} has no usable default`);
    return value;
  }
  return {
    kubeconfigFiles: read("kubeconfigFiles", strings),
    offerContextSwitch: read("offerContextSwitch", boolean),
    namespaces: read("namespaces", strings),
    windowSeconds: read("windowSeconds", between(30, 3600)),
    refreshSeconds: read("refreshSeconds", between(5, 300)),
    prometheusSources: read("prometheusSources", prometheusSources),
    appLabels: read("appLabels", strings),
    versionLabels: read("versionLabels", strings),
    sort: read("sort", (value) => sortOrders.find((order) => order === value)),
    rowsPerGroup: read("rowsPerGroup", between(50, 2000)),
    connectDemoOnOpen: read("connectDemoOnOpen", boolean),
    topologyWindowSeconds: read("topologyWindowSeconds", between(60, 86_400)),
    topologyRefreshSeconds: read("topologyRefreshSeconds", between(0, 300)),
    prometheusLink: read("prometheusLink", address),
    grafanaLink: read("grafanaLink", address),
    kialiLink: read("kialiLink", address),
    jaegerLink: read("jaegerLink", address),
    healthRules: read("healthRules", (value) => (Array.isArray(value) ? (value as readonly unknown[]) : undefined)),
    drilldownThresholds: read("drilldownThresholds", chartThresholds),
    metadataAnnotations: read("metadataAnnotations", strings),
    metadataKinds: read("metadataKinds", metadataKinds),
    validationEnabled: read("validationEnabled", boolean),
    validationRules: read("validationRules", (value) => (isRecord(value) ? value : undefined)),
    validationSuppress: read("validationSuppress", strings),
    istioVersion: read("istioVersion", (value) => (typeof value === "string" ? value : undefined)),
    yamlEngine: read("yamlEngine", (value) => yamlEngines.find((engine) => engine === value)),
  };
}

export function prometheusFor(settings: Settings, context: string): PrometheusSource {
  const sources = settings.prometheusSources;
  return (Object.hasOwn(sources, context) ? sources[context] : sources["*"]) ?? {};
}

/** True if a mesh that was opened with one must be opened anew for the other. */
export function needsNewConnection(before: Settings, after: Settings): boolean {
  return (Object.keys(settingKeys) as (keyof Settings)[]).some(
    (name) => !appliedInPlace.has(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
}

function boolean(value: unknown): boolean | undefined {
  return typeof value === "boolean" ? value : undefined;
}

/** Nothing but http and https is ever opened, and never with a user name. */
function address(value: unknown): string | undefined {
  return typeof value === "string" && /^$|^https?:\/\/[^@/]*(\/.*)?$/.test(value.trim()) ? value.trim() : undefined;
}

function between(low: number, high: number): (value: unknown) => number | undefined {
  return (value) =>
    typeof value === "number" && Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : undefined;
}

function strings(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter((each): each is string => typeof each === "string" && each.trim() !== "");
}

/** A pair that cannot be read is left out, so that its chart keeps Foreyard's own. */
function chartThresholds(value: unknown): ChartThresholds | undefined {
  if (!isRecord(value)) return undefined;
  const errors = risingPair(value["errors"]);
  const latency = risingPair(value["latency"]);
  return { ...(errors ? { errors } : {}), ...(latency ? { latency } : {}) };
}

function risingPair(value: unknown): readonly [number, number] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [low, high] = value as readonly unknown[];
  if (typeof low !== "number" || typeof high !== "number") return undefined;
  return Number.isFinite(low) && Number.isFinite(high) && low >= 0 && low <= high ? [low, high] : undefined;
}

function metadataKinds(value: unknown): readonly MetadataKind[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((each: unknown): readonly MetadataKind[] => {
    const { group = "", kind, about } = isRecord(each) ? each : {};
    if (typeof group !== "string" || typeof kind !== "string" || kind === "") return [];
    return [{ group, kind, about: strings(about) ?? [] }];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function prometheusSources(value: unknown): Readonly<Record<string, PrometheusSource>> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([context, source]) => [context, prometheusSource(source)]));
}

function prometheusSource(value: unknown): PrometheusSource {
  if (!isRecord(value)) return {};
  const { insecureSkipVerify, useClusterToken, scrapeIntervalSeconds, tokenCommand, headers, queryLabels } = value;
  const command = strings(tokenCommand);
  return {
    ...texts(value, ["url", "caFile", "certFile", "keyFile"]),
    ...(isRecord(headers) ? { headers: textMap(headers) } : {}),
    ...(isRecord(queryLabels) ? { queryLabels: textMap(queryLabels) } : {}),
    ...(insecureSkipVerify === true ? { insecureSkipVerify } : {}),
    ...(useClusterToken === true ? { useClusterToken } : {}),
    ...(command && command.length > 0 ? { tokenCommand: command } : {}),
    ...(typeof scrapeIntervalSeconds === "number" && scrapeIntervalSeconds > 0 ? { scrapeIntervalSeconds } : {}),
  };
}

/** Those of the named fields that hold text. */
function texts<K extends string>(value: Record<string, unknown>, names: readonly K[]): { [name in K]?: string } {
  const found: { [name in K]?: string } = {};
  for (const name of names) {
    const text = value[name];
    if (typeof text === "string" && text !== "") found[name] = text;
  }
  return found;
}

function textMap(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
