import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import { isIpAddress } from "../values/addresses.ts";
import { isOutboundSni, isWildcardDomain } from "../values/names.ts";
import { overlaps } from "../world/hosts.ts";
import { checkGatewayNames, isForGatewaysOnly } from "./gatewayNames.ts";
import type { Field } from "./field.ts";
import { checkHttpRoute } from "./httpRoute.ts";
import { checkExportTo } from "./selectors.ts";
import { checkTcpRoute, checkTlsRoute } from "./streamRoutes.ts";
import { checkUnusedMatches, unusedMatchCodes } from "./unusedMatches.ts";
import { webhookRule } from "./webhookRule.ts";

/** istio-analysis, 5.1. */
export const virtualService = webhookRule(
  kinds.VirtualService,
  (spec, { namespace }) => {
    const isDelegate = spec.list("hosts").length === 0;
    const isForGateways = isForGatewaysOnly(spec);
    if (isDelegate) checkDelegate(spec);
    checkGatewayNames(spec.list("gateways"));
    checkHosts(spec, isForGateways);
    for (const name of ["http", "tls", "tcp"] as const) checkUnusedMatches(spec.list(name), name);
    if (!["http", "tls", "tcp"].some((name) => spec.list(name).length > 0)) {
      spec.error(say("At least one of http, tls and tcp is needed"), { problem: problems.missingField });
    }
    for (const route of spec.list("http")) checkHttpRoute(route, { isDelegate, isForGateways });
    const hosts = spec.list("hosts").map(({ text }) => text);
    for (const route of spec.list("tls")) checkTlsRoute(route, { hosts, isForGateways });
    for (const route of spec.list("tcp")) checkTcpRoute(route);
    checkExportTo(spec, namespace, false);
  },
  unusedMatchCodes,
);

function checkDelegate(spec: Field): void {
  for (const name of ["gateways", "tls", "tcp"]) {
    if (!spec.isFilled(name)) continue;
    spec.at(name).error(say("A VirtualService without hosts is a delegate, which has no {0}", name), { at: "key" });
  }
}

function checkHosts(spec: Field, isForGateways: boolean): void {
  const hosts = spec.list("hosts");
  const hasSni = spec
    .list("tls")
    .some((route) => route.list("match").some((match) => match.list("sniHosts").length > 0));
  let areFine = true;
  for (const host of hosts) {
    const isOutbound = isForGateways && hasSni && host.text.startsWith("outbound_") && isOutboundSni(host.text);
    if (!isOutbound && !isWildcardDomain(host.text) && !isIpAddress(host.text)) {
      areFine = false;
      host.error(say("{0} is neither a domain name nor an IP address", host.text), { problem: problems.badHost });
    } else if (!isForGateways && host.text === "*") {
      areFine = false;
      host.error(say("The host * works at gateways only"), { problem: problems.badHost });
    }
  }
  if (!areFine) return;
  for (const [at, host] of hosts.entries()) {
    const other = hosts.slice(0, at).find(({ text }) => overlaps(text, host.text));
    if (other !== undefined)
      host.error(say("{0} overlaps {1}", host.text, other.text), { problem: problems.sameHostTwice });
  }
}
