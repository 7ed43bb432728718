import { say } from "../../../message.ts";
import { textAt, textsAt } from "../../../model/fields.ts";
import { clientTlsModeOf, isMutual, policyLabels, type ClientTlsMode } from "../../../security/mtlsMode.ts";
import { meshTlsRules, namespaceTlsRules, widePeerMode, workloadPeerMode } from "../../../security/mtlsPolicies.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { hasAutoMtls, rootNamespaceOf } from "../../world/meshConfig.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { isAmbientNamespace } from "../ambient/enrolment.ts";
import { rulesOfHost } from "../registry/rulesOfHost.ts";
import { servicesSelecting } from "../registry/services.ts";
import { conditionsOf, sourcesOf } from "./ruleParts.ts";

const identityFields = ["principals", "notPrincipals", "namespaces", "notNamespaces"];
const identityKeys = ["source.namespace", "source.principal", "connection.sni"];

export const identityNeedsMtls: Rule = {
  name: "kialiIdentityNeedsMtls",
  layer: "kiali",
  codes: [
    {
      code: "KIA0105",
      severity: "error",
      title: "Identity without mutual TLS",
      explanation:
        "The rule looks at the identity of the client, which only mutual TLS tells, and mutual TLS is off for the policy's workloads. Switch it on in the PeerAuthentication and DestinationRule that decide, or match by something else.",
      source: "security.istio.io AuthorizationPolicy, Source; Kiali's authorization/mtls_enabled_checker.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy],
  reads: [kinds.PeerAuthentication, kinds.DestinationRule, kinds.Service, kinds.Namespace, kinds.MeshConfig],
  *check(policy, world) {
    const findings = [...identityUses(policy)];
    if (findings.length === 0) return;
    const lack = lackOfMtls(policy, world);
    if (lack === undefined) return;
    for (const finding of findings) {
      yield lack.by === undefined
        ? finding
        : { ...finding, related: [{ object: lack.by, path: ["spec"], message: say("Decides on mutual TLS here") }] };
    }
  },
};

function* identityUses({ object }: WorldObject): Generator<RuleFinding> {
  for (const { value, path } of sourcesOf(object)) {
    for (const field of identityFields) {
      if (textsAt(value, field).length === 0) continue;
      yield {
        code: "KIA0105",
        path: [...path, field],
        at: "key",
        message: say("{0} needs mutual TLS, which is off here", field),
      };
    }
  }
  for (const { value, path } of conditionsOf(object)) {
    const key = textAt(value, "key") ?? "";
    if (!identityKeys.includes(key)) continue;
    yield { code: "KIA0105", path: [...path, "key"], message: say("{0} needs mutual TLS, which is off here", key) };
  }
}

interface Lack {
  readonly by: WorldObject | undefined;
}

/** Why there is no mutual TLS to the policy's workloads; undefined where there is. */
function lackOfMtls(policy: WorldObject, world: World): Lack | undefined {
  const { namespace } = policy;
  // ztunnel always uses mutual TLS.
  if (isAmbientNamespace(world, namespace)) return undefined;
  const labels = policyLabels(policy.object);
  const ofWorkload = workloadPeerMode(world, namespace, labels);
  if (ofWorkload?.mode === "STRICT") return undefined;
  const server = ofWorkload ?? widePeerMode(world, namespace) ?? widePeerMode(world, rootNamespaceOf(world));
  if (server?.mode === "DISABLE") return { by: server.by };
  const isAuto = hasAutoMtls(world);
  const client = clientOf(world, namespace, labels);
  if (client === undefined) return isAuto ? undefined : { by: server?.by };
  if (!isMutual(client.mode)) return { by: client.by };
  return server === undefined && !isAuto ? { by: client.by } : undefined;
}

interface Client {
  readonly mode: ClientTlsMode;
  readonly by: WorldObject;
}

// The DestinationRule of the nearest host: of a Service of the workloads, of the namespace, of the mesh.
function clientOf(world: World, namespace: string, labels: Readonly<Record<string, string>>): Client | undefined {
  for (const { name } of servicesSelecting(world, namespace, labels)) {
    for (const by of world.ask(rulesOfHost, `${name}.${namespace}.svc.cluster.local`)) {
      const mode = clientTlsModeOf(by.object);
      if (mode !== undefined) return { mode, by };
    }
  }
  return namespaceTlsRules(world, namespace)[0] ?? meshTlsRules(world)[0];
}
