import { MeshError } from "../../meshError.ts";
import { say } from "../../message.ts";
import { fieldsAt, textAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { WorkloadView } from "../../inventory/views.ts";
import { telemetryNames } from "../../explorer/join/nameClaims.ts";
import { selectionConfig } from "../../topology/graph/selectionConfig.ts";
import { trafficOffers, resourceOffers } from "../chartOffers.ts";
import type { FactGroup, LevelFact } from "../level.ts";
import type { LevelParts, LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy } from "../levelStore.ts";
import { podTable, readPodTraffic } from "../podTable.ts";
import { containersOf, noBounds, podBounds, timesPods } from "../resources/podSpec.ts";
import { readResources, useOf } from "../resources/readResources.ts";
import { resourceFigures } from "../resources/resourceFigures.ts";
import { dependencySuspects } from "../suspects/dependencySuspects.ts";
import { withDependencies, workloadSuspects } from "../suspects/workloadSuspects.ts";
import { listedNumbers, listedOrigins, numbersThen, trafficFigures } from "../trafficFigures.ts";
import { goneParts } from "./goneLevel.ts";

/** A controller of any kind with its pods: what flows, what it takes, and how that is spread over the pods. */
export async function workloadLevel(question: LevelQuestion): Promise<LevelParts> {
  const { input, index, at, signal } = question;
  const view = index.workload(at.ref);
  if (!view) return goneParts(question);
  const { cluster, namespace } = view.ref;
  const { reading, verdict } = input.assessment(view.id);
  const of = { what: "workload", namespace, names: telemetryNames(view) } as const;
  const pods = view.pods;
  const [traffic, resources, dependencies, object, numbers] = await Promise.all([
    readPodTraffic(question, cluster, pods),
    readResources(question, cluster, { what: "pods", namespace, pods: pods.map(({ ref }) => ref.name) }),
    dependencySuspects(question, view),
    answerOrWhy(input.reads.object(view.ref, signal), signal),
    question.isAsListed
      ? listedOrigins(question, cluster, of, reading).then((origins) => listedNumbers(reading, origins))
      : numbersThen(question, cluster, of),
  ]);
  const spec = MeshError.is(object) ? undefined : templateOf(object);
  const bounds = spec ? podBounds(containersOf(spec)) : noBounds;
  const suspects = withDependencies(workloadSuspects(question, view, traffic), dependencies);
  // What has ended uses nothing, and nothing limits it.
  const running = pods.filter(({ phase }) => phase !== "Succeeded" && phase !== "Failed");
  const uses = running.map(({ ref }) => useOf(resources, ref));
  return {
    presence: "there",
    title: view.ref.name,
    subtitle: [view.ref.kind, namespace, index.contextOf(cluster)],
    state: verdict.state,
    reasons: [
      ...suspects.slice(0, 1).map(({ reason, to }) => ({ words: reason, to })),
      ...verdict.reasons.map((words) => ({ words, to: undefined })),
    ],
    figures: [
      ...trafficFigures(numbers),
      {
        id: "ready",
        title: say("Pods ready"),
        value: view.replicas.ready,
        unit: "count",
        limit: view.replicas.desired,
        why: view.ownerRead ? undefined : say("Its {0} cannot be read; these are the pods counted", view.ref.kind),
        origin: { source: kubernetesOf(question, cluster), provenance: [] },
      },
      ...resourceFigures(uses, timesPods(bounds, running.length), resources),
    ],
    suspects,
    charts: [...trafficOffers("workload"), ...resourceOffers(resources, timesPods(bounds, 1))],
    tables: [podTable(question, pods, { traffic, resources, bounds, suspects })],
    facts: factsOf(view, MeshError.is(object) ? undefined : object),
    configuration: selectionConfig(input, { services: [], workloads: [view], callers: new Set() }),
    findings: view.problems.map(({ severity, words }) => ({ severity, words, ref: view.ref })),
    actions: ["openYaml", "describe", "validate", "logs", "copyName", "copyCommand", "showTopology", "revealInTree"],
    problems: [
      ...(MeshError.is(object) && object.kind !== "not-found" ? [object.words] : []),
      ...(resources.why ? [resources.why] : []),
      ...(view.podsRead === false ? [say("The pods of namespace {0} are not watched", namespace)] : []),
    ],
    staleSince: question.isAsListed ? reading.staleSince : undefined,
  };
}

export function kubernetesOf({ index }: LevelQuestion, cluster: string): string {
  return `Kubernetes API of ${index.contextOf(cluster)}`;
}

/** The PodSpec that a controller makes its pods from; of a bare pod its own. */
function templateOf(object: KubeObject): unknown {
  const spec = fieldsAt(object, "spec");
  if (object.kind === "Pod") return spec;
  const own = fieldsAt(spec, "template");
  const job = fieldsAt(fieldsAt(fieldsAt(spec, "jobTemplate"), "spec"), "template");
  const template = fieldsAt(Object.keys(own).length > 0 ? own : job, "spec");
  return Object.keys(template).length > 0 ? template : undefined;
}

function factsOf(view: WorkloadView, object: KubeObject | undefined): readonly FactGroup[] {
  const told = (name: LevelFact["name"], value: string | undefined): readonly LevelFact[] =>
    value === undefined || value === "" ? [] : [{ name, values: [value] }];
  const status = fieldsAt(object, "status");
  const created = object && textAt(object.metadata, "creationTimestamp");
  const revision = object?.metadata.annotations?.["deployment.kubernetes.io/revision"];
  const updated = status["updatedReplicas"];
  return [
    {
      title: say("Workload"),
      facts: [
        ...told(say("Controller"), view.ref.kind),
        ...told(say("App"), view.app),
        ...told(say("Version"), view.version),
        ...told(say("Rollout"), revision),
        ...told(say("Pods of the current rollout"), typeof updated === "number" ? String(updated) : undefined),
        ...told(say("Data plane"), view.dataPlane),
        ...told(say("Istio revision"), view.revision),
        ...(created === undefined ? [] : [{ name: say("Created"), values: [], atMillis: Date.parse(created) }]),
      ],
    },
    {
      title: say("Labels"),
      facts: Object.entries(view.labels ?? {}).map(([name, value]) => ({ name: say("{0}", name), values: [value] })),
    },
  ];
}
