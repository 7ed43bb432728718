import { fieldsAt, fieldsOf, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { gatewayNamespace } from "./facts/gatewayPods.ts";

/** Secrets of a Gateway's TLS servers that Istio's analyzers do not look for. */
export const gatewaySecrets: Rule = {
  name: "gatewaySecrets",
  layer: "foreyard",
  codes: [
    {
      code: "FY1081",
      severity: "warning",
      title: "Secret of a server's list not found",
      explanation:
        "The gateway serves this name with the certificates of credentialNames. One of the Secrets is not in the namespace of " +
        "the gateway's pods.",
      source: "Gateway spec.servers.tls.credentialNames",
    },
    {
      code: "FY1082",
      severity: "warning",
      title: "No authority for client certificates",
      explanation:
        "The server asks clients for certificates, and neither its Secret (ca.crt or cacert) nor the one with -cacert behind " +
        "its name says who may sign them. All clients are refused.",
      source: "Gateway spec.servers.tls, modes MUTUAL and OPTIONAL_MUTUAL; istio/istio pilot/pkg/credentials/kube",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [kinds.Secret, kinds.Pod],
  *check(object, world) {
    const servers = listAt(fieldsAt(object.object, "spec"), "servers");
    const namespace = world.ask(gatewayNamespace, `${object.namespace}/${object.name}`);
    for (const [at, server] of servers.entries()) {
      const tls = fieldsAt(server, "tls");
      const path: FieldPath = ["spec", "servers", at, "tls"];
      for (const [index, name] of textsAt(tls, "credentialNames").entries()) {
        if (secretAt(world, name, namespace) !== undefined || name.includes("://")) continue;
        yield {
          code: "FY1081",
          message: say("No Secret {0} in namespace {1}", name, namespace),
          path: [...path, "credentialNames", index],
          problem: problems.secretNotFound,
          missingIn: namespace,
        };
      }
      yield* missingAuthority(world, tls, { path, namespace });
    }
  },
};

function* missingAuthority(
  world: World,
  tls: unknown,
  { path, namespace }: { readonly path: FieldPath; readonly namespace: string },
): Generator<RuleFinding> {
  const mode = textAt(tls, "mode");
  const name = textAt(tls, "credentialName") ?? textsAt(tls, "credentialNames")[0];
  if ((mode !== "MUTUAL" && mode !== "OPTIONAL_MUTUAL") || name === undefined || name.includes("://")) return;
  if (textAt(tls, "caCertCredentialName") !== undefined) return;
  const secret = secretAt(world, name, namespace);
  // A missing Secret is told by who looks for it.
  if (secret === undefined || hasAuthority(secret)) return;
  if (secretAt(world, `${name}-cacert`, namespace) !== undefined) return;
  yield {
    code: "FY1082",
    message: say("Neither Secret {0} nor {1} holds ca.crt: no client certificate is accepted", name, `${name}-cacert`),
    path: [...path, Object.hasOwn(fieldsOf(tls), "credentialName") ? "credentialName" : "credentialNames"],
    related: [{ object: secret, path: ["metadata", "name"], message: say("Without ca.crt") }],
    missingIn: namespace,
  };
}

function secretAt(world: World, name: string, namespace: string): WorldObject | undefined {
  const slash = name.indexOf("/");
  return slash < 0
    ? world.get(kinds.Secret, namespace, name)
    : world.get(kinds.Secret, name.slice(0, slash), name.slice(slash + 1));
}

function hasAuthority({ object }: WorldObject): boolean {
  const keys = { ...textMapAt(object, "data"), ...textMapAt(object, "stringData") };
  return Object.hasOwn(keys, "ca.crt") || Object.hasOwn(keys, "cacert");
}
