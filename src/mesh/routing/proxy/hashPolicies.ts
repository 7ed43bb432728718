import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import type { MergedDestinationRule } from "../config/destinationRules.ts";
import type { HashPolicy } from "./route.ts";

/** The hash policy of a consistentHash load balancer; undefined where it says none that a route has. */
function hashPolicy(consistentHash: unknown): HashPolicy | undefined {
  const header = textAt(consistentHash, "httpHeaderName");
  if (header !== undefined) return { header };
  const cookie = fieldsAt(consistentHash, "httpCookie");
  const name = textAt(cookie, "name");
  if (name !== undefined) return { cookie: { name, path: textAt(cookie, "path"), ttl: textAt(cookie, "ttl") } };
  if (fieldsOf(consistentHash)["useSourceIp"] === true) return { sourceIp: true };
  const queryParameter = textAt(consistentHash, "httpQueryParameterName");
  return queryParameter === undefined ? undefined : { queryParameter };
}

function hashOf(policy: unknown): unknown {
  return fieldsAt(policy, "loadBalancer")["consistentHash"];
}

function portHash(policy: unknown, port: unknown): unknown {
  if (typeof port !== "number") return undefined;
  const setting = listAt(policy, "portLevelSettings").find((one) => fieldsAt(one, "port")["number"] === port);
  return hashOf(setting);
}

/** Of a service without routes of its own (`hashForService`). */
export function serviceHash(rule: MergedDestinationRule | undefined, port: number): HashPolicy | undefined {
  return hashPolicy(portHash(rule?.trafficPolicy, port) ?? hashOf(rule?.trafficPolicy));
}

/** Of a route's destination: its subset's, then its port's, then the host's (`HashForHTTPDestination`). */
export function destinationHash(rule: MergedDestinationRule | undefined, destination: unknown): HashPolicy | undefined {
  if (rule === undefined) return undefined;
  const port = fieldsAt(destination, "port")["number"];
  const name = textAt(destination, "subset");
  const subset = rule.subsets.find((one) => textAt(one, "name") === name);
  const policy = subset === undefined ? undefined : fieldsAt(subset, "trafficPolicy");
  return hashPolicy(
    portHash(policy, port) ?? hashOf(policy) ?? portHash(rule.trafficPolicy, port) ?? hashOf(rule.trafficPolicy),
  );
}
