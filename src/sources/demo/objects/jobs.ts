import type { WorkloadPlan } from "../world/blueprint.ts";
import { suffixOf } from "../world/seed.ts";
import { lazy, metaOf, ownerOf, timestamp, type Lazy, type Making } from "./making.ts";
import { hostIp, nodeOf, podIp, podSpec } from "./pods.ts";
import { templateLabels } from "./proxies.ts";

/** The Jobs of a CronJob that are kept, with their completed pods. */
export function jobObjects(
  making: Making,
  plan: WorkloadPlan,
  when: { readonly now: number; readonly everyMillis: number; readonly runMillis: number },
): { lazy: Lazy; token: string }[] {
  const last = Math.floor((when.now - when.runMillis) / when.everyMillis);
  return [last - 2, last - 1, last].flatMap((round) => {
    const startMillis = round * when.everyMillis;
    // Named after the scheduled minute, as the CronJob controller does.
    const job = {
      name: `${plan.name}-${Math.floor(startMillis / 60_000)}`,
      startMillis,
      endMillis: startMillis + when.runMillis,
    };
    return [
      { lazy: jobOf(making, plan, job), token: "" },
      { lazy: jobPod(making, plan, job), token: "" },
    ];
  });
}

interface Run {
  readonly name: string;
  readonly startMillis: number;
  readonly endMillis: number;
}

function jobOf(making: Making, plan: WorkloadPlan, { name, startMillis, endMillis }: Run): Lazy {
  const { namespace } = plan;
  return lazy(making, { apiVersion: "batch/v1", kind: "Job", namespace, name }, () => ({
    metadata: metaOf(making, "Job", name, {
      namespace,
      labels: { ...templateLabels(plan), "batch.kubernetes.io/job-name": name },
      owner: ownerOf(making, { apiVersion: "batch/v1", kind: "CronJob", namespace, name: plan.name }),
      createdMillis: startMillis,
      generation: 1,
    }),
    spec: { parallelism: 1, completions: 1, backoffLimit: 6, template: { spec: podSpec(making, plan) } },
    status: {
      startTime: timestamp(startMillis),
      completionTime: timestamp(endMillis),
      succeeded: 1,
      conditions: [{ type: "Complete", status: "True", lastTransitionTime: timestamp(endMillis) }],
    },
  }));
}

function jobPod(making: Making, plan: WorkloadPlan, run: Run): Lazy {
  const { namespace } = plan;
  const name = `${run.name}-${suffixOf(`${namespace}/${run.name}`, making.seed, 5)}`;
  return lazy(making, { apiVersion: "v1", kind: "Pod", namespace, name }, () => {
    const node = nodeOf(making, plan, 0);
    const finished = { startedAt: timestamp(run.startMillis + 3000), finishedAt: timestamp(run.endMillis) };
    const ended = { type: "Ready", status: "False", reason: "PodCompleted", lastTransitionTime: finished.finishedAt };
    return {
      metadata: metaOf(making, "Pod", name, {
        namespace,
        labels: { ...templateLabels(plan), "batch.kubernetes.io/job-name": run.name },
        owner: ownerOf(making, { apiVersion: "batch/v1", kind: "Job", namespace, name: run.name }),
        createdMillis: run.startMillis,
      }),
      spec: { ...podSpec(making, plan), nodeName: node },
      status: {
        phase: "Succeeded",
        conditions: [ended],
        hostIP: hostIp(making, node),
        podIP: podIp(making, `${namespace}/${name}`),
        startTime: timestamp(run.startMillis),
        qosClass: "Burstable",
        containerStatuses: [
          {
            name: "app",
            image: plan.image,
            imageID: plan.image,
            ready: false,
            started: false,
            restartCount: 0,
            state: { terminated: { exitCode: 0, reason: "Completed", ...finished } },
            lastState: {},
          },
        ],
      },
    };
  });
}
