import type { ClusterKey, ObjectRef } from "../../model/refs.ts";
import type { ClusterFeed } from "../clusterFeed.ts";
import type { InjectorFacts } from "../facts/injection.ts";
import { meshSettings, type MeshConfigFacts } from "./meshConfig.ts";
import type { SystemPart } from "../facts/systemPart.ts";
import type { ControlPlane, NodeAgent } from "../views.ts";
import type { WorkloadRecord } from "../workloads/workloadRecord.ts";

/** One of Istio's own workloads, with what its object says of Istio. */
interface Part {
  readonly record: WorkloadRecord;
  readonly system: SystemPart;
}

function partsOf(feed: ClusterFeed, part: SystemPart["part"]): readonly Part[] {
  return [...feed.systemParts.values()]
    .flatMap((record) => {
      const system = record.controller?.system;
      return system?.part === part ? [{ record, system }] : [];
    })
    .sort((a, b) => (a.record.id < b.record.id ? -1 : 1));
}

/** The istiods of this cluster, and those elsewhere that its webhooks call. */
export function controlPlanesOf(cluster: ClusterKey, feed: ClusterFeed): readonly ControlPlane[] {
  const istiods = partsOf(feed, "istiod");
  const outside = injectorsElsewhere(feed);
  const count = istiods.length + outside.length;
  const mixers = new Set(partsOf(feed, "mixer").map(({ record }) => record.ref.namespace));
  return [
    ...istiods.map(({ record, system }) => ({
      ...shared(feed, { revision: system.revision, namespace: record.ref.namespace, isOnly: count === 1 }),
      ref: record.ref,
      version: system.version,
      image: system.image,
      vendorBuild: system.isVendorBuild,
      replicas: record.view?.replicas,
      external: false,
      ...(mixers.has(record.ref.namespace) && { usesMixer: true }),
      problems: record.view?.problems ?? [],
    })),
    ...outside.map((injector) => ({
      ...shared(feed, { revision: injector.revision, namespace: injector.service?.namespace, isOnly: count === 1 }),
      ref: addressOf(cluster, injector),
      version: undefined,
      image: undefined,
      vendorBuild: false,
      replicas: undefined,
      external: true,
      problems: [],
    })),
  ];
}

interface Owner {
  readonly revision: string | undefined;
  /** Where its configuration lies; undefined where nothing tells. */
  readonly namespace: string | undefined;
  readonly isOnly: boolean;
}

function shared(feed: ClusterFeed, owner: Owner) {
  const tags = tagsOf(feed, owner.revision);
  return {
    revision: owner.revision,
    tags,
    proxies: feed.pods.isReadable && !feed.arePodsAwaited ? proxiesOf(feed, owner, tags) : undefined,
    ...meshSettings(configOf(feed, owner)),
  };
}

/** Revision tags: webhook configurations with another name for the revision (`istioctl tag`). */
function tagsOf(feed: ClusterFeed, revision: string | undefined): readonly string[] {
  const tags = new Set<string>();
  for (const injector of feed.webhooks.values()) {
    if (injector.tag !== undefined && injector.revision === (revision ?? "default")) tags.add(injector.tag);
  }
  return [...tags].sort();
}

// Before Istio 1.6 proxies name no revision: they belong to the one control plane where there is but one.
function proxiesOf(feed: ClusterFeed, owner: Owner, tags: readonly string[]): number {
  const { revisions } = feed.tally;
  const names = new Set([owner.revision ?? "default", ...tags]);
  let proxies = owner.isOnly ? (revisions.get("") ?? 0) : 0;
  for (const name of names) proxies += revisions.get(name) ?? 0;
  return proxies;
}

function configOf(feed: ClusterFeed, { revision, namespace }: Owner): MeshConfigFacts | undefined {
  const name = revision === undefined || revision === "default" ? "istio" : `istio-${revision}`;
  const configs = [...feed.meshConfigs.values(), ...feed.revisionMeshConfigs.values()];
  const named = configs.filter((config) => config.name === name);
  if (namespace !== undefined) return named.find((config) => config.namespace === namespace);
  // Nothing says whose configuration it is: only one that has no rival is taken.
  const [first] = named;
  return named.every((config) => config.namespace === first?.namespace) ? first : undefined;
}

/** Injection of revisions that no istiod here serves, one for each revision. Dangling webhooks are none. */
function injectorsElsewhere(feed: ClusterFeed): readonly InjectorFacts[] {
  const here = new Set(partsOf(feed, "istiod").map(({ system }) => system.revision ?? "default"));
  const byRevision = new Map<string, InjectorFacts>();
  for (const injector of sortedInjectors(feed)) {
    const revision = injector.revision ?? "default";
    if (injector.tag !== undefined || here.has(revision) || byRevision.has(revision)) continue;
    if (isElsewhere(feed, injector)) byRevision.set(revision, injector);
  }
  return [...byRevision.values()];
}

// What answers a Service here may be an istiod that we may not read, or have not read yet: that is not elsewhere.
function isElsewhere(feed: ClusterFeed, { service }: InjectorFacts): boolean {
  if (service === undefined) return true;
  return feed.isCompleteIn(service.namespace, "deployments") && feed.hasService(service.namespace, service.name);
}

export function sortedInjectors(feed: ClusterFeed): readonly InjectorFacts[] {
  return [...feed.webhooks.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** It calls a Service of this cluster that is known not to exist, as after an incomplete removal of Istio. */
export function isDangling(feed: ClusterFeed, { service }: InjectorFacts): boolean {
  if (service === undefined || !feed.isCompleteIn(service.namespace, "services")) return false;
  return !feed.hasService(service.namespace, service.name);
}

function addressOf(cluster: ClusterKey, { name, service }: InjectorFacts): ObjectRef {
  if (service !== undefined) return { cluster, group: "", kind: "Service", ...service };
  const group = "admissionregistration.k8s.io";
  return { cluster, group, kind: "MutatingWebhookConfiguration", namespace: "", name };
}

/** istiods that run here, and for whom. */
export function istiodsOf(feed: ClusterFeed): readonly { readonly namespace: string; readonly system: SystemPart }[] {
  return partsOf(feed, "istiod").map(({ record, system }) => ({ namespace: record.ref.namespace, system }));
}

export function nodeAgentOf(feed: ClusterFeed, part: "cni" | "ztunnel"): NodeAgent | undefined {
  const [found] = partsOf(feed, part);
  const view = found?.record.view;
  if (found === undefined || view === undefined) return undefined;
  const { ref, replicas, problems } = view;
  return { ref, version: found.system.version, replicas, problems };
}
