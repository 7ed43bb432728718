import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isIpAddress } from "../values/addresses.ts";
import { isOutboundSni, isWildcardDomain } from "../values/names.ts";
import { isSubsetOf } from "../world/hosts.ts";
import { checkDestinations } from "./destination.ts";
import type { Field } from "./field.ts";
import { checkGatewayNames } from "./gatewayNames.ts";
import { checkLabels, checkPort, checkSubnet } from "./scalars.ts";

/** istio.networking.v1alpha3.TLSRoute. */
export function checkTlsRoute(
  route: Field,
  { hosts, isForGateways }: { readonly hosts: readonly string[]; readonly isForGateways: boolean },
): void {
  const matches = route.list("match");
  if (matches.length === 0) route.error(say("A TLS route needs a match"), { problem: problems.missingField });
  for (const match of matches) {
    const names = match.list("sniHosts");
    if (names.length === 0) match.error(say("sniHosts is missing"), { problem: problems.missingField });
    for (const name of names) checkSni(name, hosts, isForGateways);
    checkStreamMatch(match);
  }
  checkTargets(route);
}

function checkSni(name: Field, hosts: readonly string[], isForGateways: boolean): void {
  const { text } = name;
  const isOutbound = isForGateways && text.startsWith("outbound_") && isOutboundSni(text);
  if (isIpAddress(text)) name.warn(say("SNI never is an IP address"));
  else if (!isOutbound && !isWildcardDomain(text)) {
    name.error(say("{0} is no domain name", text), { problem: problems.badHost });
    return;
  }
  if (!hosts.some((host) => isSubsetOf(text, host))) name.error(say("{0} is in none of the hosts", text));
}

/** istio.networking.v1alpha3.TCPRoute. */
export function checkTcpRoute(route: Field): void {
  for (const match of route.list("match")) checkStreamMatch(match);
  checkTargets(route);
}

function checkStreamMatch(match: Field): void {
  for (const subnet of match.list("destinationSubnets")) checkSubnet(subnet);
  if (match.numberAt("port") !== 0) checkPort(match.at("port"));
  checkLabels(match.at("sourceLabels"));
  checkGatewayNames(match.list("gateways"));
}

function checkTargets(route: Field): void {
  const targets = route.list("route");
  if (targets.length === 0) route.error(say("A route needs destinations"), { problem: problems.missingField });
  checkDestinations(targets);
}
