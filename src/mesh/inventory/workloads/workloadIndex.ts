import { refId, type ClusterKey, type ObjectRef } from "../../model/refs.ts";
import type { ChangeMarks } from "../changeMarks.ts";
import type { ControllerFacts } from "../facts/controllerFacts.ts";
import type { EntryFacts } from "../facts/entryFacts.ts";
import type { LabelSet } from "../facts/labelPool.ts";
import type { OwnerLink } from "../facts/ownerLink.ts";
import { OwnerWalk, parentOf, type OwnerStep } from "./ownerWalk.ts";
import type { PodFacts } from "../facts/podFacts.ts";
import type { Selection } from "../facts/selection.ts";
import { WorkloadRecord, type EntryRecord, type Member, type PodRecord } from "./workloadRecord.ts";

/** Whether a list of these kinds is complete, so that what is missing is known to be missing. */
export interface ListedKinds {
  readonly deployments: boolean;
  readonly replicaSets: boolean;
}

const watchedKinds = new Set(
  ["apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet"].concat([
    "batch/Job",
    "batch/CronJob",
    "/Pod",
    "networking.istio.io/WorkloadGroup",
    "networking.istio.io/WorkloadEntry",
  ]),
);

/** Joins pods, entries and controllers to workloads, one change at a time. */
export class WorkloadIndex {
  readonly #marks: ChangeMarks;
  readonly #selection: Selection<Member>;
  readonly #walk: OwnerWalk;
  readonly #records = new Map<string, WorkloadRecord>();
  readonly #namespaces = new Map<string, Set<WorkloadRecord>>();
  readonly #pods = new Map<string, PodRecord>();
  readonly #entries = new Map<string, EntryRecord>();
  /** ReplicaSets and Jobs by the id of the workload that owns them. */
  readonly #children = new Map<string, Set<ControllerFacts>>();

  constructor(cluster: ClusterKey, marks: ChangeMarks, selection: Selection<Member>) {
    this.#walk = new OwnerWalk(cluster);
    this.#marks = marks;
    this.#selection = selection;
  }

  get(id: string): WorkloadRecord | undefined {
    return this.#records.get(id);
  }

  pod(key: string): PodRecord | undefined {
    return this.#pods.get(key);
  }

  all(): Iterable<WorkloadRecord> {
    return this.#records.values();
  }

  in(namespace: string): Iterable<WorkloadRecord> {
    return this.#namespaces.get(namespace) ?? [];
  }

  pods(): Iterable<PodRecord> {
    return this.#pods.values();
  }

  childrenOf(workload: WorkloadRecord): Iterable<ControllerFacts> {
    return this.#children.get(workload.id) ?? [];
  }

  /** A pod came or changed, or went (undefined). */
  setPod(key: string, facts: PodFacts | undefined): void {
    const before = this.#pods.get(key);
    if (before !== undefined) this.#takePod(key, before);
    const after = facts === undefined ? undefined : this.#putPod(key, facts);
    if (before?.workload !== after?.workload) {
      for (const record of [before, after]) if (record !== undefined) record.workload.isAnswerOld = true;
    }
    if (before === undefined) return;
    this.#dropIfGone(before.workload);
    const step = this.#walk.stepOf(before.facts.namespace, before.facts.controller);
    if (step !== undefined) this.#walk.drop(step);
  }

  /** An object came or changed, or went, of a kind that owns pods and that people know by its own name. */
  setController(link: OwnerLink, namespace: string, facts: ControllerFacts | undefined): void {
    this.#assign(this.#walk.refOf(namespace, link), facts);
  }

  /** A ReplicaSet or Job came or changed, or went: its pods may belong to another workload now. */
  setStep(link: OwnerLink, namespace: string, facts: ControllerFacts | undefined): void {
    const step = this.#walk.stepOf(namespace, link);
    if (step === undefined) return;
    if (step.facts !== undefined) this.#unassignStep(step, step.facts, facts);
    step.facts = facts;
    const parent = facts && parentOf(step.ref, facts);
    if (parent !== undefined && facts !== undefined) {
      const owner = refId(this.#walk.refOf(namespace, parent));
      const children = this.#children.get(owner);
      if (children === undefined) this.#children.set(owner, new Set([facts]));
      else children.add(facts);
      this.#markId(owner);
    } else if (facts !== undefined) {
      this.#assign(step.ref, facts);
    }
    this.#movePodsOf(step);
  }

  /** A WorkloadEntry came or changed, or went. */
  setEntry(key: string, facts: EntryFacts | undefined): void {
    const before = this.#entries.get(key);
    if (before !== undefined) {
      this.#entries.delete(key);
      before.workload.entries.delete(before);
      this.#leave(before.facts.namespace, before.facts.labels, before);
      this.#marks.workload(before.workload);
    }
    if (facts !== undefined) {
      const kind = facts.groupName === undefined ? "WorkloadEntry" : "WorkloadGroup";
      const link = { group: "networking.istio.io", kind, name: facts.groupName ?? facts.name };
      const workload = this.#record(this.#walk.refOf(facts.namespace, link));
      const record: EntryRecord = { workload, facts, dataPlane: facts.dataPlane };
      this.#entries.set(key, record);
      workload.entries.add(record);
      this.#enter(facts.namespace, facts.labels, record);
      this.#marks.workload(workload);
    }
    if (before !== undefined) this.#dropIfGone(before.workload);
  }

  /** What somebody read of an owner that is not watched; undefined where it could not be read. */
  setOwner(ref: ObjectRef, facts: ControllerFacts | undefined): void {
    const id = refId(ref);
    const step = this.#walk.step(id);
    if (step !== undefined) {
      step.answer = facts ?? null;
      this.#movePodsOf(step);
    }
    const record = this.#records.get(id);
    if (record === undefined) return;
    record.answer = facts ?? null;
    record.isAnswerOld = false;
    this.#marks.workload(record);
  }

  /** Owners worth reading: of kinds that nobody watches, not read yet or changed since. */
  wantedOwners(listed: ListedKinds): readonly ObjectRef[] {
    const wanted = new Map<string, ObjectRef>();
    for (const record of this.#records.values()) {
      if (record.controller !== undefined) continue;
      const { group, kind } = record.ref;
      if (!watchedKinds.has(`${group}/${kind}`)) {
        const isOld = record.isAnswerOld && record.answer?.replicas !== undefined;
        if (record.answer === undefined || isOld) wanted.set(record.id, record.ref);
      } else if (kind === "ReplicaSet" && listed.replicaSets && record.answer === undefined) {
        wanted.set(record.id, record.ref);
      } else if (kind === "Deployment" && listed.deployments) {
        // The guess from the pods' names led to nothing: ask their ReplicaSets.
        for (const { ref } of this.#unansweredSteps(record)) wanted.set(refId(ref), ref);
      }
    }
    return [...wanted.values()];
  }

  *#unansweredSteps(record: WorkloadRecord): Generator<OwnerStep> {
    for (const { facts } of record.pods) {
      const step = this.#walk.stepOf(facts.namespace, facts.controller);
      if (step?.facts === undefined && step?.answer === undefined && step !== undefined) yield step;
    }
  }

  #putPod(key: string, facts: PodFacts): PodRecord {
    const step = this.#walk.stepOf(facts.namespace, facts.controller);
    const workload = this.#record(this.#walk.rootOf(facts, step));
    // A pod that has ended says nothing about its service's data plane any more.
    const dataPlane = facts.isLive ? facts.dataPlane : undefined;
    const record: PodRecord = { workload, dataPlane, facts, view: undefined };
    this.#pods.set(key, record);
    workload.pods.add(record);
    step?.pods.add(record);
    this.#enter(facts.namespace, facts.labels, record);
    this.#marks.workload(workload);
    return record;
  }

  #takePod(key: string, record: PodRecord): void {
    const { facts, workload } = record;
    this.#pods.delete(key);
    workload.pods.delete(record);
    this.#walk.stepOf(facts.namespace, facts.controller)?.pods.delete(record);
    this.#leave(facts.namespace, facts.labels, record);
    this.#marks.workload(workload);
  }

  #movePodsOf(step: OwnerStep): void {
    for (const { facts } of [...step.pods]) this.setPod(`${facts.namespace}/${facts.name}`, facts);
    this.#walk.drop(step);
  }

  #unassignStep(step: OwnerStep, before: ControllerFacts, after: ControllerFacts | undefined): void {
    const parent = parentOf(step.ref, before);
    if (parent === undefined) {
      // Still its own workload: the new facts replace the old ones without the row going away in between.
      if (after === undefined || parentOf(step.ref, after) !== undefined) this.#assign(step.ref, undefined);
      return;
    }
    const owner = refId(this.#walk.refOf(step.ref.namespace, parent));
    const children = this.#children.get(owner);
    children?.delete(before);
    if (children?.size === 0) this.#children.delete(owner);
    this.#markId(owner);
  }

  #assign(ref: ObjectRef, facts: ControllerFacts | undefined): void {
    const record = facts === undefined ? this.#records.get(refId(ref)) : this.#record(ref);
    if (record === undefined) return;
    record.controller = facts;
    this.#setTemplate(record, facts?.template);
    this.#marks.workload(record);
    this.#dropIfGone(record);
  }

  #setTemplate(record: WorkloadRecord, labels: LabelSet | undefined): void {
    const { template } = record;
    if (template?.labels.key === labels?.key) return;
    const { namespace } = record.ref;
    if (template !== undefined) this.#leave(namespace, template.labels, template.member);
    record.template = labels && { labels, member: { workload: record, dataPlane: undefined } };
    if (record.template !== undefined) this.#enter(namespace, record.template.labels, record.template.member);
  }

  #enter(namespace: string, labels: LabelSet, member: Member): void {
    this.#selection.add(namespace, labels, member);
    this.#markServices(namespace, labels);
  }

  #leave(namespace: string, labels: LabelSet, member: Member): void {
    this.#markServices(namespace, labels);
    this.#selection.remove(namespace, labels, member);
  }

  #markServices(namespace: string, labels: LabelSet): void {
    for (const service of this.#selection.servicesOf(namespace, labels)) this.#marks.service(service);
  }

  #markId(id: string): void {
    const record = this.#records.get(id);
    if (record !== undefined) this.#marks.workload(record);
  }

  #record(ref: ObjectRef): WorkloadRecord {
    const id = refId(ref);
    let record = this.#records.get(id);
    if (record === undefined) {
      record = new WorkloadRecord(ref);
      // A ReplicaSet that was asked for before it turned out to be the workload itself.
      record.answer = this.#walk.step(id)?.answer;
      this.#records.set(id, record);
      const others = this.#namespaces.get(ref.namespace);
      if (others === undefined) this.#namespaces.set(ref.namespace, new Set([record]));
      else others.add(record);
    }
    return record;
  }

  #dropIfGone(record: WorkloadRecord): void {
    if (!record.isGone || this.#records.get(record.id) !== record) return;
    this.#setTemplate(record, undefined);
    this.#records.delete(record.id);
    const others = this.#namespaces.get(record.ref.namespace);
    others?.delete(record);
    if (others?.size === 0) this.#namespaces.delete(record.ref.namespace);
    this.#marks.workload(record);
  }
}
