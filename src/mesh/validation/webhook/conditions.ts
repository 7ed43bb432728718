import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isIpSubnet } from "../values/addresses.ts";
import type { Field } from "./field.ts";

const inBrackets = /^\[.+\](?:\[.+\])*$/u;
const plainKeys = new Set([
  ...["source.ip", "remote.ip", "source.namespace", "source.serviceAccount", "source.principal", "source.trustDomain"],
  ...["request.auth.principal", "request.auth.audiences", "request.auth.presenter"],
  ...["destination.ip", "destination.port", "connection.sni"],
]);

/** istio.security.v1beta1.Condition. @param isCustom For an external authorizer. */
export function checkCondition(condition: Field, isCustom: boolean): void {
  const key = condition.at("key");
  if (key.text === "") {
    key.error(say("A condition needs a key"), { problem: problems.missingField });
    return;
  }
  const values = [...condition.list("values"), ...condition.list("notValues")];
  if (values.length === 0)
    condition.error(say("A condition needs values or notValues"), { problem: problems.missingField });
  if (!isKnown(key.text)) {
    key.error(say("{0} is no key of conditions", key.text), { problem: problems.badValue });
    return;
  }
  if (isCustom && isForbiddenToCustom(key.text)) {
    key.error(say("{0} does not work with action CUSTOM", key.text), { problem: problems.conflictingFields });
  }
  for (const value of values) checkValue(key.text, value);
}

function isKnown(key: string): boolean {
  if (plainKeys.has(key)) return true;
  for (const prefix of ["request.headers", "request.auth.claims"]) {
    if (key.startsWith(prefix)) return inBrackets.test(key.slice(prefix.length));
  }
  return key.startsWith("experimental.envoy.filters.");
}

function isForbiddenToCustom(key: string): boolean {
  const ofSource = ["source.namespace", "source.serviceAccount", "source.trustDomain", "source.principal"];
  return ofSource.includes(key) || key.startsWith("request.auth.");
}

function checkValue(key: string, value: Field): void {
  const refuse = (what: string): void => {
    value.error(say("{0} is no {1}", value.text, what), { problem: problems.badValue });
  };
  if (value.text === "") {
    value.error(say("A condition cannot have an empty value"), { problem: problems.badValue });
    return;
  }
  if (key === "source.ip" || key === "remote.ip" || key === "destination.ip") {
    if (!isIpSubnet(value.text)) refuse("IP address or range");
  } else if (key === "destination.port") {
    const number = /^\d{1,9}$/u.test(value.text) ? Number(value.text) : NaN;
    if (!(number >= 0 && number <= 65535)) refuse("port");
  } else if (key === "source.serviceAccount") {
    const parts = value.text.split("/");
    if (parts.length > 2 || parts.includes("") || value.text.includes("*")) refuse("account or namespace/account");
  }
}
