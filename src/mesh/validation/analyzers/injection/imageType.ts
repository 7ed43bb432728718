import { fieldsAt, fieldsOf, textAt, textMapAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { readYaml } from "../../../yaml/readYaml.ts";
import { kinds } from "../../kinds.ts";
import { meshConfigOf, rootNamespaceOf } from "../../world/meshConfig.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import type { PodLike } from "../../world/workloads.ts";

/**
 * The image type ("distroless", "debug") that a pod's proxy configuration asks for; "" is the default. The mesh's is
 * overridden by that of the namespace's ProxyConfig, of the workload's, and of the pod's annotation (Istio's
 * analyzers/util/proxyconfig.go).
 */
export function imageTypeOf(world: World, pod: PodLike): string {
  const found =
    typeInAnnotation(pod.annotations["proxy.istio.io/config"]) ??
    typeOfWorkload(world, pod) ??
    typeOfNamespace(world, pod.namespace) ??
    typeOfNamespace(world, rootNamespaceOf(world)) ??
    textAt(fieldsAt(fieldsAt(meshConfigOf(world), "defaultConfig"), "image"), "imageType") ??
    "";
  return found === "default" ? "" : found;
}

const proxyConfigs = defineQuery((world, namespace): readonly WorldObject[] =>
  world.inNamespace(kinds.ProxyConfig, namespace).filter((one) => typeIn(one) !== undefined),
);

function typeOfNamespace(world: World, namespace: string): string | undefined {
  const last = world.ask(proxyConfigs, namespace).findLast((one) => Object.keys(selectorOf(one)).length === 0);
  return last === undefined ? undefined : typeIn(last);
}

function typeOfWorkload(world: World, { namespace, labels }: PodLike): string | undefined {
  const last = world.ask(proxyConfigs, namespace).findLast((one) => {
    const selector = selectorOf(one);
    return Object.keys(selector).length > 0 && hasLabels(labels, selector);
  });
  return last === undefined ? undefined : typeIn(last);
}

function selectorOf({ object }: WorldObject): Readonly<Record<string, string>> {
  return textMapAt(fieldsAt(fieldsAt(object, "spec"), "selector"), "matchLabels");
}

function typeIn({ object }: WorldObject): string | undefined {
  return textAt(fieldsAt(fieldsAt(object, "spec"), "image"), "imageType");
}

function typeInAnnotation(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  return textAt(fieldsAt(fieldsOf(readYaml(text).documents[0]?.value), "image"), "imageType");
}
