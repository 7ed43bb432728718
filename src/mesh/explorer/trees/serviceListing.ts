import type { ServiceView } from "../../inventory/views.ts";
import type { ViewFilter } from "../../live/liveMesh.ts";
import { say, type Message } from "../../message.ts";
import type { Row } from "./lazyTree.ts";
import { meshServiceOf, type MeshService } from "../meshService.ts";
import type { Listing } from "./namespaceTree.ts";
import type { Fact, NodeKind } from "../node.ts";
import { hasText } from "./hasText.ts";
import { childId } from "./nodeId.ts";
import { errorShareOf, firstThree, plainly, trafficFacts, trafficTokens } from "../rows/rowFacts.ts";
import { serviceChildren } from "../rows/serviceChildren.ts";
import type { Ranking } from "./sortOrder.ts";
import { isTcpOnly } from "../join/silence.ts";
import { healthWord, noteFacts, readingFacts, reasonFacts, sourceFacts } from "../tooltip.ts";
import type { ExplorerWorld, WorldChange } from "../world.ts";

/** Services by namespace; one that two clusters of a mesh have is one row. */
export const serviceListing: Listing<ServiceView> = {
  views: (world) => world.services,
  changed: changedServices,
  keyOf: ({ ref }) => `${ref.kind}/${ref.name}`,
  passes: passesFilter,
  rank: rankOf,
  row: serviceRow,
  count: (howMany, shown) => (howMany === 1 ? say("1 service") : say("{0} services", shown)),
  kinds: new Set(["Service", "ServiceEntry", "Endpoints", "EndpointSlice", "WorkloadEntry", "Pod", "Namespace"]),
};

// The workloads below a service are shown with their own numbers.
function changedServices({ services, workloads }: WorldChange, world: ExplorerWorld): ReadonlySet<string> {
  const changed = new Set(services);
  for (const id of workloads) for (const service of world.servicesOf(id)) changed.add(service);
  return changed;
}

function passesFilter(view: ServiceView, { inMeshOnly, text }: ViewFilter): boolean {
  if (inMeshOnly && view.inMesh !== true) return false;
  const names = view.type === "ServiceEntry" ? [view.ref.name, ...view.hosts] : [view.ref.name];
  return names.some((name) => hasText(name, text));
}

function rankOf(members: readonly ServiceView[], world: ExplorerWorld): Ranking {
  const { reading, verdict, p95 } = meshServiceOf(members, world);
  const [first] = members;
  return {
    name: first?.ref.name ?? "",
    id: first?.ref.kind ?? "",
    state: verdict.state,
    kind: reading.kind,
    inMesh: members.some(({ inMesh }) => inMesh === true),
    rps: reading.requests && reading.requests.rps > 0 ? reading.requests.rps : undefined,
    errorShare: errorShareOf(reading),
    p95,
  };
}

function serviceRow(views: readonly ServiceView[], parentId: string, world: ExplorerWorld): Row {
  const members = views.toSorted((a, b) => compare(world.contextOf(a.ref.cluster), world.contextOf(b.ref.cluster)));
  const service = meshServiceOf(members, world);
  const [first] = members;
  if (!first) throw new Error("A service row needs a member");
  const { kind, name } = first.ref;
  const id = childId(parentId, "service", kind, name);
  if (members.length === 1) return memberRow(first, { id, parentId, kind: "service", label: name }, world);
  return {
    node: {
      id,
      parentId,
      kind: "service",
      label: name,
      facts: firstThree(meshServiceFacts(service, world)),
      state: service.verdict.state,
      ...staleSince(service.reading.staleSince),
      drill: { ...first.ref, cluster: "" },
      tokens: ["fy.service", "fy.members", "fy.drill", ...sharedTokens(service)],
      hasChildren: true,
    },
    open: () => {
      const now = meshServiceOf(
        members.flatMap((member) => world.services.get(member.id) ?? []),
        world,
      );
      return now.members.map((member) =>
        memberRow(
          member,
          {
            id: childId(id, "member", member.id),
            parentId: id,
            kind: "member",
            label: world.contextOf(member.ref.cluster),
          },
          world,
        ),
      );
    },
    facts: () => meshServiceTooltip(service, world),
  };
}

interface Head {
  readonly id: string;
  readonly parentId: string;
  readonly kind: NodeKind;
  readonly label: string;
}

/** A service as one cluster has it: a row of its own, or a member of a mesh service. */
function memberRow(view: ServiceView, head: Head, world: ExplorerWorld): Row {
  const { reading, verdict } = world.assessment(view.id);
  const facts = [...trafficFacts(reading, world.format)];
  if (view.inMesh === false) facts.push(say("not in mesh"));
  return {
    node: {
      ...head,
      facts: firstThree(facts),
      state: verdict.state,
      ...staleSince(reading.staleSince),
      ref: view.ref,
      tokens: [
        "fy.service",
        "fy.drill",
        ...(head.kind === "member" ? ["fy.member"] : []),
        ...memberTokens(view, trafficTokens(reading)),
        "fy.document",
      ],
      hasChildren: view.hosts.length + view.ports.length + view.workloads.length > 0,
    },
    open: () => serviceChildren(world.services.get(view.id) ?? view, head.id, world),
    facts: () => memberTooltip(world.services.get(view.id) ?? view, world),
  };
}

function meshServiceFacts(service: MeshService, world: ExplorerWorld): readonly Message[] {
  const { members, measured } = service;
  const all = world.format.count(members.length);
  const isPartial = measured < members.length && measured > 0;
  const reach = isPartial ? say("{0} of {1} clusters", world.format.count(measured), all) : say("{0} clusters", all);
  const facts = trafficFacts(service.reading, world.format);
  // The last of three gives way: p95 always, for quantiles of several clusters cannot be put together; bytes beside
  // requests where a cluster is missing from the sum.
  return [...facts.slice(0, 2), ...(facts.length > 2 && isBoth(service) && !isPartial ? facts.slice(2) : [reach])];
}

function isBoth({ reading }: MeshService): boolean {
  return (reading.tcp?.receivedBytesPerSecond ?? 0) + (reading.tcp?.sentBytesPerSecond ?? 0) > 0;
}

function memberTokens(view: ServiceView, traffic: readonly string[]): readonly string[] {
  const tokens = new Set(traffic);
  if (view.type === "ServiceEntry") tokens.add("fy.external");
  if (view.inMesh === true) tokens.add("fy.mesh.in");
  for (const plane of view.dataPlanes) if (plane !== "none") tokens.add(`fy.${plane}`);
  for (const { protocol } of view.ports)
    if (/^(http|http2|grpc|grpc-web)$/i.test(protocol)) tokens.add(protocol.startsWith("grpc") ? "fy.grpc" : "fy.http");
  if (isTcpOnly(view)) tokens.add("fy.tcp");
  return [...tokens];
}

function sharedTokens({ members, reading }: MeshService): readonly string[] {
  const own = trafficTokens(reading);
  const tokens = new Set(members.flatMap((member) => memberTokens(member, [])));
  return [...new Set([...own, ...tokens])];
}

function staleSince(since: number | undefined): { readonly staleSince?: number } {
  return since === undefined ? {} : { staleSince: since };
}

function memberTooltip(view: ServiceView, world: ExplorerWorld): readonly Fact[] {
  const { reading, verdict } = world.assessment(view.id);
  const isRequestless = reading.tcp !== undefined && reading.requests === undefined && !isTcpOnly(view);
  return [
    { name: say("Service"), value: say("{0} in {1}", view.ref.name, view.ref.namespace) },
    { name: say("Cluster"), value: plainly(world.contextOf(view.ref.cluster)) },
    { name: say("Type"), value: plainly(view.type) },
    ...reasonFacts(verdict),
    ...readingFacts(reading, world),
    ...(isRequestless && view.dataPlanes.includes("ambient")
      ? [{ name: say("Requests"), value: say("L4 only: no waypoint reports requests") }]
      : []),
    membership(view),
    ...noteFacts(view.ref, world),
  ];
}

function membership({ inMesh }: ServiceView): Fact {
  const name = say("In mesh");
  if (inMesh === undefined) return { name, value: say("unknown: no pods of it can be seen") };
  return { name, value: inMesh ? say("yes") : say("no: only what the mesh sends to it is measured") };
}

function meshServiceTooltip(service: MeshService, world: ExplorerWorld): readonly Fact[] {
  const perMember = service.members.flatMap((member): Fact[] => {
    const { reading, verdict } = world.assessment(member.id);
    const name = plainly(world.contextOf(member.ref.cluster));
    return [
      { name, value: healthWord(verdict.state) },
      ...trafficFacts(reading, world.format).map((value) => ({ name, value })),
    ];
  });
  const measured = service.members
    .map(({ id }) => world.assessment(id).reading)
    .find(({ feed, kind }) => feed !== undefined && kind !== "none");
  return [
    ...reasonFacts(service.verdict),
    ...readingFacts(service.reading, world),
    ...perMember,
    ...(measured ? sourceFacts(measured, world) : []),
  ];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
