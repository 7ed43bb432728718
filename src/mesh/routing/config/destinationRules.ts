import { hostOf } from "../../inventory/facts/hostNames.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import { isWildcard } from "../hostPatterns.ts";
import { compareByAgeAndName, type ConfigObject } from "./configObject.ts";
import type { RoutingSettings } from "./meshSettings.ts";
import { mostSpecific } from "./mostSpecific.ts";

type Fields = Readonly<Record<string, unknown>>;

/** DestinationRules of one host in one namespace, merged as istiod merges them. */
export interface MergedDestinationRule {
  readonly namespace: string;
  readonly from: readonly ConfigObject[];
  /** Proxies it is for; undefined for all. Only those of its own namespace use one with a selector. */
  readonly workloadLabels: Readonly<Record<string, string>> | undefined;
  readonly subsets: readonly Fields[];
  readonly trafficPolicy: Fields | undefined;
}

interface Mutable {
  namespace: string;
  from: ConfigObject[];
  workloadLabels: Readonly<Record<string, string>> | undefined;
  exportTo: ReadonlySet<string>;
  subsets: Fields[];
  trafficPolicy: Fields | undefined;
}

interface ByHost {
  readonly exact: Map<string, Mutable[]>;
  readonly wildcard: Map<string, Mutable[]>;
}

/** Which DestinationRule a client uses for a host. */
export class DestinationRules {
  readonly #local = new Map<string, ByHost>();
  readonly #exported = new Map<string, ByHost>();
  readonly #rootLocal: ByHost = { exact: new Map(), wildcard: new Map() };
  readonly #rootNamespace: string;

  constructor(objects: readonly ConfigObject[], settings: RoutingSettings) {
    this.#rootNamespace = settings.rootNamespace;
    const isPrivateByDefault = settings.defaultExportTo.destinationRule?.includes(".") ?? false;
    for (const object of [...objects].sort(bySelectorAndAge)) this.#add(object, isPrivateByDefault);
  }

  // setDestinationRules: a rule with a selector is private, whatever it exports.
  #add(object: ConfigObject, isPrivateByDefault: boolean): void {
    const { namespace, spec } = object;
    const said = selectorOf(object) === undefined ? textsAt(spec, "exportTo") : ["."];
    const exportTo = new Set(said);
    const isLocal = said.length === 0 || ["*", ".", namespace].some((entry) => exportTo.has(entry));
    if (isLocal) add(indexOf(this.#local, namespace), object, exportTo);
    const isPrivate =
      said.length === 0 ? isPrivateByDefault : exportTo.size === 1 && (exportTo.has(".") || exportTo.has(namespace));
    if (!isPrivate) add(indexOf(this.#exported, namespace), object, exportTo);
    else if (namespace === this.#rootNamespace) add(this.#rootLocal, object, exportTo);
  }

  /**
   * The rule that a proxy uses for a service: of the first that has one of the client's namespace, the service's and the
   * root namespace (`PushContext.destinationRule`, `SidecarScope.DestinationRule`).
   */
  for(
    host: string,
    serviceNamespace: string,
    client: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  ): MergedDestinationRule | undefined {
    const rules = this.#rulesFor(host, serviceNamespace, client.namespace);
    const own = rules.find(
      (rule) =>
        rule.workloadLabels !== undefined &&
        rule.namespace === client.namespace &&
        hasLabels(client.labels, rule.workloadLabels),
    );
    return own ?? rules.findLast((rule) => rule.workloadLabels === undefined);
  }

  #rulesFor(host: string, serviceNamespace: string, clientNamespace: string): readonly Mutable[] {
    const local = clientNamespace === this.#rootNamespace ? this.#rootLocal : this.#local.get(clientNamespace);
    const found = local === undefined ? undefined : mostSpecific(host, local);
    if (found !== undefined) return found;
    for (const namespace of [serviceNamespace, this.#rootNamespace]) {
      const exported = this.#exported.get(namespace);
      const rules = exported === undefined ? undefined : mostSpecific(host, exported);
      const visible = rules?.filter(
        ({ exportTo }) => exportTo.size === 0 || exportTo.has("*") || exportTo.has(clientNamespace),
      );
      if (visible !== undefined && visible.length > 0) return visible;
    }
    return [];
  }
}

function bySelectorAndAge(a: ConfigObject, b: ConfigObject): number {
  const [selectedA, selectedB] = [selectorOf(a) !== undefined, selectorOf(b) !== undefined];
  if (selectedA !== selectedB) return selectedA ? -1 : 1;
  return compareByAgeAndName(a, b);
}

function selectorOf(object: ConfigObject): Readonly<Record<string, string>> | undefined {
  const selector = object.spec["workloadSelector"];
  return typeof selector === "object" && selector !== null ? textMapAt(selector, "matchLabels") : undefined;
}

function indexOf(byNamespace: Map<string, ByHost>, namespace: string): ByHost {
  const known = byNamespace.get(namespace);
  if (known !== undefined) return known;
  const made: ByHost = { exact: new Map(), wildcard: new Map() };
  byNamespace.set(namespace, made);
  return made;
}

// mergeDestinationRule, with ENABLE_ENHANCED_DESTINATIONRULE_MERGE, the default.
function add(index: ByHost, object: ConfigObject, exportTo: ReadonlySet<string>): void {
  const host = hostOf(textAt(object.spec, "host") ?? "", object.namespace);
  const byHost = isWildcard(host) ? index.wildcard : index.exact;
  const known = byHost.get(host);
  const rule = read(object, exportTo);
  if (known === undefined) {
    byHost.set(host, [rule]);
    return;
  }
  let isSeparate = true;
  for (const existing of known) {
    if (isSame(exportTo, existing.exportTo)) isSeparate = false;
    else {
      isSeparate = true;
      if (existing.exportTo.size === 0 || ![...existing.exportTo].every((entry) => exportTo.has(entry))) continue;
    }
    const [own, theirs] = [rule.workloadLabels, existing.workloadLabels];
    const isEqual = own !== undefined && theirs !== undefined && hasLabels(own, theirs) && hasLabels(theirs, own);
    if (own !== undefined && theirs !== undefined && !isEqual) {
      isSeparate = true;
      continue;
    }
    if (isEqual || (own === undefined && theirs === undefined)) isSeparate = false;
    merge(existing, rule);
  }
  if (isSeparate) known.push(rule);
}

function merge(existing: Mutable, rule: Mutable): void {
  existing.from.push(...rule.from);
  const names = new Set(existing.subsets.map((subset) => subset["name"]));
  existing.subsets.push(...rule.subsets.filter((subset) => !names.has(subset["name"])));
  existing.trafficPolicy ??= rule.trafficPolicy;
}

function read(object: ConfigObject, exportTo: ReadonlySet<string>): Mutable {
  const policy = object.spec["trafficPolicy"];
  return {
    namespace: object.namespace,
    from: [object],
    workloadLabels: selectorOf(object),
    exportTo,
    subsets: listAt(object.spec, "subsets").map(fieldsOf),
    trafficPolicy: policy === undefined ? undefined : fieldsAt(object.spec, "trafficPolicy"),
  };
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((entry) => b.has(entry));
}
