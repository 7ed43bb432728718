import { l10n } from "vscode";
import type { ClusterView } from "../mesh/inventory/views.ts";
import type { AccessFact, ContextFacts, DoctorStep } from "../mesh/live/doctorFacts.ts";
import type { ClusterStatus, LiveMesh } from "../mesh/live/liveMesh.ts";
import { redact } from "../mesh/redact.ts";
import type { Capability } from "../mesh/telemetry/capabilities.ts";
import type { ContextList } from "./engine.ts";
import { clusterWords, telemetryWords } from "./explorer/viewNotes.ts";
import type { Situation } from "./situation.ts";
import { explain, translate } from "./words.ts";

export interface DoctorFacts {
  readonly versions: Readonly<Record<string, string>>;
  readonly contexts: ContextList;
  readonly situation: Situation;
  readonly live: LiveMesh | undefined;
  /** What trying each context gave. */
  readonly tried: readonly ContextFacts[];
  readonly now: Date;
}

/** The whole diagnosis as Markdown, in the order one would ask; secrets are removed. */
export function doctorReport({ versions, contexts, situation, live, tried, now }: DoctorFacts): string {
  const lines = [
    `# ${l10n.t("Foreyard: Doctor")}`,
    "",
    now.toISOString(),
    "",
    ...section(
      l10n.t("Versions"),
      Object.entries(versions).map(([name, value]) => item(name, value)),
    ),
    ...section(l10n.t("Kubeconfig"), kubeconfigItems(contexts, situation)),
    ...(live
      ? live.clusters.flatMap((cluster) => clusterSections(cluster, live, tried))
      : section(l10n.t("Clusters"), [`- ${l10n.t("This window is not connected.")}`])),
  ];
  return `${redact(lines.join("\n")).trimEnd()}\n`;
}

function kubeconfigItems(contexts: ContextList, situation: Situation): string[] {
  return [
    item(l10n.t("Files"), contexts.files.join(", ") || l10n.t("none")),
    item(l10n.t("Contexts"), contexts.contexts.map(({ name }) => name).join(", ") || l10n.t("none")),
    item(l10n.t("Current context of kubectl"), contexts.currentContext ?? l10n.t("none")),
    item(l10n.t("Pinned to this window"), pinnedWords(situation)),
    ...situation.gone.map((name) => item(l10n.t("No longer there"), name)),
    ...contexts.problems.map((problem) => item(l10n.t("Problem"), translate(problem))),
  ];
}

function pinnedWords({ demo, contexts }: Situation): string {
  if (demo) return l10n.t("the demo mesh");
  return contexts.join(", ") || l10n.t("none");
}

function clusterSections(cluster: ClusterStatus, live: LiveMesh, tried: readonly ContextFacts[]): string[] {
  const view = live.meshes.flatMap((mesh) => mesh.clusters).find(({ context }) => context === cluster.context);
  const facts = tried.find(({ context }) => context === cluster.context);
  return [
    ...section(l10n.t("Cluster {0}", plainText(cluster.context)), [
      item(l10n.t("Connection"), clusterWords(cluster)),
      ...(cluster.key === undefined ? [] : [item(l10n.t("UID of kube-system"), cluster.key)]),
      ...(view ? clusterItems(view) : []),
    ]),
    ...(facts ? section(l10n.t("Way to {0}", plainText(cluster.context)), facts.steps.map(stepItem), 3) : []),
    ...(facts ? section(l10n.t("Rights in {0}", plainText(cluster.context)), facts.access.map(accessItem), 3) : []),
    ...section(l10n.t("Numbers of {0}", plainText(cluster.context)), telemetryItems(cluster), 3),
  ];
}

function stepItem({ tried, millis, found, error }: DoctorStep): string {
  const answer = error ? explain(error) : found ? translate(found) : "";
  return item(`${error ? "✗" : "✓"} ${translate(tried)}`, l10n.t("{0} ({1} ms)", answer, Math.round(millis)));
}

/** Written as kubectl wants it, so that it can be tried there. */
function accessItem({ question, isAllowed }: AccessFact): string {
  const { verb, group, resource, subresource, namespace } = question;
  const what = `${verb} ${resource}${group ? `.${group}` : ""}${subresource ? ` --subresource=${subresource}` : ""}`;
  const where = namespace === undefined ? "--all-namespaces" : `-n ${namespace}`;
  const mark = isAllowed === undefined ? "?" : isAllowed ? "✓" : "✗";
  const answer = isAllowed === undefined ? l10n.t("unknown") : isAllowed ? l10n.t("allowed") : l10n.t("refused");
  return item(`${mark} kubectl auth can-i ${what} ${where}`, answer);
}

function clusterItems(view: ClusterView): string[] {
  const unknown = l10n.t("unknown");
  return [
    item("Kubernetes", view.kubernetesVersion),
    item(l10n.t("Istio's cluster ID"), view.clusterId ?? unknown),
    item(l10n.t("Role"), view.role),
    item(l10n.t("Network"), view.network ?? unknown),
    ...view.controlPlanes.map(({ ref, revision, version, replicas }) =>
      item(
        l10n.t("Control plane {0}", `${ref.namespace}/${ref.name}`),
        l10n.t(
          "Istio {0}, revision {1}, {2} of {3} ready",
          version ?? unknown,
          revision ?? unknown,
          replicas?.ready ?? unknown,
          replicas?.desired ?? unknown,
        ),
      ),
    ),
    ...[view.cni, view.ztunnel].flatMap((agent) =>
      agent
        ? [
            item(
              agent.ref.name,
              l10n.t("{0}, {1} of {2} ready", agent.version ?? unknown, agent.replicas.ready, agent.replicas.desired),
            ),
          ]
        : [],
    ),
    item(l10n.t("Services"), l10n.t("{0} of {1} in mesh", view.counts.services.inMesh, view.counts.services.all)),
    item(l10n.t("Workloads"), l10n.t("{0} of {1} in mesh", view.counts.workloads.inMesh, view.counts.workloads.all)),
    ...view.problems.map(({ words }) => item(l10n.t("Problem"), translate(words))),
    ...view.unread.map(({ namespace, error }) =>
      item(namespace === undefined ? l10n.t("Cannot read") : l10n.t("Cannot read in {0}", namespace), explain(error)),
    ),
  ];
}

function telemetryItems(cluster: ClusterStatus): string[] {
  const { telemetry } = cluster;
  const { capabilities } = telemetry;
  return [
    item(l10n.t("Source"), telemetryWords(cluster)),
    ...telemetry.steps.map(({ tried, answer, found }) =>
      item(`${found ? "✓" : "✗"} ${translate(tried)}`, translate(answer)),
    ),
    ...(capabilities
      ? [
          item(l10n.t("Engine"), capabilities.engine ?? l10n.t("unknown")),
          item(l10n.t("Telemetry"), capabilities.dialects.join(", ") || l10n.t("none")),
          item(l10n.t("Scrape interval"), secondsWords(capabilities.scrapeIntervalSeconds)),
          capability(l10n.t("HTTP and gRPC"), capabilities.http),
          capability("TCP", capabilities.tcp),
          capability(l10n.t("Latency"), capabilities.latency),
          capability(l10n.t("Cluster labels"), capabilities.clusterLabels),
          capability(l10n.t("Response flags"), capabilities.responseFlags),
          capability("kube-state-metrics", capabilities.kubeStateMetrics),
          capability("cAdvisor", capabilities.cadvisor),
          capability("node-exporter", capabilities.nodeExporter),
          ...capabilities.warnings.map((warning) => item(l10n.t("Warning"), warning)),
        ]
      : []),
  ];
}

function secondsWords(seconds: number | undefined): string {
  return seconds === undefined ? l10n.t("unknown") : l10n.t("{0} s", seconds);
}

function capability(name: string, { present, lookedFor }: Capability): string {
  const looked = lookedFor.join(", ");
  return item(name, present ? l10n.t("yes ({0})", looked) : l10n.t("no (looked for {0})", looked));
}

function section(title: string, lines: readonly string[], level = 2): string[] {
  return [`${"#".repeat(level)} ${title}`, "", ...lines, ""];
}

function item(name: string, value: string): string {
  return `- **${plainText(name)}**: ${plainText(value)}`;
}

/** Text from clusters and servers, so that a preview shows it as it is: no HTML, no links, no line breaks. */
function plainText(text: string): string {
  const escaped = text.replaceAll(/[\r\n]+/g, " ").replaceAll(/[\\`*[\]<>#|]/g, "\\$&");
  // Inside a word an underscore is plain text, and metric names stay readable.
  return escaped.replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}
