import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { validityOf } from "../../values/certificate.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { podsWith } from "../../world/workloads.ts";
import { referenceNotFound } from "../referenceNotFound.ts";
import { labelText } from "./ingressGatewayPort.ts";

/** Credentials of a Gateway's servers (istio-analysis, 3.15). */
export const secret: Rule = {
  name: "gateway.SecretAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0161",
      severity: "error",
      title: "Gateway's credential is not valid",
      explanation:
        "The Secret holds no certificate with its key under tls.crt and tls.key (or cert and key), or the certificate is not valid today. The server is then left out.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, InvalidGatewayCredential",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [kinds.Pod, kinds.Secret],
  *check({ object, namespace }, world) {
    const selector = textMapAt(object["spec"], "selector");
    const [pod] = podsWith(world, "*", selector);
    const [first] = Object.keys(selector);
    if (pod === undefined || pod.namespace === "") {
      if (pod !== undefined && !world.settings.isExactlyIstio) return;
      yield {
        code: "IST0101",
        message: say("No pod has the labels {0}, so no namespace is known for its credentials", labelText(selector)),
        path: first === undefined ? ["spec", "selector"] : ["spec", "selector", first],
        problem: problems.noWorkloads,
        missingIn: namespace,
        missingKind: kinds.Pod,
      };
      return;
    }
    for (const [at, server] of listAt(object["spec"], "servers").entries()) {
      const name = textAt(fieldsAt(server, "tls"), "credentialName");
      if (name === undefined) continue;
      const slash = name.indexOf("/");
      const of = slash < 0 ? pod.namespace : name.slice(0, slash);
      const found = world.get(kinds.Secret, of, name.slice(slash + 1));
      const path = ["spec", "servers", at, "tls", "credentialName"];
      if (found === undefined) {
        const message = say("There is no Secret {0} in {1}, where the gateway's pods are", name.slice(slash + 1), of);
        const missing = { missingIn: of, missingKind: kinds.Secret, problem: problems.secretNotFound } as const;
        yield { code: "IST0101", message, path, ...missing };
      } else if (!isValid(found, world.settings.now)) {
        const related = [{ object: found, path: ["metadata", "name"], message: say("The Secret") }];
        yield {
          code: "IST0161",
          message: say("The Secret {0} holds no certificate that is valid", name),
          path,
          related,
        };
      }
    }
  },
};

function isValid({ object }: WorldObject, now: number): boolean {
  const data = textMapAt(object, "data");
  const pem = [
    ["cert", "key"],
    ["tls.crt", "tls.key"],
  ].flatMap(([certificate = "", key = ""]) => {
    const found = data[certificate] ?? "";
    return found !== "" && (data[key] ?? "") !== "" ? [found] : [];
  })[0];
  if (pem === undefined) return false;
  const validity = validityOf(pem);
  return validity !== undefined && validity.notBefore <= now && now <= validity.notAfter;
}
