import type { Format } from "../format/format.ts";
import type { ClusterView, MeshView } from "../inventory/views.ts";
import type { ContextFacts } from "../live/doctorFacts.ts";
import type { ClusterStatus } from "../live/liveMesh.ts";
import { say, type Message } from "../message.ts";
import { clusterFacts } from "./clusterFacts.ts";
import { markdown, plainText, type Item, type Section } from "./markdown.ts";
import { accessItems, stepItems, telemetryItems } from "./reachFacts.ts";

export interface DoctorKubeconfig {
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly contexts: readonly string[];
  readonly problems: readonly Message[];
}

/** All that the diagnosis is made of. */
export interface DoctorFacts {
  /** Milliseconds since 1970. */
  readonly takenAt: number;
  /** Names and versions of the programs involved, proxy settings and the like; as they are. */
  readonly surroundings: Readonly<Record<string, string>>;
  /** undefined where none is used. */
  readonly kubeconfig: DoctorKubeconfig | undefined;
  /** What only an editor's window has to tell, such as what it is pinned to. */
  readonly window?: readonly Item[];
  readonly clusters: readonly ClusterStatus[];
  readonly meshes: readonly MeshView[];
  /** How each context was reached, as LiveMesh.diagnose tells it. */
  readonly contexts: readonly ContextFacts[];
}

/** The diagnosis as Markdown, in the order one would ask; secrets are removed, cluster text is shown as it is. */
export function doctorReport(facts: DoctorFacts, format: Format, words: (message: Message) => string): string {
  const sections = [
    { title: say("Foreyard: Doctor"), level: 1, items: [{ name: say("Taken"), value: plainText(takenText(facts)) }] },
    { title: say("Versions"), level: 2, items: plainItems(facts.surroundings) },
    ...(facts.kubeconfig ? [kubeconfigSection(facts.kubeconfig)] : []),
    ...(facts.window ? [{ title: say("This window"), level: 2, items: facts.window }] : []),
    ...facts.clusters.flatMap((cluster) => clusterSections(cluster, facts, format)),
  ] satisfies readonly Section[];
  return `${markdown(sections, words).trimEnd()}\n`;
}

function takenText({ takenAt }: DoctorFacts): string {
  return new Date(takenAt).toISOString();
}

function plainItems(named: Readonly<Record<string, string>>): readonly Item[] {
  return Object.entries(named).map(([name, value]) => ({ name: say("{0}", name), value: plainText(value) }));
}

function kubeconfigSection({ files, currentContext, contexts, problems }: DoctorKubeconfig): Section {
  // A file that cannot be read may hold some.
  const none = problems.length > 0 ? say("none that could be read") : say("none");
  return {
    title: say("Kubeconfig"),
    level: 2,
    items: [
      { name: say("Files"), value: listed(files) },
      { name: say("Contexts"), value: contexts.length === 0 ? none : listed(contexts) },
      { name: say("Current context"), value: currentContext === undefined ? none : plainText(currentContext) },
      ...problems.map((problem) => ({ name: say("Problem"), value: problem })),
    ],
  };
}

function listed(texts: readonly string[]): Message {
  return texts.length > 0 ? plainText(texts.join(", ")) : say("none");
}

function clusterSections(status: ClusterStatus, facts: DoctorFacts, format: Format): readonly Section[] {
  const { context } = status;
  const view = viewOf(status, facts.meshes);
  const reached = facts.contexts.find((candidate) => candidate.context === context);
  return [
    { title: say("Cluster {0}", context), level: 2, items: clusterFacts(status, view, format) },
    ...(reached
      ? [
          { title: say("Way to {0}", context), level: 3, items: stepItems(reached) },
          { title: say("Rights in {0}", context), level: 3, items: accessItems(reached) },
        ]
      : []),
    { title: say("Numbers of {0}", context), level: 3, items: telemetryItems(status, format) },
  ];
}

function viewOf({ key }: ClusterStatus, meshes: readonly MeshView[]): ClusterView | undefined {
  return meshes.flatMap((mesh) => mesh.clusters).find((cluster) => cluster.key === key);
}
