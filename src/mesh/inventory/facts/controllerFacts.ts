import { countAt, fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { healthRateOf } from "./healthRate.ts";
import type { LabelPool, LabelSet } from "./labelPool.ts";
import { controllerOf, type OwnerLink } from "./ownerLink.ts";
import { readProxy, type ProxyFacts } from "./proxyFacts.ts";
import { readSystemPart, type SystemPart } from "./systemPart.ts";
import type { Replicas } from "../views.ts";

/** What the views need of a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or custom controller. */
export interface ControllerFacts {
  readonly namespace: string;
  readonly name: string;
  /** Labels of the pods it makes; undefined where only its metadata are known. */
  readonly template: LabelSet | undefined;
  /** undefined where it does not say (metadata only, CronJobs): then its pods are counted. */
  readonly replicas: Replicas | undefined;
  readonly controller: OwnerLink | undefined;
  /** A proxy that the template itself brings along, as gateways that istiod deploys do. */
  readonly templateProxy: ProxyFacts | undefined;
  /** Set for Istio's own parts. */
  readonly system: SystemPart | undefined;
  /** As {@link healthRateOf} reads it; absent on nearly all. */
  readonly healthRate?: string;
}

/** Reads any controller by the fields that built-in and custom ones share; a CronJob has none of its own. */
export function readController(object: KubeObject, pool: LabelPool): ControllerFacts {
  const metadata = fieldsAt(object, "metadata");
  const spec = fieldsAt(object, "spec");
  const template = fieldsAt(spec, "template");
  const templateMeta = fieldsAt(template, "metadata");
  const templateLabels = textMapAt(templateMeta, "labels");
  return {
    namespace: pool.text(textAt(metadata, "namespace") ?? ""),
    name: textAt(metadata, "name") ?? "",
    template: spec["template"] === undefined ? undefined : pool.labels(templateLabels),
    replicas: readReplicas(object.kind, spec, fieldsAt(object, "status")),
    controller: controllerOf(metadata),
    templateProxy: readProxy(template["spec"], templateLabels, textMapAt(templateMeta, "annotations")),
    system: readSystemPart(object),
    ...healthRateOf(pool, metadata, templateMeta),
  };
}

function readReplicas(kind: unknown, spec: unknown, status: unknown): Replicas | undefined {
  switch (kind) {
    case "DaemonSet":
      return { desired: countAt(status, "desiredNumberScheduled") ?? 0, ready: countAt(status, "numberReady") ?? 0 };
    case "Job":
      return jobReplicas(spec, status);
    case "Deployment":
    case "StatefulSet":
    case "ReplicaSet":
      // The API server leaves readyReplicas out where it is 0, and defaults replicas to 1.
      return { desired: countAt(spec, "replicas") ?? 1, ready: countAt(status, "readyReplicas") ?? 0 };
    default: {
      const desired = countAt(spec, "replicas");
      const ready = countAt(status, "readyReplicas");
      return desired === undefined || ready === undefined ? undefined : { desired, ready };
    }
  }
}

// A Job wants as many pods at once as its parallelism, yet never more than completions are still missing.
function jobReplicas(spec: unknown, status: unknown): Replicas | undefined {
  const hasEnded = listAt(status, "conditions").some(
    (condition) =>
      ["Complete", "Failed"].includes(textAt(condition, "type") ?? "") && textAt(condition, "status") === "True",
  );
  if (hasEnded) return { desired: 0, ready: 0 };
  const ready = countAt(status, "ready");
  if (ready === undefined) return undefined;
  const parallelism = countAt(spec, "parallelism") ?? 1;
  const completions = countAt(spec, "completions");
  const missing = completions === undefined ? parallelism : completions - (countAt(status, "succeeded") ?? 0);
  return { desired: Math.max(0, Math.min(parallelism, missing)), ready };
}
