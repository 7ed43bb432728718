import { say } from "../../message.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { ClusterFeed } from "../clusterFeed.ts";
import { controlPlanesOf, isDangling, istiodsOf, nodeAgentOf, sortedInjectors } from "./controlPlanes.ts";
import { gatewaysOf } from "./gateways.ts";
import type { ClusterView, ControlPlane, Problem } from "../views.ts";
import type { WorkloadRecord } from "../workloads/workloadRecord.ts";

export interface InventoriedCluster {
  readonly key: ClusterKey;
  /** Kubeconfig context: the display name. */
  readonly context: string;
  readonly kubernetesVersion: string;
}

export interface ClusterParts {
  readonly cluster: InventoriedCluster;
  readonly feed: ClusterFeed;
  readonly gateways: readonly WorkloadRecord[];
  readonly counts: ClusterView["counts"];
}

export function clusterView({ cluster, feed, gateways, counts }: ClusterParts): ClusterView {
  const controlPlanes = controlPlanesOf(cluster.key, feed);
  const clusterId = clusterIdOf(feed);
  return {
    key: cluster.key,
    context: cluster.context,
    clusterId: clusterId.value,
    network: networkOf(feed, controlPlanes),
    meshId: only(configuredMeshIds(feed)) ?? only(feed.tally.meshIds.keys()),
    role: roleOf(feed, controlPlanes),
    kubernetesVersion: cluster.kubernetesVersion,
    controlPlanes,
    gateways: gatewaysOf(gateways),
    cni: nodeAgentOf(feed, "cni"),
    ztunnel: nodeAgentOf(feed, "ztunnel"),
    pods: feed.pods.isReadable && !feed.arePodsAwaited ? { ...feed.tally.planes } : undefined,
    counts,
    problems: [
      ...(clusterId.isExpected ? strangers(feed, clusterId.value) : []),
      ...danglingWebhooks(feed),
      ...brokenConfigs(feed),
    ],
    unread: feed.unread(),
  };
}

/** The one value of all; undefined where there is none or they differ. */
function only(values: Iterable<string | undefined>): string | undefined {
  const distinct = new Set([...values].filter((value) => value !== undefined));
  return distinct.size === 1 ? [...distinct][0] : undefined;
}

/**
 * What Istio calls this cluster: as its istiod has it, else as the injection path of a remote cluster has it, else as
 * all proxies have it. Only the first two say what proxies are expected to have.
 */
function clusterIdOf(
  feed: ClusterFeed,
): { readonly value: string; readonly isExpected: true } | { readonly value: string | undefined; isExpected: false } {
  const own = istiodsOf(feed).filter(({ system }) => !system.servesElsewhere);
  const expected =
    only(own.map(({ system }) => system.clusterId)) ??
    (own.length === 0 ? only([...feed.webhooks.values()].map(({ clusterId }) => clusterId)) : undefined);
  if (expected !== undefined) return { value: expected, isExpected: true };
  return { value: only(feed.tally.clusterIds.keys()), isExpected: false };
}

function networkOf(feed: ClusterFeed, controlPlanes: readonly ControlPlane[]): string | undefined {
  const roots = controlPlanes.flatMap(({ ref, rootNamespace }) => [ref.namespace, rootNamespace.value]);
  const labels = [...roots, "istio-system"].map((root) => feed.namespaceLabels(root)["topology.istio.io/network"]);
  return (
    labels.find((label) => label !== undefined) ??
    only([...feed.webhooks.values()].map(({ network }) => network)) ??
    only(feed.tally.networks.keys())
  );
}

function configuredMeshIds(feed: ClusterFeed): readonly (string | undefined)[] {
  return [...feed.meshConfigs.values(), ...feed.revisionMeshConfigs.values()].map(({ meshId }) => meshId);
}

function roleOf(feed: ClusterFeed, controlPlanes: readonly ControlPlane[]): ClusterView["role"] {
  const istiods = istiodsOf(feed);
  if (istiods.some(({ system }) => !system.servesElsewhere)) return "primary";
  if (istiods.length > 0) return "external";
  const { sidecar, gateway, ambient } = feed.tally.planes;
  if (controlPlanes.length > 0) return "remote";
  // Proxies of an istiod that is not here, or of one that we may not see.
  if (!feed.isIstioKnown) return "unknown";
  if (sidecar + gateway + ambient > 0) return "remote";
  return feed.arePodsAwaited ? "unknown" : "none";
}

/** Proxies that name another cluster than istiod does: one problem for each wrong name. */
function strangers(feed: ClusterFeed, expected: string): readonly Problem[] {
  const found = [...feed.tally.clusterIds.keys()].filter((id) => id !== expected).sort();
  return found.map((id) => {
    const pods = [...feed.workloads.pods()]
      .filter(({ facts }) => facts.isLive && facts.clusterId === id)
      .map(({ facts }) => `${facts.namespace}/${facts.name}`)
      .sort();
    const [first = ""] = pods;
    const words =
      pods.length === 1
        ? say("The proxy of pod {0} says it is in cluster {1}; istiod calls this cluster {2}.", first, id, expected)
        : say(
            "The proxies of pod {0} and {1} more say they are in cluster {2}; istiod calls this cluster {3}.",
            first,
            pods.length - 1,
            id,
            expected,
          );
    return { severity: "error", words };
  });
}

function danglingWebhooks(feed: ClusterFeed): readonly Problem[] {
  return sortedInjectors(feed)
    .filter((injector) => isDangling(feed, injector))
    .map(({ name, service }) => ({
      severity: "warning",
      words: say(
        "The webhook configuration {0} calls Service {1}, which does not exist: pods it selects may fail to start.",
        name,
        `${service?.namespace ?? ""}/${service?.name ?? ""}`,
      ),
    }));
}

function brokenConfigs(feed: ClusterFeed): readonly Problem[] {
  const broken = [...feed.meshConfigs.values(), ...feed.revisionMeshConfigs.values()].filter(
    ({ isReadable }) => !isReadable,
  );
  const names = new Set(broken.map(({ namespace, name }) => `${namespace}/${name}`));
  return [...names].sort().map((name) => ({
    severity: "error",
    words: say("The mesh configuration in ConfigMap {0} is not readable as YAML.", name),
  }));
}
