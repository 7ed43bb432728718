import { countAt, fieldsAt, flagAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { LabelPool, LabelSet } from "./labelPool.ts";
import { controllerOf, type OwnerLink } from "./ownerLink.ts";
import { dataPlaneByMetadata, isCaptured, proxyRevision, readProxy } from "./proxyFacts.ts";
import { telemetryNameOf } from "./telemetryName.ts";
import { readTrouble, type PodTrouble } from "./podTrouble.ts";
import type { DataPlane } from "../views.ts";

/** All that the views need of a pod. Twenty thousand of these are held, so every field earns its place. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly labels: LabelSet;
  readonly controller: OwnerLink | undefined;
  readonly telemetryName: string;
  readonly dataPlane: DataPlane;
  /** Of its proxy; undefined where there is none or it does not say. */
  readonly revision: string | undefined;
  readonly clusterId: string | undefined;
  readonly meshId: string | undefined;
  readonly network: string | undefined;
  readonly proxyImage: string | undefined;
  /** False where only labels and annotations are known. */
  readonly isWatched: boolean;
  /** Neither ended nor being deleted. */
  readonly isLive: boolean;
  readonly isReady: boolean;
  readonly phase: string;
  readonly node: string | undefined;
  readonly restarts: number;
  readonly trouble: PodTrouble | undefined;
  /** Of the annotation `sidecar.istio.io/inject`; its label form is among the labels. */
  readonly injectAnnotation: string | undefined;
  readonly usesHostNetwork: boolean;
}

/** Reads a v1 Pod. */
export function readPod(object: KubeObject, pool: LabelPool): PodFacts {
  const { spec, status } = object;
  const meta = readPodMetadata(object, pool);
  const annotations = textMapAt(object.metadata, "annotations");
  const proxy = readProxy(spec, meta.labels.labels, annotations);
  const dataPlane = proxy?.dataPlane ?? (isCaptured(annotations) ? "ambient" : "none");
  const phase = textAt(status, "phase") ?? "Unknown";
  return {
    ...meta,
    // What the injector wrote into the proxy is what the proxy reports, whatever rule that Istio had.
    telemetryName: pool.text(proxy?.workloadName ?? meta.telemetryName),
    dataPlane,
    revision: pool.text(proxy && proxyRevision(meta.labels.labels, annotations)),
    clusterId: pool.text(proxy?.clusterId),
    meshId: pool.text(proxy?.meshId),
    network: pool.text(proxy?.network),
    proxyImage: pool.text(proxy?.image),
    isWatched: true,
    isLive: meta.isLive && phase !== "Succeeded" && phase !== "Failed",
    isReady: listAt(status, "conditions").some(
      (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
    ),
    phase: pool.text(phase),
    node: pool.text(textAt(spec, "nodeName")),
    restarts: restartsOf(status),
    trouble: readTrouble(spec, status),
    usesHostNetwork: flagAt(spec, "hostNetwork") ?? false,
  };
}

/** Reads the PartialObjectMetadata of a pod: enough to say whose it is and whether it is in the mesh. */
export function readPodMetadata(object: KubeObject, pool: LabelPool): PodFacts {
  const metadata = fieldsAt(object, "metadata");
  const labels = pool.labels(textMapAt(metadata, "labels"));
  const annotations = textMapAt(metadata, "annotations");
  const name = textAt(metadata, "name") ?? "";
  const controller = sharedLink(controllerOf(metadata), pool);
  const dataPlane = dataPlaneByMetadata(labels.labels, annotations);
  const isGenerated = textAt(metadata, "generateName") !== undefined;
  const hasProxy = dataPlane === "sidecar" || dataPlane === "gateway";
  return {
    namespace: pool.text(textAt(metadata, "namespace") ?? ""),
    name,
    labels,
    controller,
    telemetryName: pool.text(telemetryNameOf({ name, isGenerated, labels: labels.labels, controller })),
    dataPlane,
    revision: pool.text(hasProxy ? proxyRevision(labels.labels, annotations) : undefined),
    clusterId: undefined,
    meshId: undefined,
    network: undefined,
    proxyImage: undefined,
    isWatched: false,
    isLive: textAt(metadata, "deletionTimestamp") === undefined,
    isReady: false,
    phase: "Unknown",
    node: undefined,
    restarts: 0,
    trouble: undefined,
    injectAnnotation: pool.text(annotations["sidecar.istio.io/inject"]),
    usesHostNetwork: false,
  };
}

function sharedLink(link: OwnerLink | undefined, pool: LabelPool): OwnerLink | undefined {
  if (link === undefined) return undefined;
  // Node objects, which own mirror pods, are no workloads: such a pod stands for itself.
  if (link.kind === "Node" && link.group === "") return undefined;
  return { group: pool.text(link.group), kind: pool.text(link.kind), name: pool.text(link.name) };
}

function restartsOf(status: unknown): number {
  let restarts = 0;
  for (const container of listAt(status, "containerStatuses")) restarts += countAt(container, "restartCount") ?? 0;
  return restarts;
}
