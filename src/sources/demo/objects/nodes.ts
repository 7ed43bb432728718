import type { NodePlan } from "../world/blueprint.ts";
import { bornMillis, lazy, metaOf, timestamp, type Lazy, type Making } from "./making.ts";
import { hostIp } from "./pods.ts";

/** The memory of a node, as Kubernetes writes quantities. */
export function nodeMemory(node: NodePlan): string {
  return node.isUnderMemoryPressure ? "16Gi" : "32Gi";
}

/** Nodes with their zones; one is short of memory, and says so. */
export function nodeObjects(making: Making): readonly Lazy[] {
  return making.cluster.nodes.map((node) =>
    lazy(making, { apiVersion: "v1", kind: "Node", name: node.name, manager: "kubelet" }, () => {
      const labels = {
        "kubernetes.io/hostname": node.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "node.kubernetes.io/instance-type": "n2-standard-8",
        "topology.kubernetes.io/region": making.cluster.region,
        "topology.kubernetes.io/zone": node.zone,
      };
      const pressure = node.isUnderMemoryPressure;
      const since = timestamp(pressure ? making.startMillis - 2_400_000 : bornMillis(making, `node/${node.name}`));
      const memory = nodeMemory(node);
      return {
        metadata: metaOf(making, "Node", node.name, { labels }),
        spec: {
          podCIDR: "10.8.0.0/24",
          ...(pressure ? { taints: [{ key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule" }] } : {}),
        },
        status: {
          capacity: { cpu: "8", memory, pods: "110" },
          allocatable: { cpu: "7910m", memory, pods: "110" },
          conditions: [
            {
              type: "MemoryPressure",
              status: pressure ? "True" : "False",
              reason: pressure ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
              message: pressure
                ? "kubelet has insufficient memory available"
                : "kubelet has sufficient memory available",
              lastTransitionTime: since,
            },
            { type: "DiskPressure", status: "False", reason: "KubeletHasNoDiskPressure", lastTransitionTime: since },
            { type: "PIDPressure", status: "False", reason: "KubeletHasSufficientPID", lastTransitionTime: since },
            { type: "Ready", status: "True", reason: "KubeletReady", lastTransitionTime: since },
          ],
          addresses: [
            { type: "InternalIP", address: hostIp(making, node.name) },
            { type: "Hostname", address: node.name },
          ],
          nodeInfo: {
            kubeletVersion: making.cluster.kubernetesVersion,
            containerRuntimeVersion: "containerd://2.1.4",
            osImage: "Debian GNU/Linux 13 (trixie)",
            kernelVersion: "6.12.30",
            architecture: "amd64",
            operatingSystem: "linux",
          },
        },
      };
    }),
  );
}
