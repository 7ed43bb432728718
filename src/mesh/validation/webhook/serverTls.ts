import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";

const certificateFields = [
  "serverCertificate",
  "privateKey",
  "caCertificates",
  "tlsCertificates",
  "credentialName",
  "credentialNames",
];

/** Cipher suites that Envoy takes (pkg/config/security of Istio). */
const cipherSuites = new Set([
  ...["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"],
  ...["ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305"],
  ...["ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-RSA-AES256-SHA"],
  ...["AES128-GCM-SHA256", "AES256-GCM-SHA384", "AES128-SHA", "AES256-SHA", "DES-CBC3-SHA"],
  ...["ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256", "ECDHE-PSK-AES128-CBC-SHA", "ECDHE-PSK-AES256-CBC-SHA"],
  ...["ECDHE-PSK-CHACHA20-POLY1305", "PSK-AES128-CBC-SHA", "PSK-AES256-CBC-SHA", "AES128-SHA256"],
]);

/** istio.networking.v1alpha3.ServerTLSSettings (istio-analysis, 5.3). */
export function checkServerTls(tls: Field): void {
  if (!tls.isSet) return;
  checkCiphers(tls);
  const mode = tls.textAt("mode") === "" ? "PASSTHROUGH" : tls.textAt("mode");
  if (mode === "ISTIO_MUTUAL") {
    for (const name of certificateFields.filter((one) => tls.isFilled(one))) {
      tls
        .at(name)
        .error(say("{0} cannot be set with ISTIO_MUTUAL", name), { at: "key", problem: problems.conflictingFields });
    }
    return;
  }
  if (mode === "PASSTHROUGH" || mode === "AUTO_PASSTHROUGH") {
    for (const name of certificateFields.filter((one) => tls.isFilled(one))) {
      tls.at(name).warn(say("{0} does nothing with {1}", name, mode), { at: "key" });
    }
  }
  checkSources(tls);
  checkRevocation(tls, mode);
  const hasCredential = tls.isFilled("credentialName") || tls.isFilled("credentialNames");
  const needsCertificate = mode === "SIMPLE" || mode === "MUTUAL" || mode === "OPTIONAL_MUTUAL";
  if (needsCertificate && !hasCredential) checkCertificates(tls, mode);
}

function checkCiphers(tls: Field): void {
  const suites = tls.list("cipherSuites");
  const protocol = tls.at("minProtocolVersion");
  if ((protocol.text === "TLSV1_0" || protocol.text === "TLSV1_1") && suites.length === 0) {
    protocol.warn(say("{0} needs cipherSuites: Envoy's own are for TLS 1.2 and later", protocol.text));
  }
  const seen = new Set<string>();
  for (const suite of suites) {
    if (seen.has(suite.text)) suite.warn(say("The cipher suite {0} is given twice", suite.text));
    seen.add(suite.text);
    const isExpression = /^[-+!@]/u.test(suite.text);
    if (suite.text === "" || suite.text === "ALL" || isExpression || cipherSuites.has(suite.text)) continue;
    suite.warn(say("{0} is no cipher suite that Envoy knows", suite.text));
  }
}

function checkSources(tls: Field): void {
  const sources = [
    ...(tls.isFilled("serverCertificate") && tls.isFilled("privateKey") ? ["serverCertificate"] : []),
    ...["credentialName", "credentialNames", "tlsCertificates"].filter((name) => tls.isFilled(name)),
  ];
  const [, second] = sources;
  if (second === undefined) return;
  tls.at(second).error(say("Only one of {0} can be set", sources.join(", ")), {
    at: "key",
    problem: problems.conflictingFields,
  });
}

function checkRevocation(tls: Field, mode: string): void {
  if (tls.textAt("caCrl") === "") return;
  const hasCredential = tls.isFilled("credentialName") || tls.isFilled("credentialNames");
  if (!hasCredential && mode !== "SIMPLE") return;
  tls.at("caCrl").error(say("caCrl cannot be set with {0}", hasCredential ? "credentialName" : mode), {
    at: "key",
    problem: problems.conflictingFields,
  });
}

function checkCertificates(tls: Field, mode: string): void {
  const missing = (field: Field, name: string): void => {
    field.at(name).error(say("{0} TLS needs {1}, or a credentialName", mode, name), { problem: problems.missingField });
  };
  if (mode !== "SIMPLE" && tls.textAt("caCertificates") === "") missing(tls, "caCertificates");
  const list = tls.list("tlsCertificates");
  if (list.length > 2) list[2]?.warn(say("Only two certificates are used"));
  for (const one of list.length > 0 ? list : [tls]) {
    for (const name of ["serverCertificate", "privateKey"]) if (one.textAt(name) === "") missing(one, name);
  }
}
