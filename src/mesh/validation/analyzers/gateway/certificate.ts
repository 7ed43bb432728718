import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";

/** Gateways by what names a certificate of theirs. */
const byCertificate = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const gateway of world.all(kinds.Gateway)) {
    const names = new Set(listAt(gateway.object["spec"], "servers").flatMap((server) => certificateOf(server) ?? []));
    for (const name of names) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [gateway]);
      else known.push(gateway);
    }
  }
  return found;
});

const holders = defineQuery<readonly WorldObject[]>((world, name) => world.ask(byCertificate).get(name) ?? []);

/** One certificate in several Gateways of the same pods (istio-analysis, 3.14). */
export const certificate: Rule = {
  name: "gateway.CertificateAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0138",
      severity: "warning",
      title: "Same certificate in several Gateways",
      explanation:
        "A browser reuses an HTTP/2 connection for all hosts of a certificate, and then asks the wrong Gateway, which answers 404. Use one Gateway for the certificate, or a certificate for each.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, GatewayDuplicateCertificate",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [kinds.Gateway],
  *check(object, world) {
    const selector = textMapAt(object.object["spec"], "selector");
    const told = new Set<WorldObject>();
    for (const [at, server] of listAt(object.object["spec"], "servers").entries()) {
      const name = certificateOf(server);
      if (name === undefined) continue;
      for (const other of world.ask(holders, name)) {
        if (other === object || told.has(other)) continue;
        if (!hasLabels(textMapAt(other.object["spec"], "selector"), selector)) continue;
        told.add(other);
        const field =
          textAt(fieldsAt(server, "tls"), "credentialName") === undefined ? "serverCertificate" : "credentialName";
        yield {
          code: "IST0138",
          message: say("Gateway {0} of the same pods uses this certificate, too", other.name),
          path: ["spec", "servers", at, "tls", field],
          related: [{ object: other, path: ["spec", "servers"], message: say("Uses the certificate, too") }],
        };
      }
    }
  },
};

/** What tells a server's certificate from others: the credential's name, else its files. */
function certificateOf(server: unknown): string | undefined {
  if (!Object.hasOwn(fieldsOf(server), "tls")) return undefined;
  const tls = fieldsAt(server, "tls");
  const name = textAt(tls, "credentialName");
  if (name !== undefined) return `name ${name}`;
  const certificate = textAt(tls, "serverCertificate");
  const key = textAt(tls, "privateKey");
  return certificate === undefined || key === undefined ? undefined : `files ${certificate}\n${key}`;
}
