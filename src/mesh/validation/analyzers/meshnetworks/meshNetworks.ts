import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { readYaml } from "../../../yaml/readYaml.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";

// Istio's pilot/pkg/serviceregistry/provider, in its own spelling.
const builtIn: ReadonlySet<string> = new Set(["Mock", "Kubernetes", "External"]);

/** Networks whose endpoints come from a cluster that nobody registered. */
export const meshNetworks: Rule = {
  name: "meshnetworks.MeshNetworksAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0126",
      severity: "error",
      title: "Unknown registry in a network",
      explanation:
        "fromRegistry names a cluster for which there is no remote secret, so its endpoints belong to no network. Use the " +
        "name under which the secret (label istio/multiCluster) holds the cluster.",
      source: "networks.<name>.endpoints[].fromRegistry; Istio's analyzers/multicluster/meshnetworks.go",
    },
  ],
  kinds: [kinds.MeshNetworks, kinds.ConfigMap],
  reads: [kinds.Secret],
  *check(object, world) {
    const holder = networksOf(object);
    if (holder === undefined) return;
    for (const [network, value] of Object.entries(fieldsAt(holder.value, "networks"))) {
      for (const [at, endpoint] of listAt(value, "endpoints").entries()) {
        const registry = textAt(endpoint, "fromRegistry");
        if (registry === undefined || builtIn.has(registry) || world.ask(isRegistered, registry)) continue;
        const path = ["networks", network, "endpoints", at, "fromRegistry"];
        yield {
          code: "IST0126",
          message: say("The network {0} takes endpoints from {1}, which no remote secret names", network, registry),
          path: holder.isText ? holder.path : [...holder.path, ...path],
          missingIn: "istio-system",
          missingKind: kinds.Secret,
        };
      }
    }
  },
};

interface Networks {
  readonly value: unknown;
  readonly path: FieldPath;
  /** They are YAML in a text, whose fields have no places. */
  readonly isText: boolean;
}

function networksOf({ kind, name, object }: WorldObject): Networks | undefined {
  if (kind === kinds.MeshNetworks) return { value: fieldsOf(object)["spec"], path: ["spec"], isText: false };
  if (name !== "istio" && !name.startsWith("istio-")) return undefined;
  const text = textMapAt(object, "data")["meshNetworks"];
  if (text === undefined) return undefined;
  return { value: readYaml(text).documents[0]?.value, path: ["data", "meshNetworks"], isText: true };
}

const registries = defineQuery((world): ReadonlySet<string> => {
  const names = new Set<string>();
  for (const { object } of world.all(kinds.Secret)) {
    if (textMapAt(fieldsAt(object, "metadata"), "labels")["istio/multiCluster"] !== "true") continue;
    for (const name of Object.keys(fieldsAt(object, "data"))) names.add(name);
    // The API server moves stringData into data; Istio's analyzer of files does not see it.
    if (world.settings.isExactlyIstio) continue;
    for (const name of Object.keys(fieldsAt(object, "stringData"))) names.add(name);
  }
  return names;
});

const isRegistered = defineQuery((world, name): boolean => world.ask(registries).has(name));
