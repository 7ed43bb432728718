import { fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { ControllerFacts } from "./controllerFacts.ts";
import type { LabelPool, LabelSet } from "./labelPool.ts";
import type { DataPlane } from "../views.ts";

/** What the views need of a networking.istio.io WorkloadEntry: one machine outside Kubernetes, or a group's member. */
export interface EntryFacts {
  readonly namespace: string;
  readonly name: string;
  readonly labels: LabelSet;
  /** The WorkloadGroup that it was registered under. */
  readonly groupName: string | undefined;
  readonly dataPlane: DataPlane;
  readonly isReady: boolean;
}

/**
 * Reads a WorkloadEntry. Its proxy is a fact where istiod wrote down who holds its connection, or where the entry says
 * that it speaks Istio's mTLS; istiod's health condition appears only where a probe is configured.
 * Istio's pilot/pkg/autoregistration, and the label security.istio.io/tlsMode.
 */
export function readEntry(object: KubeObject, pool: LabelPool): EntryFacts {
  const metadata = fieldsAt(object, "metadata");
  const annotations = textMapAt(metadata, "annotations");
  const labels = { ...textMapAt(fieldsAt(object, "spec"), "labels"), ...textMapAt(metadata, "labels") };
  const owner = listAt(metadata, "ownerReferences").find((candidate) => textAt(candidate, "kind") === "WorkloadGroup");
  const isConnected =
    annotations["istio.io/workloadController"] !== undefined && annotations["istio.io/disconnectedAt"] === undefined;
  const hasProxy = isConnected || labels["security.istio.io/tlsMode"] === "istio";
  const health = listAt(fieldsAt(object, "status"), "conditions").find(
    (condition) => textAt(condition, "type") === "Healthy",
  );
  return {
    namespace: pool.text(textAt(metadata, "namespace") ?? ""),
    name: textAt(metadata, "name") ?? "",
    labels: pool.labels(labels),
    groupName: pool.text(annotations["istio.io/autoRegistrationGroup"] ?? textAt(owner, "name")),
    dataPlane: hasProxy ? "sidecar" : "none",
    isReady: health === undefined || textAt(health, "status") === "True",
  };
}

/** Reads a WorkloadGroup: the labels that its entries will have. How many there are only the entries tell. */
export function readGroup(object: KubeObject, pool: LabelPool): ControllerFacts {
  const metadata = fieldsAt(object, "metadata");
  return {
    namespace: pool.text(textAt(metadata, "namespace") ?? ""),
    name: textAt(metadata, "name") ?? "",
    template: pool.labels(textMapAt(fieldsAt(fieldsAt(object, "spec"), "metadata"), "labels")),
    replicas: undefined,
    controller: undefined,
    templateProxy: undefined,
    system: undefined,
  };
}
