import { fieldsAt, textAt } from "../model/fields.ts";
import { hasLabels } from "../model/labelSelector.ts";
import { kinds } from "../validation/kinds.ts";
import { defineQuery } from "../validation/world/query.ts";
import type { World } from "../validation/world/world.ts";
import type { WorldObject } from "../validation/world/worldObject.ts";
import { clientTlsModeOf, peerModeOf, policyLabels, type ClientTlsMode, type PeerMode } from "./mtlsMode.ts";

/** A mode and the object that says so. */
export interface Decided<Mode> {
  readonly mode: Mode;
  readonly by: WorldObject;
}

interface PeerAuthentications {
  /** For the whole namespace; for the root namespace the whole mesh. */
  readonly wide: Decided<PeerMode> | undefined;
  /** Those with a selector by the first label that they ask for, "key=value", and each with its rank by age. */
  readonly byLabel: ReadonlyMap<string, readonly Ranked[]>;
}

interface Ranked extends Decided<PeerMode> {
  readonly rank: number;
}

const peerAuthentications = defineQuery<PeerAuthentications>((world, namespace) => {
  const byLabel = new Map<string, Ranked[]>();
  const wide: WorldObject[] = [];
  const all = [...world.inNamespace(kinds.PeerAuthentication, namespace)].sort(oldestFirst);
  for (const [rank, by] of all.entries()) {
    const [first] = Object.entries(policyLabels(by.object));
    const mode = peerModeOf(by.object);
    if (first === undefined) wide.push(by);
    else if (mode !== undefined) {
      const label = first.join("=");
      const list = byLabel.get(label);
      if (list === undefined) byLabel.set(label, [{ mode, by, rank }]);
      else list.push({ mode, by, rank });
    }
  }
  return { wide: decidedBy(wide[0]), byLabel };
});

function decidedBy(by: WorldObject | undefined): Decided<PeerMode> | undefined {
  const mode = by === undefined ? undefined : peerModeOf(by.object);
  return by === undefined || mode === undefined ? undefined : { mode, by };
}

// Of several that are for the same workloads istiod takes the oldest. What is in files has no age and stays in order.
function oldestFirst(a: WorldObject, b: WorldObject): number {
  return createdAt(a).localeCompare(createdAt(b));
}

function createdAt({ object }: WorldObject): string {
  return textAt(fieldsAt(object, "metadata"), "creationTimestamp") ?? "";
}

/** What the PeerAuthentication without a selector of a namespace says; undefined where there is none or it says UNSET. */
export function widePeerMode(world: World, namespace: string): Decided<PeerMode> | undefined {
  return world.ask(peerAuthentications, namespace).wide;
}

/** What a PeerAuthentication with a selector says of workloads with these labels. */
export function workloadPeerMode(
  world: World,
  namespace: string,
  labels: Readonly<Record<string, string>>,
): Decided<PeerMode> | undefined {
  const { byLabel } = world.ask(peerAuthentications, namespace);
  let oldest: Ranked | undefined;
  for (const pair of Object.entries(labels)) {
    for (const one of byLabel.get(pair.join("=")) ?? []) {
      if (oldest !== undefined && oldest.rank <= one.rank) break;
      if (hasLabels(labels, policyLabels(one.by.object))) oldest = one;
    }
  }
  return oldest;
}

/**
 * The PeerAuthentication that decides for workloads with these labels, ports left aside: one of the workload, else of
 * its namespace, else of the mesh. undefined: nothing is said, and Istio's default holds (PERMISSIVE).
 */
export function effectivePeerMode(
  world: World,
  root: string,
  workload: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
): Decided<PeerMode> | undefined {
  return (
    workloadPeerMode(world, workload.namespace, workload.labels) ??
    widePeerMode(world, workload.namespace) ??
    widePeerMode(world, root)
  );
}

interface WideRules {
  readonly mesh: readonly WorldObject[];
  readonly namespaces: ReadonlyMap<string, readonly WorldObject[]>;
}

const wideRules = defineQuery<WideRules>((world) => {
  const mesh: WorldObject[] = [];
  const namespaces = new Map<string, WorldObject[]>();
  for (const rule of world.all(kinds.DestinationRule)) {
    const scope = tlsScopeOf(rule);
    if (scope === "mesh") mesh.push(rule);
    else if (scope !== undefined) {
      const list = namespaces.get(scope.namespace);
      if (list === undefined) namespaces.set(scope.namespace, [rule]);
      else list.push(rule);
    }
  }
  return { mesh, namespaces };
});

const rulesOfMesh = defineQuery<readonly WorldObject[]>((world) => world.ask(wideRules).mesh);
const rulesOfNamespace = defineQuery<readonly WorldObject[]>(
  (world, namespace) => world.ask(wideRules).namespaces.get(namespace) ?? [],
);

/** What the host of a DestinationRule that sets TLS is for: "*.local" the mesh, "*.NAMESPACE.svc.DOMAIN" a namespace. */
export function tlsScopeOf(rule: WorldObject): "mesh" | { readonly namespace: string } | undefined {
  if (clientTlsModeOf(rule.object) === undefined) return undefined;
  const host = textAt(fieldsAt(rule.object, "spec"), "host") ?? "";
  if (host === "*.local") return "mesh";
  const [, namespace] = /^\*\.([^.*]+)\.svc(?:\.[^*]+)?$/u.exec(host) ?? [];
  return namespace === undefined ? undefined : { namespace };
}

/** What the DestinationRules for the whole mesh say of TLS. */
export function meshTlsRules(world: World): readonly Decided<ClientTlsMode>[] {
  return decided(world.ask(rulesOfMesh));
}

/** What the DestinationRules for every host of a namespace say of TLS. */
export function namespaceTlsRules(world: World, namespace: string): readonly Decided<ClientTlsMode>[] {
  return decided(world.ask(rulesOfNamespace, namespace));
}

function decided(rules: readonly WorldObject[]): readonly Decided<ClientTlsMode>[] {
  return rules.flatMap((by) => {
    const mode = clientTlsModeOf(by.object);
    return mode === undefined ? [] : [{ mode, by }];
  });
}
