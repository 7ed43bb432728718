import { isTrouble } from "../../health/verdict.ts";
import type { ServiceView } from "../../inventory/views.ts";
import { say } from "../../message.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";

/** The members in trouble, by their part of the errors; where none fails requests, alike. */
export function meshServiceSuspects(question: LevelQuestion, members: readonly ServiceView[]): readonly Suspect[] {
  const { input, index } = question;
  const troubled = members.filter(({ id }) => isTrouble(input.assessment(id).verdict.state));
  const failed = (view: ServiceView) => input.assessment(view.id).reading.requests?.errorsPerSecond ?? 0;
  const all = members.reduce((sum, view) => sum + failed(view), 0);
  return troubled
    .map((view): Suspect => {
      const share = all > 0 ? failed(view) / all : 1 / troubled.length;
      const context = index.contextOf(view.ref.cluster);
      const reason =
        all > 0
          ? say("{0} of the errors are in {1}", input.format.share(share), context)
          : say("{0} is in trouble in {1}", view.ref.name, context);
      const { ref } = view;
      return { level: "service", to: { level: "service", ref }, ref, name: context, share, reason };
    })
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
}
