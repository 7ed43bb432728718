import { say, type Message } from "../../message.ts";
import { listAt, textAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { ConfigObject } from "../config/configObject.ts";
import type { RouteConfig } from "../config/routeConfig.ts";
import { meshGateway } from "../gatewayNames.ts";
import { hostsOverlap, isHostWithin } from "../hostPatterns.ts";
import { readHttpMatch } from "../httpMatch.ts";
import type { Route } from "../proxy/route.ts";
import type { Listener } from "../proxyScope.ts";
import { decideRequest, matchedRequest, type Decision } from "../request/decision.ts";
import type { ProxyConfiguration } from "../request/proxyConfiguration.ts";
import { nameOf, type RoutedRequest } from "../request/request.ts";
import { whyNotListener, whyNotRequest } from "./whyNot.ts";

/** One thing that was looked at on the way to an answer. */
export interface ExplanationStep {
  readonly kind: "listener" | "host" | "rule" | "object";
  /** Its name: of a rule its object, index and name. */
  readonly name: string;
  /** True for what took the request. */
  readonly isTaken: boolean;
  /** What it did with the request, or the first reason why nothing. */
  readonly text: Message;
  /** Where it is written. */
  readonly written: { readonly object: ConfigObject; readonly path: FieldPath } | undefined;
}

/** How a proxy comes to its answer: listener, host, every rule with the first reason why it did not match. */
export function explainRequest(configuration: ProxyConfiguration, routed: RoutedRequest): readonly ExplanationStep[] {
  const decision = decideRequest(configuration, routed);
  const listener = listenerStep(decision, routed);
  if (decision.host === undefined) return [listener, ...hostSteps(decision)];
  const at = listenerOf(configuration, routed);
  return [
    listener,
    ...hostSteps(decision),
    ...ruleSteps(decision),
    ...leftOutSteps(decision, at),
    ...passedOver(configuration, routed, decision),
  ];
}

function listenerStep({ listener, reason }: Decision, routed: RoutedRequest): ExplanationStep {
  const name = listener?.name ?? String(routed.port);
  const step = (isTaken: boolean, text: Message): ExplanationStep => ({
    kind: "listener",
    name,
    isTaken,
    text,
    written: undefined,
  });
  if (listener === undefined) {
    const isGateway = routed.from.kind === "gateway";
    if (isGateway) return step(false, say("no server of the gateway listens at this port"));
    return step(false, say("no visible service has this port, so the sidecar does not look at the request"));
  }
  if (reason === "tcp_listener") return step(true, say("is TCP for the proxy: routes for HTTP do not count"));
  if (reason === "no_filter_chain") return step(false, say("no server has this TLS server name"));
  return step(true, say("takes the connection"));
}

function hostSteps({ host, reason, seen }: Decision): readonly ExplanationStep[] {
  if (seen === undefined) return [];
  const step = (isTaken: boolean, text: Message): readonly ExplanationStep[] => [
    { kind: "host", name: host?.name ?? seen.authority, isTaken, text, written: undefined },
  ];
  if (reason === "path_normalization_failed") return step(false, say("the path holds a fragment, which is refused"));
  if (reason === "absolute_path_rejected") return step(false, say("the path does not begin with /"));
  if (host === undefined) return step(false, say("no host takes this name"));
  if (reason === "https_redirect") return step(true, say("sends all plain HTTP to https"));
  return step(true, say("takes the name {0}", seen.authority));
}

function ruleSteps({ host, route, seen }: Decision): readonly ExplanationStep[] {
  if (host === undefined || seen?.path === undefined) return [];
  const request = matchedRequest(seen, seen.path);
  const end = route === undefined ? host.routes.length : host.routes.indexOf(route);
  const step = (one: Route, isTaken: boolean, text: Message): ExplanationStep => ({
    kind: "rule",
    name: nameOfRoute(one),
    isTaken,
    text,
    written: placeOf(one),
  });
  const steps = host.routes
    .slice(0, end)
    .map((one) => step(one, false, whyNotRequest(one.match, request) ?? say("it does not match")));
  if (route !== undefined) return [...steps, step(route, true, say("takes the request"))];
  const none = say("no rule matches, and that is answered with 404");
  return [...steps, { kind: "host", name: host.name, isTaken: false, text: none, written: undefined }];
}

function nameOfRoute({ rule, name }: Route): string {
  return rule === undefined ? name : ruleName(rule.source, rule.index, name);
}

function ruleName({ kind, namespace, name }: ConfigObject, index: number, named: string | undefined): string {
  const own = named === undefined || named === "" ? "" : ` (${named})`;
  return `${kind} ${namespace}/${name} rule ${index}${own}`;
}

function placeOf({ rule, matchIndex }: Route): ExplanationStep["written"] {
  if (rule === undefined) return undefined;
  const { object, path } = rule.written;
  const hasMatch = object === rule.source && object.kind === "VirtualService" && matchIndex !== undefined;
  return { object, path: hasMatch ? [...path, "match", matchIndex] : path };
}

function listenerOf(configuration: ProxyConfiguration, routed: RoutedRequest): Listener {
  const { namespace, labels } = configuration.context.proxy;
  return { gateway: meshGateway, labels, namespace, port: routed.port };
}

// Rules of the objects in charge that this listener does not have.
function leftOutSteps({ host }: Decision, listener: Listener): readonly ExplanationStep[] {
  const routes = host?.routes ?? [];
  const present = new Set(routes.map(({ rule }) => rule));
  const objects = new Set(routes.flatMap(({ rule }) => (rule?.source.kind === "VirtualService" ? [rule.source] : [])));
  return [...objects].flatMap((object) =>
    listAt(object.spec, "http").flatMap((rule, index): readonly ExplanationStep[] => {
      if ([...present].some((one) => one?.source === object && one.index === index)) return [];
      const reasons = listAt(rule, "match").map((match) =>
        whyNotListener(readHttpMatch(match, object.namespace).scope, listener),
      );
      const text = reasons.find((reason) => reason !== undefined) ?? say("an earlier rule takes everything");
      const name = ruleName(object, index, textAt(rule, "name"));
      return [{ kind: "rule", name, isTaken: false, text, written: { object, path: ["spec", "http", index] } }];
    }),
  );
}

// Objects that name the host and have no say in it.
function passedOver(
  configuration: ProxyConfiguration,
  routed: RoutedRequest,
  { host }: Decision,
): readonly ExplanationStep[] {
  if (routed.from.kind === "gateway" || host === undefined) return [];
  const { mesh, proxy, scope } = configuration.context;
  const name = host.name.replace(/:\d+$/u, "");
  const asked = host.domains.includes("*") ? nameOf(routed.request.authority) : name;
  const inCharge = new Set(host.routes.map(({ rule }) => rule?.source));
  const imported = new Set(scope.listeners.flatMap(({ routes }) => routes));
  return mesh.routes.all.flatMap((config): readonly ExplanationStep[] => {
    const [first] = config.http;
    const object = first?.source;
    if (
      object === undefined ||
      inCharge.has(object) ||
      !config.hosts.some((one) => isHostWithin(asked, one.toLowerCase()))
    )
      return [];
    const text = whyPassedOver(config, { proxyNamespace: proxy.namespace, imported, asked });
    const id = `${object.kind} ${object.namespace}/${object.name}`;
    return [{ kind: "object", name: id, isTaken: false, text, written: { object, path: ["spec"] } }];
  });
}

function whyPassedOver(
  config: RouteConfig,
  at: {
    readonly proxyNamespace: string;
    readonly imported: ReadonlySet<RouteConfig>;
    readonly asked: string;
  },
): Message {
  if (!config.gateways.includes(meshGateway)) return say("it is bound to {0} only", config.gateways.join(", "));
  const { exportTo } = config;
  if (!exportTo.has("*") && !exportTo.has(at.proxyNamespace))
    return say("it is not exported to {0}", at.proxyNamespace);
  if (!at.imported.has(config)) return say("the Sidecar of {0} does not import it", at.proxyNamespace);
  const isExact = config.hosts.some((host) => host.toLowerCase() === at.asked);
  if (!isExact && config.hosts.some((host) => hostsOverlap(host, at.asked)))
    return say("another object names the host more exactly");
  return say("an older object has the host, and only one counts");
}
