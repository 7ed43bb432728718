import { fieldsAt, fieldsOf, textMapAt } from "../../model/fields.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import { kinds, type KindName } from "../kinds.ts";
import { toFqdn } from "../world/hosts.ts";
import type { WorldObject } from "../world/worldObject.ts";

type Labels = Readonly<Record<string, string>>;

const withTemplate: ReadonlySet<KindName> = new Set<KindName>([
  kinds.Deployment,
  kinds.StatefulSet,
  kinds.DaemonSet,
  kinds.ReplicaSet,
  kinds.Job,
]);

/**
 * Whether an object has to do with another one, for "Validate This": it is the same, it selects it, or it names it as a
 * host. Of a namespace everything in it.
 */
export function isAbout(object: WorldObject, target: WorldObject): boolean {
  if (object.cluster !== target.cluster) return false;
  if (object.id === target.id) return true;
  if (target.kind === kinds.Namespace) return object.namespace === target.name;
  if (target.kind === kinds.Service)
    return names(object, target) || isSelected(object, selectorOf(target), target.namespace);
  const labels = labelsOf(target);
  const selector = selectorOf(object);
  const isSameNamespace = object.namespace === target.namespace;
  return isSameNamespace && selector !== undefined && hasLabels(labels, selector);
}

function isSelected(object: WorldObject, selector: Labels | undefined, namespace: string): boolean {
  if (selector === undefined || object.namespace !== namespace) return false;
  return (object.kind === kinds.Pod || withTemplate.has(object.kind)) && hasLabels(labelsOf(object), selector);
}

/** The labels that an object selects by; undefined if it selects nothing by name. */
function selectorOf({ kind, object }: WorldObject): Labels | undefined {
  const spec = fieldsAt(object, "spec");
  const selector =
    kind === kinds.Service || kind === kinds.Gateway
      ? textMapAt(spec, "selector")
      : {
          ...textMapAt(fieldsAt(spec, "selector"), "matchLabels"),
          ...textMapAt(fieldsAt(spec, "workloadSelector"), "labels"),
        };
  return Object.keys(selector).length === 0 || withTemplate.has(kind) ? undefined : selector;
}

function labelsOf({ kind, object }: WorldObject): Labels {
  const metadata = withTemplate.has(kind)
    ? fieldsAt(fieldsAt(fieldsAt(object, "spec"), "template"), "metadata")
    : object.metadata;
  return textMapAt(metadata, "labels");
}

const hostFields = new Set(["host", "hosts"]);

/** True if one of its hosts, at any depth, means the Service. */
function names(object: WorldObject, service: WorldObject): boolean {
  if (!object.kind.includes(".io/")) return false;
  const wanted = `${service.name}.${service.namespace}.svc.cluster.local`;
  const stack: { readonly value: unknown; readonly isHost: boolean; readonly depth: number }[] = [
    { value: object.object["spec"], isHost: false, depth: 0 },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { value, isHost, depth } = top;
    if (typeof value === "string") {
      if (isHost && toFqdn(object.namespace, value.slice(value.indexOf("/") + 1)) === wanted) return true;
    } else if (depth < 40) {
      for (const [name, field] of Object.entries(fieldsOf(value))) {
        stack.push({ value: field, isHost: hostFields.has(name), depth: depth + 1 });
      }
      if (Array.isArray(value)) for (const item of value) stack.push({ value: item, isHost, depth: depth + 1 });
    }
  }
  return false;
}
