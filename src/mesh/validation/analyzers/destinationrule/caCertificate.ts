import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";

const what =
  "Without caCertificates the proxy takes any certificate, so it may talk to anybody. Name the CA, or use credentialName.";

/** TLS to a host whose certificate nobody checks (istio-analysis, 3.8). */
export const caCertificate: Rule = {
  name: "destinationrule.CaCertificateAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0128",
      severity: "warning",
      title: "Server certificate is not verified",
      explanation: what,
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, NoServerCertificateVerificationDestinationLevel",
    },
    {
      code: "IST0129",
      severity: "warning",
      title: "Server certificate is not verified on a port",
      explanation: what,
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, NoServerCertificateVerificationPortLevel",
    },
  ],
  kinds: [kinds.DestinationRule],
  reads: [],
  *check({ object }) {
    const spec = fieldsAt(object, "spec");
    const policy = fieldsAt(spec, "trafficPolicy");
    const host = textAt(spec, "host") ?? "";
    const isForWorkloads = Object.hasOwn(spec, "workloadSelector") && spec["workloadSelector"] !== null;
    const path: FieldPath = ["spec", "trafficPolicy", "tls"];
    const mode = unverifiedMode(fieldsAt(policy, "tls"), isForWorkloads);
    if (mode !== undefined) {
      const message = say("TLS mode {0} to {1} verifies no certificate: caCertificates is missing", mode, host);
      yield { code: "IST0128", message, path: [...path, "mode"] };
    }
    for (const [at, settings] of listAt(policy, "portLevelSettings").entries()) {
      const portMode = unverifiedMode(fieldsAt(settings, "tls"), isForWorkloads);
      if (portMode === undefined) continue;
      const number = fieldsAt(settings, "port")["number"];
      const port = typeof number === "number" ? number : 0;
      yield {
        code: "IST0129",
        message: say(
          "TLS mode {0} to {1}, port {2}, verifies no certificate: caCertificates is missing",
          portMode,
          host,
          port,
        ),
        path: ["spec", "trafficPolicy", "portLevelSettings", at, "tls", "mode"],
      };
    }
  },
};

function unverifiedMode(tls: unknown, isForWorkloads: boolean): string | undefined {
  const mode = textAt(tls, "mode");
  if (mode !== "SIMPLE" && mode !== "MUTUAL") return undefined;
  if (textAt(tls, "caCertificates") !== undefined) return undefined;
  return isForWorkloads && textAt(tls, "credentialName") !== undefined ? undefined : mode;
}
