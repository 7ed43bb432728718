import { say } from "../mesh/message.ts";
import { faultNames, type FaultName } from "../sources/demo/world/faults.ts";
import { graphViews, type GraphView } from "../mesh/topology/graph/graph.ts";
import { commandOptions } from "./commandOptions.ts";
import { readFrom, readHeaderLines, type Asked } from "./route/askedRequest.ts";
import { OptionReader } from "./optionReader.ts";
import { splitOptions } from "./options.ts";
import { UsageError } from "./usageError.ts";

export type ListName = "overview" | "meshes" | "services" | "workloads";

/** Which clusters, and where their numbers are. */
export interface Where {
  readonly demo: boolean;
  /** What is planted into the demo; undefined: the usual demo. */
  readonly fault: FaultName | undefined;
  /** Empty: the current one. */
  readonly contexts: readonly string[];
  readonly kubeconfig: string | undefined;
  /** Per context, or one for all under "". Empty: found by discovery. */
  readonly prometheus: ReadonlyMap<string, string>;
}

export interface ListCommand {
  readonly name: "list";
  readonly what: ListName;
  readonly where: Where;
  /** undefined: all that may be read. */
  readonly namespaces: readonly string[] | undefined;
  readonly windowSeconds: number;
  readonly format: "table" | "json";
}

export interface GraphCommand {
  readonly name: "graph";
  readonly where: Where;
  /** Stores asked without any cluster; empty where clusters are. */
  readonly bareStores: readonly string[];
  /** undefined: all that may be read. */
  readonly namespaces: readonly string[] | undefined;
  readonly view: GraphView;
  readonly windowSeconds: number;
  /** Milliseconds since 1970; undefined: now. */
  readonly atMillis: number | undefined;
  readonly format: "json" | "mermaid" | "dot";
}

export interface DrilldownCommand {
  readonly name: "drilldown";
  readonly where: Where;
  readonly namespace: string;
  readonly service: string;
  readonly windowSeconds: number;
  readonly format: "table" | "json";
}

export interface AnalyzeCommand {
  readonly name: "analyze";
  /** Files, folders, patterns, and "-" for standard input. */
  readonly paths: readonly string[];
  /** undefined: no cluster is contacted. */
  readonly where: Where | undefined;
  readonly namespaces: readonly string[];
  readonly isAllNamespaces: boolean;
  readonly meshConfig: string | undefined;
  readonly meshNetworks: string | undefined;
  readonly istioVersion: string | undefined;
  readonly suppress: readonly string[];
  /** Codes and names of analyzers; empty: everything that is on. */
  readonly only: readonly string[];
  readonly withConditions: boolean;
  readonly failOn: "error" | "warning" | "info" | "never";
  readonly format: "text" | "json" | "sarif";
}

export interface RouteCommand {
  readonly name: "route";
  /** Files, folders, patterns, and "-" for standard input. */
  readonly paths: readonly string[];
  /** undefined: no cluster is contacted. */
  readonly where: Where | undefined;
  /** The one request of the command line; empty where a file holds them. */
  readonly asked: readonly Asked[];
  readonly requests: string | undefined;
  readonly meshConfig: string | undefined;
  /** Of objects in files that say none. */
  readonly defaultNamespace: string;
  readonly format: "text" | "json";
}

export interface DoctorCommand {
  readonly name: "doctor";
  readonly where: Where;
}

export interface ServeCommand {
  readonly name: "serve";
  readonly services: number | undefined;
  readonly seed: number | undefined;
  readonly port: number;
  readonly telemetry: "v1" | "v2" | "ambient";
  readonly fault: FaultName | undefined;
}

export interface ManifestsCommand {
  readonly name: "manifests";
  readonly cluster: "eu" | "us";
  readonly services: number | undefined;
  readonly seed: number | undefined;
  readonly fault: FaultName | undefined;
}

export type Command =
  | ListCommand
  | GraphCommand
  | DrilldownCommand
  | AnalyzeCommand
  | RouteCommand
  | DoctorCommand
  | ServeCommand
  | ManifestsCommand
  | { readonly name: "help"; readonly topic: string | undefined }
  | { readonly name: "version" };

const lists: readonly ListName[] = ["overview", "meshes", "services", "workloads"];

/** Reads a command line (without node and the script). Throws a UsageError with one sentence for what is wrong. */
export function parseCommandLine(argv: readonly string[]): Command {
  const { words, given } = splitOptions(argv);
  const [first, second, ...rest] = words;
  if (given.has("help")) return { name: "help", topic: first };
  if (given.has("version")) return { name: "version" };
  const extra = first === "list" || first === "demo" || first === "drilldown" ? rest[0] : second;
  if (extra !== undefined && isCommand(first)) {
    const before = words.slice(0, words.indexOf(extra)).join(" ");
    throw new UsageError(say("{0} is not expected after `foreyard {1}`.", extra, before));
  }
  const read = new OptionReader(given);
  if (first === "analyze") return analyzeCommand(words.slice(1), read);
  if (first === "route") return routeCommand(words.slice(1), read);
  switch (first) {
    case undefined:
      throw new UsageError(say("No command is given. See `foreyard --help`."));
    case "help":
      return { name: "help", topic: undefined };
    case "list":
      return listCommand(second, read);
    case "graph":
      return graphCommand(read);
    case "drilldown":
      return drilldownCommand(second, read);
    case "doctor":
      read.only("foreyard doctor", commandOptions.doctor);
      return { name: "doctor", where: readWhere(read) };
    case "demo":
      return demoCommand(second, read);
    default:
      throw new UsageError(say("There is no command {0}. See `foreyard --help`.", first));
  }
}

function isCommand(word: string | undefined): boolean {
  return (
    word === "list" ||
    word === "graph" ||
    word === "demo" ||
    word === "doctor" ||
    word === "drilldown" ||
    word === "help"
  );
}

function listCommand(what: string | undefined, read: OptionReader): ListCommand {
  const known = lists.find((name) => name === what);
  if (!known) {
    throw new UsageError(
      what === undefined
        ? say("`foreyard list` needs to know what: {0}.", lists.join(", "))
        : say("`foreyard list {0}` is not known; there are: {1}.", what, lists.join(", ")),
    );
  }
  read.only("foreyard list", commandOptions.list);
  return {
    name: "list",
    what: known,
    where: readWhere(read),
    namespaces: readNamespaces(read),
    windowSeconds: read.duration("window") ?? 60,
    format: read.oneOf("format", ["table", "json"] as const) ?? "table",
  };
}

function graphCommand(read: OptionReader): GraphCommand {
  read.only("foreyard graph", commandOptions.graph);
  const addresses = read.all("prometheus");
  const namesCluster = read.has("context") || read.has("kubeconfig");
  const isBare = addresses.length > 0 && addresses.every(isAddress) && !namesCluster;
  return {
    name: "graph",
    where: isBare ? readWhere(read, []) : readWhere(read),
    bareStores: isBare ? [...new Set(addresses)] : [],
    namespaces: readNamespaces(read),
    view: read.oneOf("view", graphViews) ?? "versionedApp",
    windowSeconds: read.duration("window") ?? 60,
    atMillis: read.time("at"),
    format: read.oneOf("format", ["json", "mermaid", "dot"] as const) ?? "json",
  };
}

function drilldownCommand(what: string | undefined, read: OptionReader): DrilldownCommand {
  const [namespace = "", service = "", ...more] = what?.split("/") ?? [];
  if (namespace === "" || service === "" || more.length > 0)
    throw new UsageError(say("`foreyard drilldown` needs to know which service: NAMESPACE/SERVICE."));
  read.only("foreyard drilldown", commandOptions.drilldown);
  return {
    name: "drilldown",
    where: readWhere(read),
    namespace,
    service,
    windowSeconds: read.duration("window") ?? 60,
    format: read.oneOf("format", ["table", "json"] as const) ?? "table",
  };
}

function analyzeCommand(paths: readonly string[], read: OptionReader): AnalyzeCommand {
  read.only("foreyard analyze", commandOptions.analyze);
  if (read.has("files-only") && read.has("cluster-only"))
    throw new UsageError(say("--files-only and --cluster-only exclude each other."));
  const namesCluster = read.has("context") || read.has("kubeconfig") || read.has("demo");
  if (read.has("files-only") && namesCluster)
    throw new UsageError(say("--files-only contacts no cluster: leave out --context, --kubeconfig and --demo."));
  if (read.has("files-only") && paths.length === 0)
    throw new UsageError(say("--files-only needs files or folders, or - for standard input."));
  if (read.has("cluster-only") && paths.length > 0)
    throw new UsageError(say("--cluster-only reads no files: leave out {0}.", paths.join(" ")));
  if (paths.length > 0 && read.all("context").length > 1)
    throw new UsageError(say("Files are laid over one cluster: give one --context."));
  const isAllNamespaces = read.has("all-namespaces");
  const namespaces = readNamespaces(read) ?? [];
  if (isAllNamespaces && namespaces.length > 0)
    throw new UsageError(say("--all-namespaces and --namespace exclude each other."));
  return {
    name: "analyze",
    paths,
    where: paths.length > 0 && !namesCluster ? undefined : readWhere(read),
    namespaces,
    isAllNamespaces,
    meshConfig: read.one("mesh-config"),
    meshNetworks: read.one("mesh-networks"),
    istioVersion: read.one("istio-version"),
    suppress: read.all("suppress"),
    only: read
      .all("only")
      .flatMap((text) => text.split(","))
      .map((text) => text.trim())
      .filter((text) => text !== ""),
    withConditions: read.has("conditions"),
    failOn: read.oneOf("fail-on", ["error", "warning", "info", "never"] as const) ?? "error",
    format: read.oneOf("format", ["text", "json", "sarif"] as const) ?? "text",
  };
}

function routeCommand(paths: readonly string[], read: OptionReader): RouteCommand {
  read.only("foreyard route", commandOptions.route);
  const requests = read.one("requests");
  const single = ["from", "port", "authority", "method", "path", "header", "sni"] as const;
  if (requests !== undefined) {
    const also = single.find((name) => read.has(name));
    if (also !== undefined) throw new UsageError(say("--requests brings its own requests: leave out --{0}.", also));
  }
  const namesCluster = read.has("context") || read.has("kubeconfig") || read.has("demo");
  if (read.all("context").length > 1) throw new UsageError(say("Routes are those of one cluster: give one --context."));
  return {
    name: "route",
    paths,
    where: paths.length > 0 && !namesCluster ? undefined : readWhere(read),
    asked: requests === undefined ? [readAskedRequest(read)] : [],
    requests,
    meshConfig: read.one("mesh-config"),
    defaultNamespace: readNamespaces(read)?.[0] ?? "default",
    format: read.oneOf("format", ["text", "json"] as const) ?? "text",
  };
}

function readAskedRequest(read: OptionReader): Asked {
  const [from, authority] = [read.one("from"), read.one("authority")];
  if (from === undefined)
    throw new UsageError(
      say("`foreyard route` needs to know from where: --from sidecar:NAMESPACE, or --requests FILE."),
    );
  if (authority === undefined) throw new UsageError(say("`foreyard route` needs to know the host: --authority HOST."));
  const [, scheme = "http"] = /^(https?):/u.exec(read.one("path") ?? "") ?? [];
  return {
    from: readFrom(from),
    port: read.whole("port", 1, 65_535) ?? 80,
    destinationIP: undefined,
    sni: read.one("sni"),
    request: {
      method: read.one("method") ?? "GET",
      scheme: scheme === "https" || read.has("sni") ? "https" : "http",
      authority,
      path: read.one("path") ?? "/",
      headers: readHeaderLines(read.all("header")),
    },
  };
}

/** undefined where none is given: all. */
function readNamespaces(read: OptionReader): readonly string[] | undefined {
  const namespaces = [...new Set(read.all("namespace"))];
  const bad = namespaces.find((name) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name));
  if (bad !== undefined) throw new UsageError(say("{0} cannot be the name of a namespace.", bad));
  return namespaces.length > 0 ? namespaces : undefined;
}

function demoCommand(what: string | undefined, read: OptionReader): ServeCommand | ManifestsCommand {
  if (what === "serve") {
    read.only("foreyard demo serve", commandOptions["demo serve"]);
    return {
      name: "serve",
      services: read.whole("services", 1, 100_000),
      seed: read.whole("seed", 0, 2 ** 32 - 1),
      port: read.whole("port", 0, 65_535) ?? 0,
      telemetry: read.oneOf("telemetry", ["v1", "v2", "ambient"] as const) ?? "v2",
      fault: read.oneOf("fault", faultNames),
    };
  }
  if (what === "manifests") {
    read.only("foreyard demo manifests", commandOptions["demo manifests"]);
    return {
      name: "manifests",
      cluster: read.oneOf("cluster", ["eu", "us"] as const) ?? "eu",
      services: read.whole("services", 1, 100_000),
      seed: read.whole("seed", 0, 2 ** 32 - 1),
      fault: read.oneOf("fault", faultNames),
    };
  }
  throw new UsageError(
    what === undefined
      ? say("`foreyard demo` needs to know what: {0}.", "serve, manifests")
      : say("`foreyard demo {0}` is not known; there are: {1}.", what, "serve, manifests"),
  );
}

/** `addresses`: those of the clusters' stores. */
function readWhere(read: OptionReader, addresses = read.all("prometheus")): Where {
  const demo = read.has("demo");
  if (demo) {
    for (const name of ["kubeconfig", "prometheus"] as const) {
      if (read.has(name))
        throw new UsageError(say("--demo has its own clusters and numbers and cannot be used with --{0}.", name));
    }
  }
  if (!demo && read.has("fault")) throw new UsageError(say("--fault is for the demo mesh: add --demo."));
  const contexts = [...new Set(read.all("context"))];
  return {
    demo,
    fault: read.oneOf("fault", faultNames),
    contexts,
    kubeconfig: read.one("kubeconfig"),
    prometheus: readPrometheus(addresses, contexts),
  };
}

/** `URL` for every context, as many URLs as contexts in their order, or `CONTEXT=URL`. */
function readPrometheus(values: readonly string[], contexts: readonly string[]): ReadonlyMap<string, string> {
  const plain = values.filter((value) => isAddress(value));
  const found = new Map<string, string>();
  for (const value of values) {
    if (isAddress(value)) continue;
    const split = value.search(/=https?:\/\//);
    const context = value.slice(0, Math.max(0, split));
    if (split <= 0 || !isAddress(value.slice(split + 1)))
      throw new UsageError(say("--prometheus needs an address such as http://localhost:9090, or CONTEXT=ADDRESS."));
    if (contexts.length > 0 && !contexts.includes(context))
      throw new UsageError(say("--prometheus names the context {0}, which --context does not.", context));
    found.set(context, value.slice(split + 1));
  }
  if (plain.length > 1 && plain.length !== contexts.length)
    throw new UsageError(
      say(
        "{0} addresses are given with --prometheus for {1} contexts; give one for all, or one for each.",
        plain.length,
        Math.max(1, contexts.length),
      ),
    );
  for (const [i, address] of plain.entries()) found.set(plain.length > 1 ? (contexts[i] ?? "") : "", address);
  return found;
}

function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
