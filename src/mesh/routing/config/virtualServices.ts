import { distinct, hostOf } from "../../inventory/facts/hostNames.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";
import { isLeftOut } from "../delegates.ts";
import { boundGateway, meshGateway } from "../gatewayNames.ts";
import type { ConfigObject } from "./configObject.ts";
import { readExportTo, type ExportTo } from "./exportTo.ts";
import { mergedRules } from "./mergedDelegate.ts";
import type { RoutingSettings } from "./meshSettings.ts";
import { inFull, type RouteConfig, type RouteRule } from "./routeConfig.ts";

interface Delegate {
  readonly object: ConfigObject;
  readonly exportTo: ExportTo;
}

/** Reads all VirtualServices and joins delegates with their roots; delegates are no configs of their own. */
export function readVirtualServices(
  objects: readonly ConfigObject[],
  settings: RoutingSettings,
): readonly RouteConfig[] {
  const delegates = new Map<string, Delegate>();
  for (const object of objects) {
    if (listAt(object.spec, "hosts").length > 0) continue;
    delegates.set(`${object.namespace}/${object.name}`, { object, exportTo: exportOf(object, settings) });
  }
  return objects
    .filter((object) => listAt(object.spec, "hosts").length > 0)
    .map((object) => readVirtualService(object, settings, delegates));
}

function exportOf(object: ConfigObject, settings: RoutingSettings): ExportTo {
  return readExportTo(textsAt(object.spec, "exportTo"), settings.defaultExportTo.virtualService, object.namespace);
}

function readVirtualService(
  source: ConfigObject,
  settings: RoutingSettings,
  delegates: ReadonlyMap<string, Delegate>,
): RouteConfig {
  const { spec, namespace } = source;
  const gateways = textsAt(spec, "gateways").map((name) => boundGateway(name, namespace));
  return {
    namespace,
    name: source.name,
    createdAt: source.createdAt,
    isGatewayApi: false,
    hosts: textsAt(spec, "hosts").map((host) => hostOf(host, namespace)),
    gateways: gateways.length === 0 ? [meshGateway] : distinct(gateways),
    exportTo: exportOf(source, settings),
    http: ownRules(source, "http").flatMap((own) => withDelegate(own, delegates)),
    tls: ownRules(source, "tls"),
    tcp: ownRules(source, "tcp"),
  };
}

function ownRules(source: ConfigObject, protocol: "http" | "tls" | "tcp"): readonly RouteRule[] {
  return listAt(source.spec, protocol).map((rule, index) => ({
    rule: inFull(rule, source.namespace),
    source,
    index,
    written: { object: source, path: ["spec", protocol, index] },
  }));
}

// A delegate that is missing or not exported to the root's namespace drops the rule (mergeVirtualServices).
function withDelegate(own: RouteRule, delegates: ReadonlyMap<string, Delegate>): readonly RouteRule[] {
  if (fieldsOf(own.rule["delegate"]) !== own.rule["delegate"]) return [own];
  const named = fieldsAt(own.rule, "delegate");
  const namespace = textAt(named, "namespace") ?? own.source.namespace;
  const delegate = delegates.get(`${namespace}/${textAt(named, "name") ?? ""}`);
  if (delegate === undefined) return [];
  if (!delegate.exportTo.has("*") && !delegate.exportTo.has(own.source.namespace)) return [];
  return ownRules(delegate.object, "http")
    .filter(({ rule }) => !isLeftOut(own.rule, rule))
    .map((sub) => ({ ...own, rule: mergedRules(own.rule, sub.rule), written: sub.written }));
}
