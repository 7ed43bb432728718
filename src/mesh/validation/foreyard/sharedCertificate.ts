import { fieldsAt, fieldsOf, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { gatewayNamespace } from "./facts/gatewayPods.ts";

/** A TLS server's certificate and where it is named. */
interface CertificateUse {
  readonly object: WorldObject;
  readonly path: FieldPath;
  /** The same text for the same certificate: its public part, else the name of its Secret. */
  readonly certificate: string;
  readonly name: string;
}

const usesByCertificate = defineQuery((world): ReadonlyMap<string, readonly CertificateUse[]> => {
  const uses = new Map<string, CertificateUse[]>();
  const put = (use: CertificateUse): void => {
    const known = uses.get(use.certificate);
    if (known === undefined) uses.set(use.certificate, [use]);
    else known.push(use);
  };
  for (const gateway of world.all(kinds.Gateway)) for (const use of usesOf(world, gateway)) put(use);
  for (const gateway of world.all(kinds.KubernetesGateway)) for (const use of usesOf(world, gateway)) put(use);
  return uses;
});

const usesOfCertificate = defineQuery(
  (world, certificate): readonly CertificateUse[] => world.ask(usesByCertificate).get(certificate) ?? [],
);

/** Certificates that several gateways serve. */
export const sharedCertificate: Rule = {
  name: "sharedCertificate",
  layer: "foreyard",
  codes: [
    {
      code: "FY1080",
      severity: "hint",
      title: "Same certificate on several gateways",
      explanation:
        "Browsers send requests for another name over a connection that they have, if its certificate is good for that name " +
        "too and both names have one address. The gateway's server for the first name does not know the second and answers " +
        "404. Use one server for all names of the certificate, or certificates of their own.",
      source: "Istio's operations guide on common problems; compared by the content of Secrets",
    },
  ],
  kinds: [kinds.Gateway, kinds.KubernetesGateway],
  reads: [kinds.Secret, kinds.Pod],
  *check(object, world) {
    const told = new Set<string>();
    for (const { certificate, path, name } of usesOf(world, object)) {
      const others = world.ask(usesOfCertificate, certificate);
      const other = others.find((use) => use.object !== object);
      if (other === undefined || told.has(certificate)) continue;
      told.add(certificate);
      yield {
        code: "FY1080",
        message: say(
          "{0} {1} serves the same certificate, there as {2}",
          other.object.object.kind,
          `${other.object.namespace}/${other.object.name}`,
          other.name,
        ),
        path,
        related: [{ object: other.object, path: other.path, message: say("The same certificate as {0}", name) }],
      };
    }
  },
};

function usesOf(world: World, gateway: WorldObject): readonly CertificateUse[] {
  return gateway.kind === kinds.Gateway ? istioUses(world, gateway) : kubernetesUses(world, gateway);
}

function istioUses(world: World, object: WorldObject): readonly CertificateUse[] {
  const namespace = world.ask(gatewayNamespace, `${object.namespace}/${object.name}`);
  return listAt(fieldsAt(object.object, "spec"), "servers").flatMap((server, at) => {
    const tls = fieldsAt(server, "tls");
    const single = textAt(tls, "credentialName");
    const path: FieldPath = ["spec", "servers", at, "tls"];
    const named = [
      ...(single === undefined ? [] : [{ name: single, path: [...path, "credentialName"] }]),
      ...textsAt(tls, "credentialNames").map((name, index) => ({ name, path: [...path, "credentialNames", index] })),
    ];
    return named.flatMap(({ name, path }): readonly CertificateUse[] => {
      if (name.includes("://")) return [];
      const slash = name.indexOf("/");
      const secret = slash < 0 ? `${namespace}/${name}` : name;
      return [{ object, path, name, certificate: world.ask(certificateOf, secret) }];
    });
  });
}

function kubernetesUses(world: World, object: WorldObject): readonly CertificateUse[] {
  return listAt(fieldsAt(object.object, "spec"), "listeners").flatMap((listener, at) =>
    listAt(fieldsAt(listener, "tls"), "certificateRefs").flatMap((ref, index): readonly CertificateUse[] => {
      const { kind = "Secret", group = "" } = fieldsOf(ref);
      const name = textAt(ref, "name");
      if (kind !== "Secret" || group !== "" || name === undefined) return [];
      const secret = `${textAt(ref, "namespace") ?? object.namespace}/${name}`;
      const path: FieldPath = ["spec", "listeners", at, "tls", "certificateRefs", index, "name"];
      return [{ object, path, name, certificate: world.ask(certificateOf, secret) }];
    }),
  );
}

/** What tells a certificate from others: the public part that a Secret holds, without line breaks; else the Secret's name. */
const certificateOf = defineQuery((world, key): string => {
  const slash = key.indexOf("/");
  const secret = world.get(kinds.Secret, key.slice(0, slash), key.slice(slash + 1));
  const data = textMapAt(secret?.object, "data");
  const plain = textMapAt(secret?.object, "stringData");
  const encoded = data["tls.crt"] ?? data["cert"];
  if (encoded !== undefined && encoded !== "") return `data ${encoded.replaceAll(/\s/gu, "")}`;
  const text = plain["tls.crt"] ?? plain["cert"];
  return text === undefined ? `secret ${key}` : `text ${text.trim()}`;
});
