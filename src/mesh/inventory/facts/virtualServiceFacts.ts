import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { RouteFacts } from "../trafficConfig.ts";
import { distinct, exportedTo, gatewayName, hostOf } from "./hostNames.ts";

/** What the answers need of a VirtualService. */
export interface VirtualServiceFacts extends Omit<RouteFacts, "ref"> {
  readonly namespace: string;
  readonly name: string;
  /** "namespace/name" of VirtualServices without hosts whose routes stand in for some of its own. */
  readonly delegates: readonly string[];
}

/** Reads a networking.istio.io VirtualService, v1alpha3 to v1. */
export function readVirtualService(object: KubeObject): VirtualServiceFacts {
  const metadata = fieldsAt(object, "metadata");
  const namespace = textAt(metadata, "namespace") ?? "";
  const spec = fieldsAt(object, "spec");
  const http = listAt(spec, "http");
  const streams = [...listAt(spec, "tcp"), ...listAt(spec, "tls")];
  const hosts = distinct(textsAt(spec, "hosts").map((host) => hostOf(host, namespace)));
  const gateways = textsAt(spec, "gateways").map((name) => gatewayName(name, namespace));
  const routes = [...http, ...streams];
  return {
    namespace,
    name: textAt(metadata, "name") ?? "",
    hosts,
    destinations: distinct(routes.flatMap((route) => destinationsOf(route, namespace))),
    exportTo: exportedTo(textsAt(spec, "exportTo"), namespace),
    gateways: gateways.length === 0 ? ["mesh"] : distinct(gateways),
    shiftsTraffic: routes.some(isSplit),
    routesRequests: http.some(isPickyHttp) || streams.some((route) => isPickyStream(route, hosts)),
    injectsFaults: http.some(hasFault),
    mirrors: http.some(isMirrored),
    setsTimeouts: http.some((route) => isLimit(textAt(route, "timeout"))),
    breaksCircuits: false,
    delegates: distinct(http.flatMap((route) => delegateOf(route, namespace))),
  };
}

function destinationsOf(route: unknown, namespace: string): readonly string[] {
  return listAt(route, "route").flatMap((entry) => {
    const host = textAt(fieldsAt(entry, "destination"), "host");
    return host === undefined ? [] : [hostOf(host, namespace)];
  });
}

// HTTPRouteDestination.weight: the only destination takes all; of several, one of weight 0 (or none) takes nothing.
function isSplit(route: unknown): boolean {
  const weighed = listAt(route, "route").filter((entry) => numberAt(entry, "weight") > 0);
  return new Set(weighed.map((entry) => JSON.stringify(fieldsAt(entry, "destination")))).size > 1;
}

const httpConditions = ["scheme", "method", "authority", "headers", "queryParams", "withoutHeaders", "sourceLabels"];

/** A match on nothing but the port, the gateways or the prefix "/" takes what comes. */
function isPickyHttp(route: unknown): boolean {
  return listAt(route, "match").some((match) => {
    const uri = fieldsAt(match, "uri");
    const isAnyUri = Object.keys(uri).length === 0 || textAt(uri, "prefix") === "/";
    return !isAnyUri || [...httpConditions, "sourceNamespace"].some((name) => isSaid(fieldsOf(match)[name]));
  });
}

// TLS routes must name server names; those of the object itself are no choice.
function isPickyStream(route: unknown, hosts: readonly string[]): boolean {
  return listAt(route, "match").some((match) => {
    const conditions = ["destinationSubnets", "sourceLabels", "sourceNamespace", "sourceSubnet"];
    const isNarrowed = textsAt(match, "sniHosts").some((host) => !hosts.includes(host));
    return isNarrowed || conditions.some((name) => isSaid(fieldsOf(match)[name]));
  });
}

function isSaid(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

// HTTPFaultInjection: without a percentage every request is hit; `percent` is the deprecated whole number.
function hasFault(route: unknown): boolean {
  const fault = fieldsAt(route, "fault");
  return ["abort", "delay"].some((name) => {
    const part = fieldsAt(fault, name);
    return Object.keys(part).length > 0 && isAtAll(part, "percentage", "percent");
  });
}

function isMirrored(route: unknown): boolean {
  const isOne = Object.keys(fieldsAt(route, "mirror")).length > 0;
  if (isOne && isAtAll(route, "mirrorPercentage", "mirrorPercent", "mirror_percent")) return true;
  return listAt(route, "mirrors").some((mirror) => isAtAll(mirror, "percentage"));
}

/** A share that is not said is all of it. */
function isAtAll(value: unknown, percentage: string, ...wholeNumbers: readonly string[]): boolean {
  const fields = fieldsOf(value);
  if (fields[percentage] !== undefined) return numberAt(fieldsAt(value, percentage), "value") > 0;
  const whole = wholeNumbers.map((name) => fields[name]).find((number) => number !== undefined);
  return whole === undefined || (typeof whole === "number" && whole > 0);
}

/** "0s" switches a timeout off. */
export function isLimit(duration: string | undefined): boolean {
  return duration !== undefined && /[1-9]/.test(duration);
}

function delegateOf(route: unknown, namespace: string): readonly string[] {
  const delegate = fieldsAt(route, "delegate");
  const name = textAt(delegate, "name");
  return name === undefined ? [] : [`${textAt(delegate, "namespace") ?? namespace}/${name}`];
}

/** A number from 0 up; anything else reads as 0. */
function numberAt(value: unknown, name: string): number {
  const number = fieldsOf(value)[name];
  return typeof number === "number" && number > 0 ? number : 0;
}
