import { fieldsAt, fieldsOf, flagAt, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";

/** TLS to a destination without checking whom it is, where Istio's analyzers do not look: subsets, and the switch itself. */
export const subsetTls: Rule = {
  name: "subsetTls",
  layer: "foreyard",
  codes: [
    {
      code: "FY1090",
      severity: "warning",
      title: "Subset's TLS without a certificate authority",
      explanation:
        "The subset's policy replaces the rule's, and its TLS names no certificates that the server's must be signed by. " +
        "Name caCertificates or a credentialName.",
      source: "DestinationRule spec.subsets.trafficPolicy.tls; IST0128 and IST0129 look at spec.trafficPolicy alone",
    },
    {
      code: "FY1091",
      severity: "info",
      title: "Server's certificate is not checked",
      explanation:
        "insecureSkipVerify lets any server answer: the connection is encrypted, but to whom is not known. Use it for tests " +
        "only.",
      source: "DestinationRule ClientTLSSettings.insecureSkipVerify",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [],
  *check(object) {
    const spec = fieldsAt(object.object, "spec");
    const hasSelector = Object.keys(fieldsAt(spec, "workloadSelector")).length > 0;
    const subsets = listAt(spec, "subsets").map((subset, at) => ({ policy: fieldsAt(subset, "trafficPolicy"), at }));
    for (const { policy, at } of subsets) {
      for (const { tls, path } of tlsOf(policy, ["spec", "subsets", at, "trafficPolicy"])) {
        const mode = textAt(tls, "mode");
        if (mode !== "SIMPLE" && mode !== "MUTUAL") continue;
        const hasAuthority = textAt(tls, "caCertificates") !== undefined;
        const isByCredential = textAt(tls, "credentialName") !== undefined && hasSelector;
        if (hasAuthority || isByCredential || flagAt(tls, "insecureSkipVerify") === true) continue;
        yield {
          code: "FY1090",
          message: say("TLS {0} of this subset names no authority for the server's certificate", mode),
          path: [...path, "mode"],
        };
      }
    }
    const policies = [
      { policy: fieldsAt(spec, "trafficPolicy"), path: ["spec", "trafficPolicy"] as FieldPath },
      ...subsets.map(({ policy, at }) => ({ policy, path: ["spec", "subsets", at, "trafficPolicy"] as FieldPath })),
    ];
    for (const { tls, path } of policies.flatMap(({ policy, path }) => tlsOf(policy, path))) {
      if (flagAt(tls, "insecureSkipVerify") !== true) continue;
      yield {
        code: "FY1091",
        message: say("The server's certificate is not checked"),
        path: [...path, "insecureSkipVerify"],
      };
    }
  },
};

function tlsOf(policy: unknown, path: FieldPath): readonly { readonly tls: unknown; readonly path: FieldPath }[] {
  const ports = listAt(policy, "portLevelSettings").map((settings, at) => ({
    tls: fieldsOf(settings)["tls"],
    path: [...path, "portLevelSettings", at, "tls"] as FieldPath,
  }));
  return [{ tls: fieldsOf(policy)["tls"], path: [...path, "tls"] }, ...ports];
}
