import type { Format } from "../format/format.ts";
import type { ClusterView, ControlPlane, Counted, Problem } from "../inventory/views.ts";
import type { ClusterStatus } from "../live/liveMesh.ts";
import { say, type Message } from "../message.ts";
import { plainText, type Item } from "./markdown.ts";

/** What a cluster is, as far as it could be read. */
export function clusterFacts(status: ClusterStatus, view: ClusterView | undefined, format: Format): readonly Item[] {
  return [
    connectionItem(status),
    ...(status.key === undefined ? [] : [{ name: say("UID of kube-system"), value: plainText(status.key) }]),
    ...(status.foundKey === undefined
      ? []
      : [{ name: say("Leads to"), value: plainText(status.foundKey), mark: "no" as const }]),
    ...(view ? viewItems(view, status, format) : []),
  ];
}

function connectionItem({ state, error }: ClusterStatus): Item {
  const name = say("Connection");
  if (error) return { name, value: error.words, mark: "no", hint: error.hint };
  switch (state) {
    case "ready":
      return { name, value: say("connected"), mark: "yes" };
    case "noIstio":
      return { name, value: say("connected; no Istio was found"), mark: "yes" };
    case "connecting":
      return { name, value: say("connecting"), mark: "unknown" };
    case "noKubeconfig":
    case "noContext":
    case "unauthorized":
    case "unreachable":
    case "otherCluster":
      return { name, value: say("not connected"), mark: "no" };
  }
}

function viewItems(view: ClusterView, { state }: ClusterStatus, format: Format): readonly Item[] {
  // Where not everything was listed, nothing seen does not mean that there is nothing.
  const isWhole = (state === "ready" || state === "noIstio") && view.unread.length === 0;
  const counted = (count: Counted) => (count.all === 0 && !isWhole ? say("unknown") : countWords(count, format));
  const agents = [view.cni, view.ztunnel].flatMap((agent) => agent ?? []);
  return [
    { name: say("Kubernetes"), value: plainText(view.kubernetesVersion) },
    { name: say("Istio's cluster ID"), value: orUnknown(view.clusterId) },
    { name: say("Role"), value: plainText(view.role) },
    { name: say("Network"), value: orUnknown(view.network) },
    ...view.controlPlanes.map((plane) => ({
      name: say("Control plane {0}", `${plane.ref.namespace}/${plane.ref.name}`),
      value: planeWords(plane, format),
    })),
    ...agents.map(({ ref, version, replicas }) => ({
      name: plainText(ref.name),
      value: say("{0}, {1} of {2} ready", version ?? "?", format.count(replicas.ready), format.count(replicas.desired)),
    })),
    { name: say("Services"), value: counted(view.counts.services) },
    { name: say("Workloads"), value: counted(view.counts.workloads) },
    ...problemItems([...view.problems, ...view.controlPlanes.flatMap(({ problems }) => problems)]),
    ...view.unread.map(({ namespace, error }): Item => {
      const name = namespace === undefined ? say("Cannot read") : say("Cannot read in {0}", namespace);
      return { name, value: error.words, mark: "no", hint: error.hint };
    }),
  ];
}

function countWords({ inMesh, all }: Counted, format: Format): Message {
  return say("{0} of {1} in mesh", format.count(inMesh), format.count(all));
}

function planeWords({ version, revision, tags, replicas }: ControlPlane, format: Format): Message {
  const names = [revision ?? "?", ...tags].join(", ");
  if (!replicas) return say("Istio {0}, revision {1}, outside this cluster", version ?? "?", names);
  const [ready, desired] = [format.count(replicas.ready), format.count(replicas.desired)];
  return say("Istio {0}, revision {1}, {2} of {3} ready", version ?? "?", names, ready, desired);
}

function problemItems(problems: readonly Problem[]): readonly Item[] {
  return problems.map(({ words }) => ({ name: say("Problem"), value: words, mark: "no" }));
}

function orUnknown(text: string | undefined): Message {
  return text === undefined ? say("unknown") : plainText(text);
}
