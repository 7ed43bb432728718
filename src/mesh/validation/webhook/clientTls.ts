import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";

/** istio.networking.v1alpha3.ClientTLSSettings (istio-analysis, 5.2). */
export function checkClientTls(tls: Field, namespace: string): void {
  if (!tls.isSet) return;
  const credential = tls.at("credentialName");
  checkConfigMapName(credential, namespace);
  const mode = tls.textAt("mode");
  const forbid = (names: readonly string[], why: string): void => {
    for (const name of names) {
      if (!tls.isFilled(name)) continue;
      tls
        .at(name)
        .error(say("{0} cannot be set with {1}", name, why), { at: "key", problem: problems.conflictingFields });
    }
  };
  if (tls.at("insecureSkipVerify").flag) {
    if (mode === "SIMPLE") forbid(["caCertificates", "credentialName", "subjectAltNames"], "insecureSkipVerify");
    if (mode === "MUTUAL") forbid(["caCertificates", "subjectAltNames"], "insecureSkipVerify");
  }
  if ((mode === "SIMPLE" || mode === "MUTUAL") && credential.text !== "") {
    forbid(["clientCertificate", "privateKey", "caCertificates", "caCrl"], "credentialName");
    return;
  }
  if (mode !== "MUTUAL") return;
  for (const name of ["clientCertificate", "privateKey"]) {
    if (tls.textAt(name) !== "") continue;
    tls.at(name).error(say("MUTUAL needs {0}, or a credentialName", name), { problem: problems.missingField });
  }
}

function checkConfigMapName(credential: Field, namespace: string): void {
  const scheme = "configmap://";
  if (!credential.text.startsWith(scheme)) return;
  const [of = "", name = "", ...rest] = credential.text.slice(scheme.length).split("/");
  if (of === "" || name === "" || rest.length > 0) {
    credential.error(say("{0} is not configmap://namespace/name", credential.text), { problem: problems.badName });
  } else if (of !== namespace) {
    credential.error(say("The ConfigMap has to be in the rule's namespace {0}", namespace), {
      problem: problems.badName,
    });
  }
}
