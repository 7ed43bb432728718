import type { ProxyStatus, ReadProxyStatus } from "../../mesh/ports.ts";
import { DemoCluster } from "./cluster/demoCluster.ts";
import { proxyVersion } from "./objects/proxies.ts";
import { placesOf, runOf } from "./resources/podRun.ts";

/** What the demo's istiods say of their proxies: all have taken what was sent, but one that is behind with its routes. */
export const readDemoProxyStatus: ReadProxyStatus = (cluster, istiodPods, signal) => {
  signal.throwIfAborted();
  if (!(cluster instanceof DemoCluster)) return Promise.resolve([]);
  const { making, world } = cluster;
  const told = placesOf(world).flatMap((place): ProxyStatus[] => {
    const { plan, index } = place;
    if (plan.cluster !== making.cluster.id || plan.revision === "") return [];
    // The old revision has an istiod of its own; the others share theirs.
    const serving = istiodPods.filter(({ name }) => name.startsWith(`istiod-${plan.revision}-`));
    const istiod = serving[index % serving.length];
    if (!istiod) return [];
    const { pod } = runOf(place, making.startMillis, cluster.now());
    const isStale = world.fault === undefined && plan.name === "search" && index === 0;
    return [
      {
        proxy: `${pod}.${plan.namespace}`,
        clusterId: plan.cluster,
        version: proxyVersion(making, plan.revision),
        istiod: istiod.name,
        types: { CDS: "synced", LDS: "synced", EDS: "synced", RDS: isStale ? "stale" : "synced", ECDS: "notSent" },
      },
    ];
  });
  return Promise.resolve(told);
};
