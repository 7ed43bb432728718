import type { OptionName } from "./options.ts";

const whereOptions: readonly OptionName[] = ["context", "demo", "fault", "kubeconfig", "prometheus"];

/** What each command takes, besides --help and --version. */
export const commandOptions = {
  list: [...whereOptions, "format", "namespace", "window"],
  graph: [...whereOptions, "at", "format", "namespace", "view", "window"],
  drilldown: [...whereOptions, "format", "window"],
  analyze: [
    "all-namespaces",
    "cluster-only",
    "conditions",
    "context",
    "demo",
    "fail-on",
    "fault",
    "files-only",
    "format",
    "istio-version",
    "kubeconfig",
    "mesh-config",
    "mesh-networks",
    "namespace",
    "only",
    "suppress",
  ],
  route: [
    "authority",
    "context",
    "demo",
    "fault",
    "format",
    "from",
    "header",
    "kubeconfig",
    "mesh-config",
    "method",
    "namespace",
    "path",
    "port",
    "requests",
    "sni",
  ],
  doctor: whereOptions,
  "demo serve": ["fault", "services", "seed", "port", "telemetry"],
  "demo manifests": ["cluster", "fault", "services", "seed"],
} as const satisfies Readonly<Record<string, readonly OptionName[]>>;

const everywhere: readonly OptionName[] = ["help", "version"];

/** Of the command that the words begin with; of all where there is none. */
export function optionsFor(words: readonly string[]): readonly OptionName[] {
  const [first = "", second = ""] = words;
  const rules: readonly (readonly [string, readonly OptionName[]])[] = Object.entries(commandOptions);
  const mine = rules.filter(([command]) => command === first || command === `${first} ${second}`);
  return [...new Set([...(mine.length > 0 ? mine : rules).flatMap(([, names]) => names), ...everywhere])];
}
