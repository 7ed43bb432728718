import type { ClusterKey, ObjectRef } from "../../model/refs.ts";
import { refId } from "../../model/refs.ts";
import type { ControllerFacts } from "../facts/controllerFacts.ts";
import type { OwnerLink } from "../facts/ownerLink.ts";
import type { PodFacts } from "../facts/podFacts.ts";
import { guessOwner } from "../facts/telemetryName.ts";
import type { PodRecord } from "./workloadRecord.ts";

/** A controller that may itself be owned by what people call the workload, and the pods that name it. */
export interface OwnerStep {
  readonly ref: ObjectRef;
  readonly pods: Set<PodRecord>;
  /** As watched. */
  facts: ControllerFacts | undefined;
  /** As read once; null where it could not be read. */
  answer: ControllerFacts | null | undefined;
}

/**
 * From a pod to its workload along ownerReferences. Only ReplicaSets, ReplicationControllers and Jobs are stepped over,
 * and once: Istio names workloads so, and owners that own each other cannot hold the walk up.
 */
export class OwnerWalk {
  readonly #cluster: ClusterKey;
  readonly #steps = new Map<string, OwnerStep>();

  constructor(cluster: ClusterKey) {
    this.#cluster = cluster;
  }

  step(id: string): OwnerStep | undefined {
    return this.#steps.get(id);
  }

  /** The step of a controller, made where it is not known yet; undefined where it is the workload itself. */
  stepOf(namespace: string, controller: OwnerLink | undefined): OwnerStep | undefined {
    if (controller === undefined || !isStep(controller)) return undefined;
    const ref = this.refOf(namespace, controller);
    const id = refId(ref);
    let step = this.#steps.get(id);
    if (step === undefined) {
      step = { ref, pods: new Set(), facts: undefined, answer: undefined };
      this.#steps.set(id, step);
    }
    return step;
  }

  /** Forgets a step that nothing speaks of any more. */
  drop(step: OwnerStep): void {
    if (step.pods.size === 0 && step.facts === undefined) this.#steps.delete(refId(step.ref));
  }

  rootOf(pod: PodFacts, step: OwnerStep | undefined): ObjectRef {
    const { controller, namespace } = pod;
    if (controller === undefined) return this.refOf(namespace, { group: "", kind: "Pod", name: pod.name });
    if (step === undefined) return this.refOf(namespace, controller);
    const known = step.facts ?? step.answer ?? undefined;
    const parent = known === undefined ? guessOwner(controller, pod.labels.labels) : parentOf(step.ref, known);
    return parent === undefined ? step.ref : this.refOf(namespace, parent);
  }

  refOf(namespace: string, link: OwnerLink): ObjectRef {
    // ReplicaSets and Deployments moved here from "extensions" and are the same objects.
    const group = link.group === "extensions" ? "apps" : link.group;
    return { cluster: this.#cluster, group, kind: link.kind, namespace, name: link.name };
  }
}

/** What owns a step as its own object says; undefined where it stands for itself. */
export function parentOf(step: { readonly kind: string }, facts: ControllerFacts): OwnerLink | undefined {
  const { controller } = facts;
  // A Job made by anything but a CronJob keeps its own name in telemetry, so it is a workload of its own.
  if (step.kind === "Job" && controller?.kind !== "CronJob") return undefined;
  return controller;
}

function isStep({ group, kind }: OwnerLink): boolean {
  switch (kind) {
    case "ReplicaSet":
      return group === "apps" || group === "extensions";
    case "Job":
      return group === "batch";
    case "ReplicationController":
      return group === "";
    default:
      return false;
  }
}
