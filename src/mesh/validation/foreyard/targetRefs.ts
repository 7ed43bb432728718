import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kindNameOf, kinds, type KindName } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";

const targets: ReadonlySet<KindName> = new Set<KindName>([
  kinds.Service,
  kinds.ServiceEntry,
  kinds.KubernetesGateway,
  kinds.GatewayClass,
]);

/** Policies whose targets are not there. */
export const targetRefs: Rule = {
  name: "targetRefs",
  layer: "foreyard",
  codes: [
    {
      code: "FY1121",
      severity: "warning",
      title: "Target of a policy not found",
      explanation:
        "The policy is attached to an object that does not exist in its namespace, so it applies to nothing. Targets are " +
        "looked for in the policy's own namespace; GatewayClasses in none.",
      source:
        "targetRef and targetRefs of AuthorizationPolicy, RequestAuthentication, Telemetry, WasmPlugin, TrafficExtension",
    },
  ],
  kinds: [
    kinds.AuthorizationPolicy,
    kinds.RequestAuthentication,
    kinds.Telemetry,
    kinds.WasmPlugin,
    kinds.TrafficExtension,
  ],
  reads: [...targets],
  *check(object, world) {
    const spec = fieldsAt(object.object, "spec");
    const single = fieldsOf(spec)["targetRef"];
    const refs: readonly { readonly ref: unknown; readonly path: FieldPath }[] = [
      ...(single === undefined || single === null ? [] : [{ ref: single, path: ["spec", "targetRef"] }]),
      ...listAt(spec, "targetRefs").map((ref, at): { ref: unknown; path: FieldPath } => ({
        ref,
        path: ["spec", "targetRefs", at],
      })),
    ];
    for (const { ref, path } of refs) {
      const name = textAt(ref, "name");
      const kind = kindNameOf(coreGroup(textAt(ref, "group")), textAt(ref, "kind") ?? "");
      if (name === undefined || !targets.has(kind)) continue;
      const namespace = kind === kinds.GatewayClass ? "" : object.namespace;
      if (world.get(kind, namespace, name) !== undefined) continue;
      // istiod makes the classes of its own.
      if (kind === kinds.GatewayClass && name.startsWith("istio")) continue;
      yield {
        code: "FY1121",
        message: say("No {0} {1} for this policy to apply to", textAt(ref, "kind") ?? "", name),
        path: [...path, "name"],
        problem: problems.noWorkloads,
        missingIn: namespace,
      };
    }
  },
};

function coreGroup(group: string | undefined): string {
  return group === undefined || group === "core" ? "" : group;
}
