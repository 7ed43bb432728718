import { refId, type ObjectRef } from "../../model/refs.ts";
import type { ControllerFacts } from "../facts/controllerFacts.ts";
import type { EntryFacts } from "../facts/entryFacts.ts";
import type { LabelSet } from "../facts/labelPool.ts";
import type { PodFacts } from "../facts/podFacts.ts";
import type { DataPlane, PodView, WorkloadView } from "../views.ts";

/** Something that services can select. */
export interface Member {
  readonly workload: WorkloadRecord;
  /** undefined for a pod template, which stands for pods that may come, and for pods that have ended. */
  readonly dataPlane: DataPlane | undefined;
}

export interface PodRecord extends Member {
  readonly facts: PodFacts;
  /** Built when first asked for; facts never change, they are replaced. */
  view: PodView | undefined;
}

export interface EntryRecord extends Member {
  readonly facts: EntryFacts;
}

/** Everything known of one workload; the view is made from it. */
export class WorkloadRecord {
  readonly id: string;
  readonly ref: ObjectRef;
  readonly pods = new Set<PodRecord>();
  readonly entries = new Set<EntryRecord>();
  /** The object itself, where its kind is watched. */
  controller: ControllerFacts | undefined;
  /** The object itself, where somebody read it once; null where it could not be read. */
  answer: ControllerFacts | null | undefined;
  /** Pods came or went since the answer, so that what it says may be old. */
  isAnswerOld = false;
  /** Labels that its future pods or entries will have, and under which it stands in the selection. */
  template: { readonly labels: LabelSet; readonly member: Member } | undefined;
  view: WorkloadView | undefined;

  constructor(ref: ObjectRef) {
    this.ref = ref;
    this.id = refId(ref);
  }

  /** Nothing speaks for it any more. */
  get isGone(): boolean {
    return this.controller === undefined && this.pods.size === 0 && this.entries.size === 0;
  }
}
