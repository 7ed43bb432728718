import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { isIpSubnet } from "../values/addresses.ts";
import { checkCondition } from "./conditions.ts";
import type { Field } from "./field.ts";
import { checkPathTemplates } from "./pathTemplates.ts";
import { checkTargets } from "./selectors.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.6. */
export const authorizationPolicy = webhookRule(kinds.AuthorizationPolicy, (spec) => {
  checkTargets(spec);
  const action = spec.textAt("action") === "" ? "ALLOW" : spec.textAt("action");
  const rules = spec.list("rules");
  if ((action === "CUSTOM" || action === "DENY") && rules.length === 0) {
    spec.error(say("{0} needs rules: without any it does nothing", action), { problem: problems.missingField });
  }
  if (action === "CUSTOM") {
    if (spec.at("provider").textAt("name") === "") {
      spec.at("provider").error(say("CUSTOM needs a provider with a name"), { problem: problems.missingField });
    }
  } else if (spec.has("provider")) {
    spec
      .at("provider")
      .error(say("A provider works with action CUSTOM only"), { at: "key", problem: problems.conflictingFields });
  }
  for (const rule of rules) checkRule(rule, action);
});

const sourceFields = [
  ...["principals", "requestPrincipals", "namespaces", "serviceAccounts", "trustDomains", "ipBlocks", "remoteIpBlocks"],
  ...["notPrincipals", "notRequestPrincipals", "notNamespaces", "notServiceAccounts", "notTrustDomains"],
  ...["notIpBlocks", "notRemoteIpBlocks"],
];
const operationFields = ["hosts", "notHosts", "ports", "notPorts", "methods", "notMethods", "paths", "notPaths"];
/** What an external authorizer cannot be asked about. */
const notForCustom = ["namespaces", "serviceAccounts", "trustDomains", "principals", "requestPrincipals"];

function checkRule(rule: Field, action: string): void {
  for (const name of ["from", "to"]) {
    if (!rule.has(name) || rule.list(name).length > 0) continue;
    rule
      .at(name)
      .error(say("{0} is empty; leave it out to match everything", name), { problem: problems.missingField });
  }
  for (const from of rule.list("from")) checkSource(from.at("source"), action);
  for (const to of rule.list("to")) checkOperation(to.at("operation"));
  for (const when of rule.list("when")) checkCondition(when, action === "CUSTOM");
  if (action === "DENY") warnHttpOnly(rule);
}

function checkSource(source: Field, action: string): void {
  if (!sourceFields.some((name) => source.list(name).length > 0)) {
    source.error(say("A source needs at least one field"), { problem: problems.missingField });
    return;
  }
  checkTexts(source, sourceFields);
  if (action === "CUSTOM") {
    for (const name of notForCustom.flatMap((one) => [one, negated(one)])) {
      if (source.list(name).length === 0) continue;
      source
        .at(name)
        .error(say("{0} does not work with action CUSTOM", name), { at: "key", problem: problems.conflictingFields });
    }
  }
  for (const name of ["ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks"]) {
    for (const block of source.list(name)) {
      if (block.text !== "" && !isIpSubnet(block.text)) {
        block.error(say("{0} is no IP address or range", block.text), { problem: problems.badValue });
      }
    }
  }
  checkServiceAccounts(source);
  for (const name of ["trustDomains", "notTrustDomains"]) {
    for (const domain of source.list(name)) {
      const stars = domain.text.split("*").length - 1;
      const isEdge = stars === 0 || domain.text.startsWith("*") || domain.text.endsWith("*");
      if (stars <= 1 && isEdge && !domain.text.includes("/")) continue;
      domain.error(say("{0} is no trust domain: one * at an end, no /", domain.text), { problem: problems.badValue });
    }
  }
}

function negated(name: string): string {
  return `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function checkServiceAccounts(source: Field): void {
  const lists = ["serviceAccounts", "notServiceAccounts"];
  const used = lists.filter((name) => source.list(name).length > 0);
  const [first] = used;
  if (first === undefined) return;
  const others = ["principals", "notPrincipals", "namespaces", "notNamespaces"].find(
    (name) => source.list(name).length > 0,
  );
  if (others !== undefined) {
    source
      .at(first)
      .error(say("{0} cannot be set with {1}", first, others), { at: "key", problem: problems.conflictingFields });
  }
  for (const name of used) {
    const accounts = source.list(name);
    if (accounts.length > 16)
      accounts[16]?.error(say("{0} has at most 16 entries", name), { problem: problems.badValue });
    for (const account of accounts) {
      const parts = account.text.split("/");
      const isFine =
        parts.length <= 2 &&
        parts.every((part) => part !== "") &&
        !account.text.includes("*") &&
        account.text.length <= 320;
      if (!isFine && account.text !== "") {
        account.error(say("{0} is neither account nor namespace/account", account.text), {
          problem: problems.badValue,
        });
      }
    }
  }
}

function checkOperation(operation: Field): void {
  if (!operationFields.some((name) => operation.list(name).length > 0)) {
    operation.error(say("An operation needs at least one field"), { problem: problems.missingField });
    return;
  }
  checkTexts(operation, operationFields);
  for (const name of ["ports", "notPorts"]) {
    for (const port of operation.list(name)) {
      if (port.text === "") continue;
      const number = /^\d{1,9}$/u.test(port.text) ? Number(port.text) : NaN;
      if (!(number >= 0 && number <= 65535))
        port.error(say("{0} is no port", port.text), { problem: problems.badPort });
    }
  }
  for (const name of ["paths", "notPaths"]) for (const path of operation.list(name)) checkPathTemplates(path);
}

function checkTexts(field: Field, names: readonly string[]): void {
  for (const name of names) {
    for (const item of field.list(name)) {
      if (item.text === "") item.error(say("{0} cannot have an empty entry", name), { problem: problems.badValue });
    }
  }
}

const tcpSources = ["principals", "namespaces", "ipBlocks", "remoteIpBlocks", "serviceAccounts"].flatMap((name) => [
  name,
  negated(name),
]);

// On TCP ports such a rule denies everything, since what it asks about is not there.
function warnHttpOnly(rule: Field): void {
  const [from, to] = [rule.list("from"), rule.list("to")];
  const isHttpFrom =
    from.length > 0 &&
    to.length === 0 &&
    from.every((one) => !tcpSources.some((name) => one.at("source").list(name).length > 0));
  const isHttpTo =
    to.length > 0 &&
    to.some(
      (one) => one.at("operation").list("ports").length === 0 && one.at("operation").list("notPorts").length === 0,
    );
  if (!isHttpFrom && !isHttpTo) return;
  rule.warn(say("On TCP ports this DENY rule denies everything: it has HTTP attributes only"));
}
