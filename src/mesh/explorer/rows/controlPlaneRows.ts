import { worstOf, type Verdict } from "../../health/verdict.ts";
import type { ClusterView, ControlPlane, Setting } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import { componentVerdict } from "../clusterFacts.ts";
import type { Row } from "../trees/lazyTree.ts";
import type { Fact } from "../node.ts";
import { childId } from "../trees/nodeId.ts";
import { firstThree, plainly, readyFact } from "./rowFacts.ts";
import { noteFacts, reasonFacts } from "../tooltip.ts";
import type { ExplorerWorld } from "../world.ts";

/** The group of a cluster's control planes; none where there are none. */
export function controlPlanesRow(cluster: ClusterView, parentId: string, world: ExplorerWorld): readonly Row[] {
  const planes = cluster.controlPlanes;
  if (planes.length === 0) return [];
  const id = childId(parentId, "controlPlanes");
  return [
    {
      node: {
        id,
        parentId,
        kind: "group",
        label: say("Control planes"),
        facts: planes.length > 1 ? [plainly(world.format.count(planes.length))] : [],
        state: undefined,
        tokens: ["fy.group"],
        hasChildren: true,
        isOpen: true,
      },
      open: () => {
        const now = world.place(cluster.key).cluster?.controlPlanes ?? planes;
        return now.map((plane) => controlPlaneRow(plane, id, { world, newest: newestMinor(world) }));
      },
    },
  ];
}

interface Around {
  readonly world: ExplorerWorld;
  /** The newest minor version among all control planes that are shown. */
  readonly newest: number | undefined;
}

function controlPlaneRow(plane: ControlPlane, parentId: string, { world, newest }: Around): Row {
  const behind = minorsBehind(plane, newest);
  const verdict = controlPlaneHealth(plane, behind, world);
  return {
    node: {
      id: childId(parentId, "controlPlane", plane.ref.namespace, plane.ref.name, plane.ref.kind),
      parentId,
      kind: "controlPlane",
      label: plane.ref.name,
      facts: firstThree(controlPlaneFacts(plane, behind, world)),
      state: verdict.state,
      ref: plane.ref,
      // What runs elsewhere has no pods here to go down to.
      tokens: ["fy.controlPlane", ...(plane.external ? [] : ["fy.drill"]), "fy.document"],
      hasChildren: false,
    },
    facts: () => [...reasonFacts(verdict), ...controlPlaneTooltip(plane, world), ...noteFacts(plane.ref, world)],
  };
}

/** Its pods and problems. Istio supports a data plane one minor from its control plane, so two minors apart is trouble. */
function controlPlaneHealth(plane: ControlPlane, behind: number, world: ExplorerWorld): Verdict {
  const own = componentVerdict(plane, world);
  if (behind < 2) return own;
  return worstOf([own, { state: "degraded", reasons: [say("{0} minors behind the newest control plane", behind)] }]);
}

function controlPlaneFacts(plane: ControlPlane, behind: number, { format }: ExplorerWorld): readonly Message[] {
  const facts = [plane.version === undefined ? say("version unknown") : plainly(plane.version)];
  const names = plane.tags.length > 0 ? plane.tags : plane.revision === undefined ? [] : [plane.revision];
  if (plane.external) facts.push(say("outside this cluster"));
  else if (behind === 0 && names.length > 0) facts.push(plainly(names.join(", ")));
  if (plane.proxies !== undefined) {
    facts.push(plane.proxies === 1 ? say("1 proxy") : say("{0} proxies", format.count(plane.proxies)));
  }
  if (behind === 1) facts.push(say("1 minor behind"));
  if (behind > 1) facts.push(say("{0} minors behind", behind));
  return facts;
}

function controlPlaneTooltip(plane: ControlPlane, { format }: ExplorerWorld): readonly Fact[] {
  const unknown = say("unknown");
  return [
    { name: say("Control plane"), value: say("{0} in {1}", plane.ref.name, plane.ref.namespace) },
    { name: say("Version"), value: plane.version === undefined ? unknown : plainly(plane.version) },
    { name: say("Revision"), value: plane.revision === undefined ? unknown : plainly(plane.revision) },
    { name: say("Tags"), value: plane.tags.length > 0 ? plainly(plane.tags.join(", ")) : say("none") },
    {
      name: say("Replicas"),
      value: plane.replicas ? readyFact(plane.replicas, format) : say("not known: it runs outside this cluster"),
    },
    {
      name: say("Proxies"),
      value: plane.proxies === undefined ? say("unknown: pods cannot be read") : plainly(format.count(plane.proxies)),
    },
    { name: say("Image"), value: imageWords(plane) },
    { name: say("Trust domain"), value: settingWords(plane.trustDomain) },
    { name: say("Root namespace"), value: settingWords(plane.rootNamespace) },
    { name: say("Automatic mTLS"), value: settingWords(plane.autoMtls) },
    { name: say("Outbound traffic"), value: settingWords(plane.outboundPolicy) },
  ];
}

function imageWords({ image, vendorBuild }: ControlPlane): Message {
  if (image === undefined) return say("unknown");
  return vendorBuild ? say("{0} (vendor build)", image) : plainly(image);
}

function settingWords({ value, isDefault }: Setting): Message {
  return isDefault ? say("{0} (default)", value) : plainly(value);
}

function newestMinor(world: ExplorerWorld): number | undefined {
  const minors = world.meshes
    .flatMap((mesh) => mesh.clusters)
    .flatMap((cluster) => cluster.controlPlanes)
    .flatMap(({ version }) => minorOf(version) ?? []);
  return minors.length > 0 ? Math.max(...minors) : undefined;
}

function minorsBehind({ version }: ControlPlane, newest: number | undefined): number {
  const minor = minorOf(version);
  return minor === undefined || newest === undefined ? 0 : newest - minor;
}

/** 29 of "1.29.2"; Istio has had no other major. */
function minorOf(version: string | undefined): number | undefined {
  const minor = /^1\.(\d{1,4})(?!\d)/.exec(version ?? "")?.[1];
  return minor === undefined ? undefined : Number(minor);
}
