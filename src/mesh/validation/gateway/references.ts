import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import { kindNameOf, kinds, type KindName } from "../kinds.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";

export const gatewayGroup = "gateway.networking.k8s.io";

/** Kinds of Gateway API that `kinds.ts` does not name. */
export const gatewayKinds = {
  InferencePool: "inference.networking.k8s.io/InferencePool",
  XBackend: "gateway.networking.x-k8s.io/XBackend",
  XBackendTrafficPolicy: "gateway.networking.x-k8s.io/XBackendTrafficPolicy",
  ServiceImport: "multicluster.x-k8s.io/ServiceImport",
  /** Istio's pseudo kind of a backend: a host name of the mesh. */
  Hostname: "networking.istio.io/Hostname",
} as const satisfies Record<string, KindName>;

/** The kind that a reference means; what it leaves out is taken from the default, as the API server does. */
export function kindOfReference(ref: unknown, byDefault: KindName): KindName {
  const [group = "", kind = ""] = byDefault.split("/");
  const named = fieldsOf(ref);
  const ownGroup = typeof named["group"] === "string" ? named["group"] : group;
  // The core group is written "", and istiod knows no kind of a group "core".
  if (named["group"] === "core") return `"core"/${textAt(ref, "kind") ?? kind}`;
  return kindNameOf(ownGroup === "core" ? "" : ownGroup, textAt(ref, "kind") ?? kind);
}

const grantedFrom: ReadonlySet<KindName> = new Set<KindName>([
  kinds.KubernetesGateway,
  kinds.ListenerSet,
  kinds.HTTPRoute,
  kinds.GRPCRoute,
  kinds.TCPRoute,
  kinds.TLSRoute,
]);

const grantedTo: ReadonlySet<KindName> = new Set<KindName>([
  kinds.ConfigMap,
  kinds.Secret,
  kinds.Service,
  gatewayKinds.InferencePool,
  gatewayKinds.XBackend,
]);

/** Names that grants open by "from kind|from namespace|to kind|to namespace"; "" is any name. */
const grants = defineQuery<ReadonlyMap<string, ReadonlySet<string>>>((world) => {
  const found = new Map<string, Set<string>>();
  for (const grant of world.all(kinds.ReferenceGrant)) {
    const spec = fieldsAt(grant.object, "spec");
    for (const from of listAt(spec, "from")) {
      const fromKind = kindOfReference(from, "core/");
      if (!grantedFrom.has(fromKind)) continue;
      for (const to of listAt(spec, "to")) {
        const toKind = kindOfReference(to, "core/");
        if (!grantedTo.has(toKind)) continue;
        const key = `${fromKind}|${textAt(from, "namespace") ?? ""}|${toKind}|${grant.namespace}`;
        const names = found.get(key) ?? new Set<string>();
        names.add(textAt(to, "name") ?? "");
        found.set(key, names);
      }
    }
  }
  return found;
});

const isGranted = defineQuery((world, key): boolean => {
  const at = key.lastIndexOf("|");
  const names = world.ask(grants).get(key.slice(0, at));
  return names !== undefined && (names.has("") || names.has(key.slice(at + 1)));
});

export interface Reference {
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
}

/** True if a ReferenceGrant lets objects of a kind and namespace refer to an object of another namespace. */
export function mayRefer(world: World, fromKind: KindName, fromNamespace: string, to: Reference): boolean {
  return (
    fromNamespace === to.namespace ||
    world.ask(isGranted, `${fromKind}|${fromNamespace}|${to.kind}|${to.namespace}|${to.name}`)
  );
}
