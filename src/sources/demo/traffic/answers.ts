import type { Protocol, WorkloadPlan } from "../world/blueprint.ts";
import type { Split } from "./splitTraffic.ts";

/** How a workload answers a part of what it is asked. Shares per mood; all answers of a split add up to 1. */
export interface Answer {
  readonly share: readonly [calm: number, busy: number];
  readonly code: number;
  readonly grpcStatus: number | undefined;
  readonly sourceFlags: string;
  readonly destinationFlags: string;
  readonly pods: readonly number[] | undefined;
  /** Factor on the workload's median time. */
  readonly slowness: number;
}

type Outcome = Pick<Answer, "code" | "grpcStatus" | "destinationFlags">;

/** Of the sick pod's failures: its application says 500 itself, or is gone while it restarts and its proxy says 503. */
const gone = 0.15;

export function answersOf(split: Split, protocol: Protocol): readonly Answer[] {
  const plan = split.to;
  if (!plan || protocol === "tcp") {
    const flags = { sourceFlags: split.flags, destinationFlags: "-" };
    const { code, grpcStatus } = split;
    const isOk = protocol === "grpc" && plan;
    const status = isOk ? 0 : grpcStatus;
    return [{ share: [1, 1], code, grpcStatus: status, ...flags, pods: undefined, slowness: 1 }];
  }
  const make = (share: Answer["share"], outcome: Outcome, more: Partial<Answer> = {}): Answer => ({
    share,
    ...outcome,
    sourceFlags: split.flags,
    pods: undefined,
    slowness: 1,
    ...more,
  });
  const well = healthy(plan, protocol);
  const { sickness } = plan;
  if (!sickness) return well.map(({ share, outcome }) => make([share, share], outcome));
  const others = Array.from({ length: plan.replicas }, (_, pod) => pod).filter((pod) => pod !== sickness.pod);
  const perPod = 1 / plan.replicas;
  const [calm, busy] = sickness.failingShare;
  const broken = failure(protocol);
  const restarting: Outcome = { ...broken, code: protocol === "grpc" ? 200 : 503, destinationFlags: "UC" };
  const sick = { pods: [sickness.pod], slowness: 7 };
  return [
    ...well.map(({ share, outcome }) => {
      const part = share * (1 - perPod);
      return make([part, part], outcome, { pods: others });
    }),
    ...well.map(({ share, outcome }) =>
      make([share * perPod * (1 - calm), share * perPod * (1 - busy)], outcome, sick),
    ),
    make([perPod * calm * (1 - gone), perPod * busy * (1 - gone)], broken, sick),
    make([perPod * calm * gone, perPod * busy * gone], restarting, { ...sick, slowness: 0.1 }),
  ];
}

function healthy(plan: WorkloadPlan, protocol: Protocol): { share: number; outcome: Outcome }[] {
  const ok: Outcome = { code: 200, grpcStatus: protocol === "grpc" ? 0 : undefined, destinationFlags: "-" };
  const notFound: Outcome = { ...ok, code: 404 };
  const { failingShare, notFoundShare } = plan;
  return [
    { share: 1 - failingShare - notFoundShare, outcome: ok },
    { share: failingShare, outcome: failure(protocol) },
    { share: notFoundShare, outcome: notFound },
  ].filter(({ share }) => share > 0);
}

function failure(protocol: Protocol): Outcome {
  const isGrpc = protocol === "grpc";
  return { code: isGrpc ? 200 : 500, grpcStatus: isGrpc ? 13 : undefined, destinationFlags: "-" };
}
