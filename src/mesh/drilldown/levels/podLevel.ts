import { MeshError } from "../../meshError.ts";
import { fill, say, type Message } from "../../message.ts";
import { fieldsAt, textAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { ProxyStatus } from "../../ports.ts";
import { trafficOffers, resourceOffers } from "../chartOffers.ts";
import type { FactGroup, Figure, LevelFact, Suspect } from "../level.ts";
import type { OwnedPod } from "../levelIndex.ts";
import type { LevelParts, LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy } from "../levelStore.ts";
import { podErrorShare, readPodTraffic, type PodTraffic } from "../podTable.ts";
import { containersOf, podBounds } from "../resources/podSpec.ts";
import { readResources, useOf } from "../resources/readResources.ts";
import { resourceFigures } from "../resources/resourceFigures.ts";
import { nodeTrouble, ownTrouble } from "../suspects/podTrouble.ts";
import { podBlames } from "../suspects/workloadSuspects.ts";
import { sameOrigin, trafficFigures } from "../trafficFigures.ts";
import { conditionTable, containerTable, eventTable } from "./podTables.ts";
import { goneParts } from "./goneLevel.ts";
import { kubernetesOf } from "./workloadLevel.ts";

/** A pod: its phase, containers and conditions, what it takes, and whether its proxy has what was sent to it. */
export async function podLevel(question: LevelQuestion): Promise<LevelParts> {
  const { input, index, at, signal } = question;
  const { ref } = at;
  const owned = index.pod(ref);
  const [object, events, sync, traffic, resources] = await Promise.all([
    answerOrWhy(input.reads.object(ref, signal), signal),
    answerOrWhy(input.reads.events(ref, signal), signal),
    answerOrWhy(input.reads.proxyStatus(ref.cluster, signal), signal),
    readPodTraffic(question, ref.cluster, owned?.workload.pods ?? []),
    readResources(question, ref.cluster, { what: "pods", namespace: ref.namespace, pods: [ref.name] }),
  ]);
  const isGone = MeshError.is(object) && object.kind === "not-found";
  if (isGone || (!owned && MeshError.is(object))) {
    if (isGone) return goneParts(question);
    return { ...goneParts(question), presence: "unreadable", reasons: [{ words: object.words, to: undefined }] };
  }
  const manifest = MeshError.is(object) ? undefined : object;
  const containers = containersOf(manifest?.["spec"]);
  const bounds = podBounds(containers);
  const use = useOf(resources, ref);
  const suspects = podSuspects(question, owned, traffic);
  const trouble = owned && ownTrouble(question, owned.pod);
  const below = owned && nodeTrouble(question, owned.pod);
  return {
    presence: "there",
    title: ref.name,
    subtitle: [say("Pod"), ref.namespace, index.contextOf(ref.cluster)],
    state: owned ? index.podState(owned.pod) : "unknown",
    reasons: [
      ...(trouble ? [{ words: trouble, to: undefined }] : []),
      ...(below ? [{ words: below.words, to: { level: "node" as const, ref: below.view.ref } }] : []),
    ],
    figures: [
      // Of one pod only the p95 is asked; its chart has all three.
      ...trafficFigures(numbersOf(owned ? traffic : { ...traffic, why: notWatched(ref) }, ref.name)).filter(
        ({ id }) => id !== "p50" && id !== "p99",
      ),
      ...resourceFigures([use], bounds, resources),
      restartFigure(question, owned),
    ],
    suspects,
    charts: [...trafficOffers("pod"), ...resourceOffers(resources, bounds)],
    tables: [containerTable(manifest, containers, use), conditionTable(manifest), eventTable(events)],
    facts: factsOf(question, owned, { manifest, sync }),
    configuration: [],
    findings: [],
    actions: [
      "openYaml",
      "describe",
      "validate",
      "logs",
      "previousLogs",
      "copyName",
      "copyCommand",
      "showTopology",
      "revealInTree",
    ],
    problems: [...(MeshError.is(object) ? [object.words] : []), ...(resources.why ? [resources.why] : [])],
    staleSince: undefined,
  };
}

function notWatched({ namespace }: ObjectRef): Message {
  return say("The pods of namespace {0} are not watched", namespace);
}

function restartFigure(question: LevelQuestion, owned: OwnedPod | undefined): Figure {
  const { ref } = question.at;
  return {
    id: "restarts",
    title: say("Restarts"),
    value: owned?.pod.restarts ?? NaN,
    unit: "count",
    why: owned ? undefined : notWatched(ref),
    origin: { source: kubernetesOf(question, ref.cluster), provenance: [] },
  };
}

/** What is under the pod: a node that is in trouble, where the pod is, too. */
function podSuspects(question: LevelQuestion, owned: OwnedPod | undefined, traffic: PodTraffic): readonly Suspect[] {
  const trouble = owned && nodeTrouble(question, owned.pod);
  if (!trouble) return [];
  const blamed = podBlames(question, owned.workload, traffic).find(({ pod }) => pod.id === owned.pod.id);
  if (!blamed?.standsOut || blamed.share <= 0) return [];
  const { ref } = trouble.view;
  return [{ level: "node", to: { level: "node", ref }, ref, name: ref.name, share: 1, reason: trouble.words }];
}

function numbersOf(traffic: PodTraffic, name: string) {
  const row = traffic.rows.get(name);
  return {
    rps: row?.rps ?? NaN,
    errorShare: podErrorShare(row),
    p50: NaN,
    p95: row?.p95 ?? NaN,
    p99: NaN,
    receivedBytesPerSecond: row?.receivedBytesPerSecond ?? NaN,
    sentBytesPerSecond: row?.sentBytesPerSecond ?? NaN,
    isIdle: row?.rps === 0,
    why: traffic.why,
    origins: sameOrigin(traffic.answer && { source: traffic.source, provenance: traffic.answer.provenance }),
  };
}

interface Read {
  readonly manifest: KubeObject | undefined;
  readonly sync: readonly ProxyStatus[] | MeshError;
}

function factsOf(question: LevelQuestion, owned: OwnedPod | undefined, { manifest, sync }: Read): readonly FactGroup[] {
  const { index, at } = question;
  const [spec, status] = [fieldsAt(manifest, "spec"), fieldsAt(manifest, "status")];
  const told = (name: Message, value: string | undefined): readonly LevelFact[] =>
    value === undefined ? [] : [{ name, values: [value] }];
  const node = owned?.pod.node ?? textAt(spec, "nodeName");
  const started = textAt(status, "startTime");
  return [
    {
      title: say("Pod"),
      facts: [
        ...told(say("Phase"), textAt(status, "phase") ?? owned?.pod.phase),
        ...told(say("IP"), textAt(status, "podIP")),
        ...(node === undefined
          ? []
          : [
              {
                name: say("Node"),
                values: [node],
                to: { level: "node" as const, ref: index.nodeRef(at.ref.cluster, node) },
              },
            ]),
        ...told(say("Cluster"), index.contextOf(at.ref.cluster)),
        ...(started === undefined ? [] : [{ name: say("Started"), values: [], atMillis: Date.parse(started) }]),
        ...told(say("Service account"), textAt(spec, "serviceAccountName")),
        { name: say("Proxy"), values: syncWords(`${at.ref.name}.${at.ref.namespace}`, owned, sync) },
      ],
    },
    {
      title: say("Labels"),
      facts: Object.entries(manifest?.metadata.labels ?? {}).map(([name, value]) => ({
        name: say("{0}", name),
        values: [value],
      })),
    },
  ];
}

function syncWords(
  proxy: string,
  owned: OwnedPod | undefined,
  sync: readonly ProxyStatus[] | MeshError,
): readonly Message[] {
  const plane = owned?.pod.dataPlane;
  if (plane === "none" || plane === "ambient") return [say("it has none")];
  if (MeshError.is(sync)) return [say("unknown"), sync.words];
  const found = sync.find((status) => status.proxy === proxy);
  if (!found) return [say("unknown"), say("No istiod that was asked serves it")];
  const late = Object.entries(found.types).filter(([, state]) => state === "stale" || state === "error");
  if (late.length === 0) return [say("in sync with {0}", found.istiod)];
  const words = late.map(([type, state]) =>
    fill(state === "stale" ? say("{0} not acknowledged", type) : say("{0} refused", type)),
  );
  return [say("not in sync with {0}: {1}", found.istiod, words.join(", "))];
}
