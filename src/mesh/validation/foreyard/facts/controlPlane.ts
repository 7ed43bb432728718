import { fieldsAt, textAt, textMapAt } from "../../../model/fields.ts";
import { readInjector, type InjectorFacts } from "../../../inventory/facts/injection.ts";
import { proxyRevision, readProxy, type ProxyFacts } from "../../../inventory/facts/proxyFacts.ts";
import { readSystemPart, type SystemPart } from "../../../inventory/facts/systemPart.ts";
import { kinds } from "../../kinds.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

/** An istiod of this cluster. */
export interface Istiod {
  readonly object: WorldObject;
  readonly facts: SystemPart;
}

/** The istiods that run here for this cluster, by their Deployments. */
export const istiods = defineQuery((world): readonly Istiod[] =>
  world.all(kinds.Deployment).flatMap((object) => {
    const facts = readSystemPart(object.object);
    return facts?.part === "istiod" && !facts.servesElsewhere ? [{ object, facts }] : [];
  }),
);

/** What injects proxies here. */
export const injectors = defineQuery((world): readonly InjectorFacts[] =>
  world.all(kinds.MutatingWebhookConfiguration).flatMap(({ object }) => readInjector(object) ?? []),
);

/** The revision that a name stands for: itself, or what a tag points to; undefined where no injector has the name. */
export const revisionNamed = defineQuery((world, name): string | undefined => {
  const known = world.ask(injectors);
  const tag = known.find((injector) => injector.tag === name);
  return (tag ?? known.find((injector) => injector.revision === name))?.revision;
});

/** The proxy in a Pod, with the revision that injected it. */
export interface PodProxy {
  readonly facts: ProxyFacts;
  readonly revision: string | undefined;
}

export function proxyOf(pod: WorldObject): PodProxy | undefined {
  const metadata = fieldsAt(pod.object, "metadata");
  const labels = textMapAt(metadata, "labels");
  const annotations = textMapAt(metadata, "annotations");
  const facts = readProxy(fieldsAt(pod.object, "spec"), labels, annotations);
  return facts === undefined ? undefined : { facts, revision: proxyRevision(labels, annotations) };
}

/** What a cluster calls itself in the mesh: `CLUSTER_ID` of its istiods, else what a remote's injector calls with. */
export const clusterIds = defineQuery((world): readonly string[] => {
  const own = world.ask(istiods).flatMap(({ facts }) => facts.clusterId ?? []);
  const called = own.length > 0 ? own : world.ask(injectors).flatMap(({ clusterId }) => clusterId ?? []);
  return [...new Set(called)].sort();
});

/** A cluster as people know it: its context, or the name that files give it. */
export function clusterName(world: World): string {
  return world.ask(nameOfCluster);
}

const nameOfCluster = defineQuery((world): string => {
  const kindsOfAny = [kinds.Deployment, kinds.ConfigMap, kinds.Namespace];
  for (const kind of kindsOfAny) {
    for (const { origin } of world.all(kind)) if (origin.from === "live") return origin.context;
  }
  return world.cluster;
});

/** The namespace that Istio runs in: that of an istiod, else its usual one. */
export const istioNamespace = defineQuery((world): string => world.ask(istiods)[0]?.object.namespace ?? "istio-system");

/** True for what `istioctl create-remote-secret` makes. */
export function isRemoteSecret({ object }: WorldObject): boolean {
  return textMapAt(fieldsAt(object, "metadata"), "labels")["istio/multiCluster"] === "true";
}

export function annotationOf({ object }: WorldObject, name: string): string | undefined {
  return textAt(fieldsAt(fieldsAt(object, "metadata"), "annotations"), name);
}
