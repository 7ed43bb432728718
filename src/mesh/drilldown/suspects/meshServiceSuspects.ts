import type { ServiceView } from "../../inventory/views.ts";
import { say } from "../../message.ts";
import { noRequests } from "../../telemetry/requestRates.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { serviceSuspects } from "./serviceSuspects.ts";
import { isFailing } from "./trouble.ts";

/** Members that are looked into at most: each takes up to three queries. */
const mostMembers = 3;

export interface MemberSuspects {
  readonly suspects: readonly Suspect[];
  /** What is suspected behind the only member; empty where there are several. */
  readonly deeper: readonly Suspect[];
}

/** The members with something behind them that explains their trouble, by their part of the errors. */
export async function meshServiceSuspects(
  question: LevelQuestion,
  members: readonly ServiceView[],
): Promise<MemberSuspects> {
  const { input, index } = question;
  const requestsOf = ({ id }: ServiceView) => input.assessment(id).reading.requests ?? noRequests;
  const failed = (view: ServiceView) => requestsOf(view).errorsPerSecond;
  const looked = members.toSorted((a, b) => failed(b) - failed(a)).slice(0, mostMembers);
  const below = await Promise.all(looked.map((view) => serviceSuspects(question, view)));
  const troubled = looked.filter((view, i) => {
    return (below[i] ?? []).length > 0 || isFailing(requestsOf(view), input.windowSeconds);
  });
  const all = troubled.reduce((sum, view) => sum + failed(view), 0);
  const suspects = troubled.map((view): Suspect => {
    const { ref } = view;
    const share = all > 0 ? failed(view) / all : 1 / troubled.length;
    const context = index.contextOf(ref.cluster);
    const reason =
      all > 0
        ? say("{0} of the errors are in {1}", input.format.share(share), context)
        : say("{0} is in trouble in {1}", ref.name, context);
    return { level: "service", to: { level: "service", ref }, ref, name: context, share, reason };
  });
  return {
    suspects: suspects.filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share),
    deeper: members.length === 1 ? (below[0] ?? []) : [],
  };
}
