import { say } from "../../message.ts";
import { compareHealth, worstOf } from "../../health/verdict.ts";
import type { ServiceView } from "../../inventory/views.ts";
import { serviceNames } from "../../explorer/join/nameClaims.ts";
import { selectionConfig } from "../../topology/graph/selectionConfig.ts";
import { numberCell, numberColumn, rateCell, stateCell, textCell, textColumn } from "../cells.ts";
import { trafficOffers } from "../chartOffers.ts";
import type { LevelTable, Suspect } from "../level.ts";
import type { LevelParts, LevelQuestion } from "../levelQuestion.ts";
import { onlyAsListed } from "../rowNumbers.ts";
import { meshServiceSuspects } from "../suspects/meshServiceSuspects.ts";
import {
  listedNumbers,
  listedOrigins,
  numbersThen,
  originsTogether,
  trafficFigures,
  unlisted,
  type TrafficNumbers,
} from "../trafficFigures.ts";
import { goneParts } from "./goneLevel.ts";
import { workloadTable } from "./serviceLevel.ts";

/** A service of one namespace and name over all clusters: its members, and what they tell together. */
export async function meshServiceLevel(question: LevelQuestion): Promise<LevelParts> {
  const { input, index, at } = question;
  const members = index.members(at.ref, question.path);
  const [only, ...others] = members;
  if (!only) return goneParts(question);
  const assessed = members.map((view) => ({ view, ...input.assessment(view.id) }));
  const verdict = worstOf(assessed.map((one) => one.verdict));
  // With one member there is nothing to choose between: what is behind it is looked at right away.
  const { suspects, deeper } = await meshServiceSuspects(question, members);
  const stale = assessed.flatMap(({ reading }) => reading.staleSince ?? []);
  return {
    presence: "there",
    title: at.ref.name,
    subtitle: [say("Mesh service"), at.ref.namespace],
    state: verdict.state,
    reasons: [
      ...[...deeper, ...suspects].slice(0, 1).map(({ reason, to }) => ({ words: reason, to })),
      ...verdict.reasons.map((words) => ({ words, to: undefined })),
    ],
    figures: trafficFigures(together(await numbersOf(question, members))),
    suspects,
    charts: trafficOffers("meshService"),
    tables: [
      memberTable(question, members, suspects),
      ...members.slice(0, 1).map((view) => workloadTable(question, view, deeper)),
    ].slice(0, others.length === 0 ? 2 : 1),
    facts: [
      {
        title: say("Mesh service"),
        facts: [{ name: say("Hosts"), values: [...new Set(members.flatMap(({ hosts }) => hosts))] }],
      },
    ],
    configuration: selectionConfig(input, {
      services: members,
      workloads: members.flatMap((view) => index.workloadsOf(view)),
      callers: new Set(),
    }),
    findings: [],
    actions: ["copyName", "showTopology", "revealInTree"],
    problems: [],
    staleSince: stale.length > 0 ? Math.min(...stale) : undefined,
  };
}

/** Of each member: the lists' own now, else four queries for each. */
function numbersOf(question: LevelQuestion, members: readonly ServiceView[]): Promise<readonly TrafficNumbers[]> {
  return Promise.all(
    members.map(async (view) => {
      const { cluster, namespace, name } = view.ref;
      const { reading } = question.input.assessment(view.id);
      const of = { what: "service", namespace, name: serviceNames(view)[0] ?? name } as const;
      if (!question.isAsListed) return numbersThen(question, cluster, of);
      return listedNumbers(reading, await listedOrigins(question, cluster, of, reading));
    }),
  );
}

/** Rates add up, since each request is counted where it was answered; quantiles do not. */
function together(all: readonly TrafficNumbers[]): TrafficNumbers {
  const [first] = all;
  const known = all.filter(
    ({ rps, receivedBytesPerSecond, isIdle }) => rps >= 0 || receivedBytesPerSecond >= 0 || isIdle,
  );
  const busy = known.filter(({ rps, isIdle }) => rps > 0 && !isIdle);
  const sum = (of: (numbers: TrafficNumbers) => number) => {
    const told = known.map(of).filter((value) => !Number.isNaN(value));
    return told.length > 0 ? told.reduce((a, b) => a + b) : NaN;
  };
  const rps = sum((numbers) => numbers.rps);
  const failed = sum((numbers) => numbers.errorShare * numbers.rps);
  // Of a member that nothing is known of anything may be so.
  const isWhole = known.length === all.length;
  const single = isWhole && busy.length === 1 ? busy[0] : undefined;
  return {
    rps,
    errorShare: rps > 0 ? failed / rps : NaN,
    p50: single?.p50 ?? NaN,
    p95: single?.p95 ?? NaN,
    p99: single?.p99 ?? NaN,
    receivedBytesPerSecond: sum((numbers) => numbers.receivedBytesPerSecond),
    sentBytesPerSecond: sum((numbers) => numbers.sentBytesPerSecond),
    isIdle: isWhole && known.length > 0 && known.every((numbers) => numbers.isIdle),
    why:
      known.length < all.length
        ? say("{0} of {1} members have no numbers", all.length - known.length, all.length)
        : busy.length > 1
          ? say("Quantiles of several clusters do not add up: see the members")
          : first?.why,
    origins: originsTogether(known),
  };
}

function memberTable(
  question: LevelQuestion,
  members: readonly ServiceView[],
  suspects: readonly Suspect[],
): LevelTable {
  const { input, index } = question;
  const rows = members.map((view) => {
    const { reading, verdict } = input.assessment(view.id);
    const numbers = question.isAsListed ? listedNumbers(reading, {}) : unlisted;
    const pods = index.workloadsOf(view).reduce((sum, { replicas }) => sum + replicas.ready, 0);
    return {
      to: { level: "service" as const, ref: view.ref },
      ref: view.ref,
      share: suspects.find(({ ref }) => ref.cluster === view.ref.cluster)?.share ?? 0,
      cells: [
        textCell(index.contextOf(view.ref.cluster)),
        stateCell(verdict.state),
        rateCell(numbers.rps, numbers.isIdle),
        numberCell(numbers.errorShare, "share"),
        numberCell(numbers.p95, "seconds"),
        numberCell(pods, "count"),
      ],
      state: verdict.state,
    };
  });
  rows.sort((a, b) => b.share - a.share || compareHealth(a.state, b.state));
  return {
    id: "members",
    title: say("Services"),
    columns: [
      textColumn("cluster", say("Cluster")),
      textColumn("state", say("State")),
      numberColumn("rps", say("Requests")),
      numberColumn("errors", say("Errors")),
      numberColumn("p95", say("p95")),
      numberColumn("pods", say("Pods ready")),
    ],
    rows: rows.map(({ to, ref, share, cells }) => ({ to, ref, share, cells })),
    why: question.isAsListed ? undefined : onlyAsListed,
  };
}
