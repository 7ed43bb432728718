import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kindOfReference } from "../../gateway/references.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";

/** True if any ReferenceGrant of a namespace lets something of another in, by "from namespace/to namespace". */
const hasGrant = defineQuery((world, key): boolean => {
  const at = key.indexOf("/");
  return world
    .inNamespace(kinds.ReferenceGrant, key.slice(at + 1))
    .some(({ object }) =>
      listAt(fieldsAt(object, "spec"), "from").some((from) => textAt(from, "namespace") === key.slice(0, at)),
    );
});

/** Services that routes name and nobody has. */
export const routeService: Rule = {
  name: "kialiRouteService",
  layer: "kiali",
  codes: [
    {
      code: "KIA1402",
      severity: "error",
      title: "Service of a route not found",
      explanation:
        "The parent or backend of the route is a Service that does not exist, or is in another namespace without a ReferenceGrant. Use the plain name of a Service.",
      source: "HTTPRoute and GRPCRoute, parentRefs and backendRefs; Kiali's k8shttproutes/no_host_checker.go",
    },
  ],
  kinds: [kinds.HTTPRoute, kinds.GRPCRoute],
  reads: [kinds.Service, kinds.ReferenceGrant],
  *check({ object, namespace: own }, world) {
    for (const { ref, path } of servicesOf(object)) {
      const namespace = textAt(ref, "namespace") ?? own;
      const name = textAt(ref, "name") ?? "";
      const problem = problems.hostNotFound;
      const isFar = namespace !== own && !world.ask(hasGrant, `${own}/${namespace}`);
      if (isFar) {
        const message = say("No ReferenceGrant in namespace {0} for Service {1}", namespace, name);
        const missing = { missingIn: namespace, missingKind: kinds.ReferenceGrant };
        yield { code: "KIA1402", message, path: [...path, "namespace"], problem, ...missing };
        continue;
      }
      if (!name.includes(".") && world.get(kinds.Service, namespace, name) !== undefined) continue;
      const message = say("Service {0} not found in namespace {1}", name, namespace);
      const at: FieldPath = [...path, "name"];
      yield name.includes(".")
        ? { code: "KIA1402", message: say("Name the Service, not its host: {0}", name), path: at, problem }
        : { code: "KIA1402", message, path: at, problem, missingIn: namespace };
    }
  },
};

function servicesOf(object: unknown): readonly { readonly ref: unknown; readonly path: FieldPath }[] {
  const spec = fieldsAt(object, "spec");
  const parents = listAt(spec, "parentRefs")
    .map((ref, index) => ({ ref, path: ["spec", "parentRefs", index] as FieldPath }))
    .filter(({ ref }) => kindOfReference(ref, kinds.KubernetesGateway) === kinds.Service);
  const backends = listAt(spec, "rules")
    .flatMap((rule, at) =>
      listAt(rule, "backendRefs").map((ref, index) => ({
        ref,
        path: ["spec", "rules", at, "backendRefs", index] as FieldPath,
      })),
    )
    .filter(({ ref }) => kindOfReference(ref, kinds.Service) === kinds.Service);
  return [...parents, ...backends];
}
