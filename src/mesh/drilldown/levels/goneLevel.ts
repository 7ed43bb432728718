import { say } from "../../message.ts";
import type { LevelParts, LevelQuestion } from "../levelQuestion.ts";

/** What is left to say of a thing that is no longer there; whoever showed it keeps what was read last. */
export function goneParts({ at, index }: LevelQuestion): LevelParts {
  const { ref } = at;
  const where = ref.cluster === "" ? [] : [index.contextOf(ref.cluster)];
  const words = say("{0} {1} no longer exists", ref.kind, ref.name);
  return {
    presence: "gone",
    title: ref.name,
    subtitle: [ref.kind, ...(ref.namespace === "" ? [] : [ref.namespace]), ...where],
    state: "unknown",
    reasons: [{ words, to: undefined }],
    figures: [],
    suspects: [],
    charts: [],
    tables: [],
    facts: [],
    configuration: [],
    findings: [],
    actions: ["copyName"],
    problems: [],
    staleSince: undefined,
  };
}
