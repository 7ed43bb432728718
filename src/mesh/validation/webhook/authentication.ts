import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { isPort } from "../values/addresses.ts";
import type { Field } from "./field.ts";
import { checkDuration, checkNotEmpty } from "./scalars.ts";
import { checkSelector, checkTargets } from "./selectors.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.7. */
export const peerAuthentication = webhookRule(kinds.PeerAuthentication, (spec) => {
  const ports = spec.at("portLevelMtls");
  const hasLabels = spec.at("selector").at("matchLabels").entries.length > 0;
  if (ports.isSet && ports.entries.length === 0) {
    ports.error(say("portLevelMtls needs at least one port"), { problem: problems.missingField });
  } else if (ports.isSet && !hasLabels) {
    ports.error(say("portLevelMtls needs a selector with labels"), { at: "key", problem: problems.conflictingFields });
  }
  for (const [key, mode] of ports.entries) {
    if (/^\d+$/u.test(key) && isPort(Number(key))) continue;
    mode.error(say("{0} is no port", key), { at: "key", problem: problems.badPort });
  }
  checkSelector(spec.at("selector"));
});

/** istio-analysis, 5.8. */
export const requestAuthentication = webhookRule(kinds.RequestAuthentication, (spec) => {
  checkTargets(spec);
  for (const rule of spec.list("jwtRules")) checkJwtRule(rule);
});

function checkJwtRule(rule: Field): void {
  for (const audience of rule.list("audiences")) checkNotEmpty(audience);
  const uri = rule.at("jwksUri");
  if (rule.textAt("issuer") === "" && uri.text === "" && rule.textAt("jwks") === "") {
    rule.error(say("A rule needs an issuer or jwksUri"), { problem: problems.missingField });
  } else if (rule.textAt("issuer") === "" && uri.text === "") {
    rule.error(say("A rule needs an issuer or jwksUri"), { problem: problems.missingField });
  }
  if (uri.text !== "" && !isHttpUrl(uri.text)) {
    uri.error(say("{0} is no http or https address", uri.text), { problem: problems.badValue });
  }
  if (rule.textAt("jwks") !== "") checkJwks(rule.at("jwks"));
  for (const header of rule.list("fromHeaders")) checkNotEmpty(header.at("name"));
  for (const name of ["fromParams", "fromCookies"]) for (const item of rule.list(name)) checkNotEmpty(item);
  for (const claim of rule.list("outputClaimToHeaders")) {
    checkNotEmpty(claim.at("claim"));
    const header = claim.at("header");
    if (!/^[-_A-Za-z0-9]+$/u.test(header.text)) {
      header.error(say("{0} is no name of a header", header.text === "" ? '""' : header.text), {
        problem: problems.badName,
      });
    }
  }
  if (rule.has("timeout")) checkDuration(rule.at("timeout"));
}

function isHttpUrl(text: string): boolean {
  const [, host = ""] = /^https?:\/\/([^/?#]*)/u.exec(text) ?? [];
  const port = /:([^\]]*)$/u.exec(host)?.[1];
  return /^https?:\/\//u.test(text) && (port === undefined || /^\d*$/u.test(port));
}

function checkJwks(jwks: Field): void {
  let keys: unknown;
  try {
    keys = (JSON.parse(jwks.text) as { readonly keys?: unknown }).keys;
  } catch {
    jwks.error(say("jwks is no JSON"), { problem: problems.badValue });
    return;
  }
  if (!Array.isArray(keys) || keys.some((key) => !isKey(key))) {
    jwks.error(say("jwks is no set of JSON Web Keys"), { problem: problems.badValue });
    return;
  }
  for (const key of keys as readonly Readonly<Record<string, unknown>>[]) {
    if (key["kty"] === "oct" || Object.hasOwn(key, "d"))
      jwks.warn(say("A private or symmetric key does not belong here"));
  }
}

const keyFields: Readonly<Record<string, readonly string[]>> = {
  RSA: ["n", "e"],
  EC: ["crv", "x", "y"],
  OKP: ["crv", "x"],
  oct: ["k"],
};

function isKey(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const key = value as Readonly<Record<string, unknown>>;
  const needed = keyFields[String(key["kty"])];
  return needed?.every((name) => typeof key[name] === "string" && key[name] !== "") === true;
}
