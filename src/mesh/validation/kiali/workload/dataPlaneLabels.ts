import { say } from "../../../message.ts";
import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import type { PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { hasAmbientLabel, isAmbientNamespace, isRedirected, own as ownLabel } from "../ambient/enrolment.ts";
import { hasProxyContainer, isOwned, podKinds, readWorkload, workloadsWith } from "../registry/workloads.ts";
import { isInjected } from "./injection.ts";

const source = "istio.io/dataplane-mode, istio-injection; Kiali's ambient/ambient_workload_checker.go";

export const dataPlaneLabels: Rule = {
  name: "kialiDataPlaneLabels",
  layer: "kiali",
  codes: [
    {
      code: "KIA1311",
      severity: "error",
      title: "Sidecar and ambient asked for at once",
      explanation:
        "Labels of the workload or its namespace ask for a sidecar and for ambient. A pod is in one of them: with a sidecar it is left out of ambient. Remove one of the labels.",
      source,
    },
    {
      code: "KIA1314",
      severity: "error",
      title: "Sidecar asked for, pod in ambient",
      explanation:
        "A sidecar is asked for, and a pod's traffic goes to ztunnel. Restart the workload after its labels, or those of the namespace, say one thing.",
      source,
    },
    {
      code: "KIA1315",
      severity: "error",
      title: "Pod with a sidecar labelled for ambient",
      explanation:
        "Labels put the workload into ambient, and a pod runs a sidecar, so it stays out of ambient. Restart it without injection, or remove the label.",
      source,
    },
    {
      code: "KIA1316",
      severity: "warning",
      title: "Sidecar in an ambient namespace",
      explanation:
        "The namespace is in ambient, and this workload runs a sidecar. That is right while moving; else switch its injection off.",
      source,
    },
  ],
  kinds: podKinds,
  reads: [kinds.Namespace, kinds.Pod],
  *check(object, world) {
    if (isOwned(object)) return;
    const workload = readWorkload(object);
    // A waypoint or a gateway is a proxy and has no sidecar beside it.
    if (Object.hasOwn(workload.labels, "gateway.networking.k8s.io/gateway-name")) return;
    const isAmbient = hasAmbientLabel(world, workload);
    const injected = isInjected(world, workload);
    const at = labelPath(workload, "istio.io/dataplane-mode");
    if (isAmbient && injected) {
      yield { code: "KIA1311", path: at, message: say("{0} is labelled for a sidecar and for ambient", object.name) };
    }
    yield* judgePods(world, workload, { isAmbient, injected, at });
  },
};

interface Wish {
  readonly isAmbient: boolean;
  readonly injected: boolean;
  readonly at: FieldPath;
}

function* judgePods(world: World, workload: PodLike, { isAmbient, injected, at }: Wish): Generator<RuleFinding> {
  const { object } = workload;
  const pods = [workload, ...podsOf(world, workload)];
  const redirected = pods.find(isRedirected);
  const withProxy = pods.find(hasProxyContainer);
  if (injected && redirected !== undefined) {
    yield {
      code: "KIA1314",
      path: at,
      message: say("Pod {0} is in ambient, and a sidecar is asked for", redirected.object.name),
    };
  }
  if (withProxy === undefined) return;
  if (isAmbient) {
    yield {
      code: "KIA1315",
      path: at,
      message: say("{0} runs a sidecar and is labelled for ambient", withProxy.object.name),
    };
  }
  if (isAmbientNamespace(world, object.namespace)) {
    yield {
      code: "KIA1316",
      path: at,
      message: say("{0} runs a sidecar in an ambient namespace", withProxy.object.name),
    };
  }
}

function podsOf(world: World, { object, labels }: PodLike): readonly PodLike[] {
  if (object.kind === kinds.Pod || Object.keys(labels).length === 0) return [];
  const selector = textMapAt(fieldsAt(fieldsAt(object.object, "spec"), "selector"), "matchLabels");
  return workloadsWith(world, object.namespace, Object.keys(selector).length > 0 ? selector : labels)
    .filter((one: WorldObject) => one.kind === kinds.Pod)
    .map(readWorkload);
}

/** A label of the pods, if it is set there; else the workload's name. */
export function labelPath({ object, labels }: PodLike, name: string): FieldPath {
  if (ownLabel(labels, name) === undefined) return ["metadata", "name"];
  if (object.kind === kinds.Pod) return ["metadata", "labels", name];
  const template = object.kind === kinds.CronJob ? ["jobTemplate", "spec", "template"] : ["template"];
  return ["spec", ...template, "metadata", "labels", name];
}
