import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { isControlPlaneObject } from "../controlPlaneObject.ts";

const proxyUser = 1337;
const proxies: ReadonlySet<string> = new Set(["istio-proxy", "istio-operator"]);

/** Applications that run as the proxy's user: their traffic is taken for the proxy's own and not intercepted. */
export const applicationUid: Rule = {
  name: "applicationUID.Analyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0144",
      severity: "warning",
      title: "Runs as the proxy's user",
      explanation:
        "User 1337 is the sidecar proxy's. Traffic of an application with this user is not redirected to the proxy, so " +
        "that no rule of the mesh applies to it. Choose another user.",
      source: "securityContext.runAsUser; Istio's analyzers/deployment/pod.go",
    },
  ],
  kinds: [kinds.Pod, kinds.Deployment, kinds.StatefulSet, kinds.DaemonSet, kinds.Job],
  reads: [],
  *check(object, world) {
    if (isControlPlaneObject(object.object)) return;
    const spec = fieldsAt(object.object, "spec");
    if (object.kind === kinds.Pod) yield* ofPod(spec, ["spec"]);
    else if (object.kind === kinds.Deployment || !world.settings.isExactlyIstio) {
      yield* ofPod(fieldsAt(fieldsAt(spec, "template"), "spec"), ["spec", "template", "spec"]);
    }
  },
};

function* ofPod(spec: unknown, path: FieldPath): Generator<RuleFinding> {
  const message = say("User 1337 is reserved for the proxy");
  if (usesProxyUser(spec)) {
    yield { code: "IST0144", message, path: [...path, "securityContext", "runAsUser"] };
  }
  for (const [at, container] of listAt(spec, "containers").entries()) {
    if (proxies.has(textAt(container, "name") ?? "") || !usesProxyUser(container)) continue;
    yield { code: "IST0144", message, path: [...path, "containers", at, "securityContext", "runAsUser"] };
  }
}

function usesProxyUser(holder: unknown): boolean {
  return fieldsAt(holder, "securityContext")["runAsUser"] === proxyUser;
}
