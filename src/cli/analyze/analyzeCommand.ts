import { readFileSync } from "node:fs";
import process from "node:process";
import { systemClock } from "../../sources/kubernetes/systemClock.ts";
import { isAbort, MeshError } from "../../mesh/meshError.ts";
import { fill, say } from "../../mesh/message.ts";
import type { Log } from "../../mesh/ports.ts";
import { textAt } from "../../mesh/model/fields.ts";
import { allRules, catalogue } from "../../mesh/validation/catalogue.ts";
import { FileSet } from "../../mesh/validation/engine/fileSet.ts";
import { conditionsOf } from "../../mesh/validation/gateway/conditions.ts";
import { readCluster, type ReadCluster } from "../../mesh/validation/live/readCluster.ts";
import { compareReported, reported, resourceOf, type Reported } from "../../mesh/validation/report/reported.ts";
import { sarifReport } from "../../mesh/validation/report/sarifReport.ts";
import { summaryLine, textReport } from "../../mesh/validation/report/textReport.ts";
import { loadSchemas } from "../../mesh/validation/schema/bundledSchemas.ts";
import { assumedObjects } from "../../mesh/validation/world/assumedObjects.ts";
import type { World } from "../../mesh/validation/world/world.ts";
import { WorldStore } from "../../mesh/validation/world/worldStore.ts";
import type { AnalyzeCommand } from "../commandLine.ts";
import { printable } from "../displayWidth.ts";
import type { Terminal } from "../terminal.ts";
import { packageVersion } from "../version.ts";
import { collectFiles, isGone, reasonOf } from "./collectFiles.ts";
import { checkAll, type Checked } from "./checkAll.ts";
import { choiceOf, knownNames } from "./choice.ts";
import { givenObject, readGivenConfig } from "./givenConfig.ts";
import { dropSystemNamespaces } from "./systemNamespaces.ts";
import { readWorkspaceSettings } from "./workspaceSettings.ts";

/** The release whose schemas are taken where neither the command line nor a cluster says another. */
const newestIstio = "1.31";

/** Checks files, a cluster, or files over a cluster. The exit code: 0, 1 (findings at the threshold), 2 (not checked). */
export async function analyzeCommand(
  command: AnalyzeCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const unknown = command.only.find((name) => !knownNames().has(name.toUpperCase()));
  if (unknown !== undefined) {
    terminal.note(say("foreyard: --only {0} is neither a code nor the name of an analyzer.", unknown));
    return 2;
  }
  try {
    return await analyze(command, terminal, log, signal);
  } catch (error) {
    if (signal.aborted || isAbort(error)) throw error;
    if (MeshError.is(error)) terminal.fail(error);
    else terminal.note(say("foreyard failed, which is a mistake in it: {0}", stackOf(error)));
    return 2;
  }
}

async function analyze(command: AnalyzeCommand, terminal: Terminal, log: Log, signal: AbortSignal): Promise<number> {
  const { clusters, ownNamespace } = await readClusters(command, terminal, log, signal);
  await loadSchemas();
  const meshConfig = command.meshConfig === undefined ? undefined : readGivenConfig(command.meshConfig);
  const meshNetworks = command.meshNetworks === undefined ? undefined : readGivenConfig(command.meshNetworks);
  const store = new WorldStore(
    {
      ...(meshConfig === undefined ? {} : { meshConfig: meshConfig.value }),
      ...(meshNetworks === undefined ? {} : { meshNetworks: meshNetworks.value }),
      istioVersion: command.istioVersion ?? newestIstio,
      now: systemClock.now(),
      isExactlyIstio: command.only.some((name) => name.includes(".")),
    },
    false,
  );
  const overlaid = clusters[0]?.key ?? "";
  const isFilesOnly = clusters.length === 0;
  if (isFilesOnly && textAt(store.settings.meshConfig, "ingressControllerMode") !== "OFF") {
    store.replace("assumed", assumedObjects(overlaid, store.settings.isExactlyIstio));
  }
  for (const cluster of clusters) putCluster(store, cluster);
  if (meshConfig !== undefined) store.replace("mesh config", givenObject("MeshConfig", overlaid, meshConfig));
  if (meshNetworks !== undefined) store.replace("mesh networks", givenObject("MeshNetworks", overlaid, meshNetworks));
  const [namespace] = command.namespaces;
  const files = new FileSet(store, {
    cluster: overlaid,
    ...(namespace === undefined ? {} : { defaultNamespace: namespace }),
  });
  const hasFailed = await readFiles(command.paths, files, terminal);
  if (store.settings.isExactlyIstio) dropSystemNamespaces(store, files.names);

  const settings = readWorkspaceSettings(process.cwd());
  for (const problem of settings.problems) terminal.note(problem);
  const choice = choiceOf(command, settings);
  for (const problem of choice.problems) terminal.note(problem);
  const reportOn = command.isAllNamespaces ? [] : ownNamespace === undefined ? command.namespaces : [ownNamespace];
  const checked = checkAll({ store, files, choice, clusters, reportOn, rules: allRules });
  const given = [meshConfig, meshNetworks];
  const fileOf = (name: string) => files.file(name) ?? given.find((one) => one?.name === name)?.file;
  const world = { file: fileOf, contextOf: contextOf(clusters) };
  const findings = checked.findings.map((finding) => reported(finding, world)).sort(compareReported);
  await terminal.print(await printed(command, findings, { store, world, checked }));
  if (command.format === "text" && !(hasFailed && findings.length === 0)) {
    terminal.note(say("{0}", summary(findings, files)));
  }
  return hasFailed ? 2 : reaches(findings, command.failOn) ? 1 : 0;
}

async function printed(
  { format, withConditions }: AnalyzeCommand,
  findings: readonly Reported[],
  {
    store,
    world,
  }: { readonly store: WorldStore; readonly world: Parameters<typeof resourceOf>[1]; readonly checked: Checked },
): Promise<string> {
  // Names come from files and clusters: none may steer the terminal.
  if (format === "text") return textReport(findings).split("\n").map(printable).join("\n");
  if (format === "sarif") return json(sarifReport(findings, catalogue(), await packageVersion()));
  if (!withConditions) return json(findings);
  const conditions = store.worlds().flatMap((one: World) => conditionsOf(one));
  return json({
    findings,
    conditions: conditions.map(({ resource, parent, type, status, reason }) => ({
      resource: resourceOf(resource, world),
      ...(parent === undefined ? {} : { parent }),
      type,
      status,
      reason,
    })),
  });
}

interface Clusters {
  readonly clusters: readonly ReadCluster[];
  /** The context's namespace, where the command line names none: as kubectl, that one is meant. */
  readonly ownNamespace: string | undefined;
}

async function readClusters(
  { where, namespaces, isAllNamespaces }: AnalyzeCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<Clusters> {
  if (where === undefined) return { clusters: [], ownNamespace: undefined };
  // Not loaded for files alone: the cluster client and Node's HTTP take longer than a few hundred objects.
  const { openClusters } = await import("../openMesh.ts");
  const opened = await openClusters(where, terminal, log);
  try {
    const clusters = await Promise.all(
      opened.map(({ source, defaultNamespace }) => {
        const fallbacks = namespaces.length > 0 ? namespaces : [defaultNamespace ?? "default"];
        return readCluster(source, { namespaces: fallbacks }, signal);
      }),
    );
    for (const { context, unread } of clusters) {
      for (const { kind = "", namespace, error } of unread) {
        const what = namespace === undefined ? kind : `${kind} in ${namespace}`;
        terminal.note(say("{0}: {1} cannot be read: {2}", context, what, fill(error.words)));
      }
    }
    const isOwn = namespaces.length === 0 && !isAllNamespaces && !where.demo;
    const ownNamespace = isOwn ? (opened[0]?.defaultNamespace ?? "default") : undefined;
    if (ownNamespace !== undefined) {
      terminal.note(say("Live objects of namespace {0}; --all-namespaces reports on all.", ownNamespace));
    }
    return { clusters, ownNamespace };
  } finally {
    for (const { source } of opened) source.dispose();
  }
}

function putCluster(store: WorldStore, { key, context, objects, scope }: ReadCluster): void {
  store.replace(
    `live ${key}`,
    objects.map((object) => ({ cluster: key, object, origin: { from: "live", context } })),
  );
  store.setLive(key, scope);
}

/** Puts files into the world; true if one of them could not be read. */
async function readFiles(paths: readonly string[], files: FileSet, terminal: Terminal): Promise<boolean> {
  const named = paths.filter((path) => path !== "-");
  const { files: found, failures } = collectFiles(named);
  for (const failure of failures) terminal.note(failure);
  let hasFailed = failures.length > 0;
  if (named.length < paths.length) files.put("-", await readStandardInput());
  for (const { file, isTemplate } of found) {
    try {
      files.put(file, readFileSync(file, "utf8"), { isTemplate });
    } catch (error) {
      // Somebody is working here: what is gone by now is no file any more.
      if (isGone(error) && !paths.includes(file)) continue;
      terminal.note(say("The file {0} cannot be read: {1}", file, reasonOf(error)));
      hasFailed = true;
    }
  }
  if (found.length === 0 && named.length > 0 && !hasFailed) {
    terminal.note(say("No YAML or JSON file was found in {0}", named.join(", ")));
    hasFailed = true;
  }
  return hasFailed;
}

async function readStandardInput(): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function contextOf(clusters: readonly ReadCluster[]): (key: string) => string | undefined {
  const names = new Map(clusters.map(({ key, context }) => [key, context]));
  return (key) => names.get(key);
}

function reaches(findings: readonly Reported[], failOn: AnalyzeCommand["failOn"]): boolean {
  const order = ["error", "warning", "info"] as const;
  if (failOn === "never") return false;
  const counted: readonly string[] = order.slice(0, order.indexOf(failOn) + 1);
  return findings.some(({ severity }) => counted.includes(severity));
}

function summary(findings: readonly Reported[], files: FileSet): string {
  const { objects, foreign, templates, patches } = files.counts();
  const read = files.names.length === 0 ? "" : ` ${objects} objects in ${files.names.length} files.`;
  const left = [
    [foreign, "other YAML"],
    [templates, "templates"],
    [patches, "patches"],
  ] as const;
  const leftOut = left.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return `${summaryLine(findings)}${read}${leftOut.length > 0 ? ` Left alone: ${leftOut.join(", ")}.` : ""}`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
