import { pathText } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds, type KindName } from "../kinds.ts";
import { isFaulty } from "./build.ts";
import type { Condition, Fault } from "./condition.ts";
import { gatewayKinds } from "./references.ts";

/** What any of the conditions may depend on. */
export const readByConditions: readonly KindName[] = [
  kinds.GatewayClass,
  kinds.KubernetesGateway,
  kinds.ListenerSet,
  kinds.ReferenceGrant,
  kinds.Namespace,
  kinds.Secret,
  kinds.ConfigMap,
  kinds.Service,
  kinds.ServiceEntry,
  gatewayKinds.InferencePool,
  gatewayKinds.XBackend,
];

export function faultsOf(conditions: readonly Condition[]): readonly Fault[] {
  return conditions.filter(isFaulty).map(({ fault }) => fault);
}

/** Findings of the faults whose reason has a code here, each field and code once. */
export function* faultFindings(
  faults: readonly Fault[],
  codeOf: Readonly<Record<string, string>>,
): Generator<RuleFinding> {
  const told = new Set<string>();
  for (const { reason, ...fault } of faults) {
    const code = Object.hasOwn(codeOf, reason) ? codeOf[reason] : undefined;
    if (code === undefined) continue;
    const key = `${code} ${pathText(fault.path)}`;
    if (told.has(key)) continue;
    told.add(key);
    yield { code, ...fault };
  }
}
