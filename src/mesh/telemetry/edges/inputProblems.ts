import { say } from "../../message.ts";
import type { CountingProblem, StoreAnswer } from "./storeAnswer.ts";

/** How many rows of an answer could not be counted. */
export interface BadInput {
  /** NaN, infinite or below zero. */
  readonly values: number;
  /** Neither source, destination nor waypoint: whether another row tells the same is not known. */
  readonly reporters: number;
  /** The same labels once more. */
  readonly repeated: number;
}

export const noBadInput: BadInput = { values: 0, reporters: 0, repeated: 0 };

export function inputProblems({ sourceId, label }: StoreAnswer, bad: BadInput): readonly CountingProblem[] {
  const problems: CountingProblem[] = [];
  if (bad.values > 0) {
    const words = say("{0} gave {1} values that are no rates; these series are left out", label, bad.values);
    problems.push({ id: `bad values/${sourceId}`, words });
  }
  if (bad.reporters > 0) {
    const words = say("{0} gave {1} series that do not say who reports them; these are left out", label, bad.reporters);
    problems.push({ id: `no reporter/${sourceId}`, words });
  }
  if (bad.repeated > 0) {
    const words = say("{0} gave {1} series twice; these are counted once", label, bad.repeated);
    problems.push({ id: `repeated/${sourceId}`, words });
  }
  return problems;
}
