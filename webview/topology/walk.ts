import type { Target } from "../../src/protocol/topology/topologyContract.ts";
import type { Picture } from "./picture.ts";
import type { SceneEnd } from "./scene/scene.ts";

/** Where the keyboard is: on a node or box, or on an edge between two. By ids, so that it survives the next picture. */
export type Stop =
  | { readonly at: "end"; readonly target: Target }
  | { readonly at: "edge"; readonly source: Target; readonly target: Target; readonly protocol: string };

/** The step that led here: up and down then walk among what that step could have led to. */
export interface Arrival {
  readonly from: Target;
  readonly direction: "downstream" | "upstream";
}

export interface Place {
  readonly stop: Stop;
  readonly arrival: Arrival | null;
}

export type Step = "downstream" | "upstream" | "next" | "previous" | "first" | "last" | "edgeOut" | "edgeIn";

/** The place after a step; the same place where there is nothing that way; undefined only in an empty picture. */
export function walk(picture: Picture, place: Place | undefined, step: Step): Place | undefined {
  if (step === "first" || step === "last" || !place) return atEnd(picture, step === "last" ? -1 : 0);
  const current = stopIn(picture, place.stop);
  if (current === undefined) return atEnd(picture, 0);
  if (current.at === "edge") return fromEdge(picture, place, current.edge, step);
  return fromEnd(picture, place, current.end, step);
}

/** What a stop is in this picture; undefined where it is not drawn any more. */
export function stopIn(
  picture: Picture,
  stop: Stop,
): { readonly at: "end"; readonly end: SceneEnd } | { readonly at: "edge"; readonly edge: number } | undefined {
  if (stop.at === "end") {
    const end = picture.endOf(stop.target);
    return end === undefined ? undefined : { at: "end", end };
  }
  const [source, target] = [picture.endOf(stop.source), picture.endOf(stop.target)];
  const edges = picture.scene?.edges;
  if (source === undefined || target === undefined || !edges) return undefined;
  const edge = picture
    .meeting(source)
    .outbound.find(
      (index) =>
        edges.target[index] === target && picture.snapshot.protocols[edges.protocol[index] ?? 0] === stop.protocol,
    );
  return edge === undefined ? undefined : { at: "edge", edge };
}

/** What may be selected at a stop; undefined for an edge that sums up several. */
export function targetAt(picture: Picture, stop: Stop): Target | undefined {
  const found = stopIn(picture, stop);
  if (!found) return undefined;
  return found.at === "end" ? picture.targetOf(found.end) : picture.edgeTarget(found.edge);
}

/** Where a selection made elsewhere is to be walked on from. */
export function placeOf(picture: Picture, target: Target): Place | undefined {
  if (target.what === "edge") {
    const index = picture.edgeIndex(target.id);
    const edge = index === undefined ? -1 : (picture.scene?.edges.single.indexOf(index) ?? -1);
    return edge < 0 ? undefined : { stop: edgeStop(picture, edge), arrival: null };
  }
  const end = picture.endOf(target);
  return end === undefined ? undefined : { stop: { at: "end", target: picture.targetOf(end) }, arrival: null };
}

/** Neighbours one way, those with the most traffic first. */
export function neighbours(picture: Picture, end: SceneEnd, direction: Arrival["direction"]): SceneEnd[] {
  const far = edgesOf(picture, end, direction).map((edge) => farEnd(picture, edge, direction));
  return [...new Set(far)].filter((other) => other !== end);
}

/** The things of one box, in reading order: what stands beside what. */
export function siblings(picture: Picture, end: SceneEnd): readonly SceneEnd[] {
  const { byBox } = orderOf(picture);
  return byBox.get(boxAround(picture, end)) ?? [];
}

interface Order {
  readonly all: readonly SceneEnd[];
  readonly byBox: ReadonlyMap<number, SceneEnd[]>;
}

const orders = new WeakMap<Picture, Order>();

/** Sorted once for each picture: a large mesh is walked as fast as a small one. */
function orderOf(picture: Picture): Order {
  const known = orders.get(picture);
  if (known) return known;
  const all = inReadingOrder(picture, picture.ends());
  const byBox = new Map<number, SceneEnd[]>();
  for (const end of all) {
    const box = boxAround(picture, end);
    const beside = byBox.get(box);
    if (beside) beside.push(end);
    else byBox.set(box, [end]);
  }
  const order = { all, byBox };
  orders.set(picture, order);
  return order;
}

export function edgeStop(picture: Picture, edge: number): Stop {
  const edges = picture.scene?.edges;
  const source = picture.targetOf(edges?.source[edge] ?? 0);
  const target = picture.targetOf(edges?.target[edge] ?? 0);
  return { at: "edge", source, target, protocol: picture.snapshot.protocols[edges?.protocol[edge] ?? 0] ?? "" };
}

function fromEnd(picture: Picture, place: Place, end: SceneEnd, step: Step): Place {
  if (step === "edgeOut" || step === "edgeIn") {
    const direction = step === "edgeOut" ? "downstream" : "upstream";
    const [edge] = edgesOf(picture, end, direction);
    if (edge === undefined) return place;
    return { stop: edgeStop(picture, edge), arrival: { from: picture.targetOf(end), direction } };
  }
  if (step === "downstream" || step === "upstream") {
    const [next] = neighbours(picture, end, step);
    if (next === undefined) return place;
    return {
      stop: { at: "end", target: picture.targetOf(next) },
      arrival: { from: picture.targetOf(end), direction: step },
    };
  }
  const from = place.arrival ? picture.endOf(place.arrival.from) : undefined;
  const among =
    place.arrival && from !== undefined ? neighbours(picture, from, place.arrival.direction) : siblings(picture, end);
  const at = among.indexOf(end);
  // With no choice on the way here, the neighbours in the box are what a person means.
  const isAlone = among.length < 2 || at < 0;
  const list = isAlone ? siblings(picture, end) : among;
  const next = list[list.indexOf(end) + (step === "next" ? 1 : -1)];
  if (next === undefined) return place;
  return { stop: { at: "end", target: picture.targetOf(next) }, arrival: isAlone ? null : place.arrival };
}

function fromEdge(picture: Picture, place: Place, edge: number, step: Step): Place {
  const edges = picture.scene?.edges;
  const [source, target] = [edges?.source[edge], edges?.target[edge]];
  if (source === undefined || target === undefined) return place;
  if (step === "downstream" || step === "edgeOut") {
    const arrival: Arrival = { from: picture.targetOf(source), direction: "downstream" };
    return { stop: { at: "end", target: picture.targetOf(target) }, arrival };
  }
  if (step === "upstream" || step === "edgeIn") {
    const arrival: Arrival = { from: picture.targetOf(target), direction: "upstream" };
    return { stop: { at: "end", target: picture.targetOf(source) }, arrival };
  }
  const isUpstream = place.arrival?.direction === "upstream";
  const among = edgesOf(picture, isUpstream ? target : source, isUpstream ? "upstream" : "downstream");
  const next = among[among.indexOf(edge) + (step === "next" ? 1 : -1)];
  return next === undefined ? place : { stop: edgeStop(picture, next), arrival: place.arrival };
}

/** Edges one way, those with the most traffic first; ties by name, so that equal pictures walk alike. */
function edgesOf(picture: Picture, end: SceneEnd, direction: Arrival["direction"]): number[] {
  const meeting = picture.meeting(end);
  const rates = picture.scene?.edges.rate;
  const rate = (edge: number) => (Number.isNaN(rates?.[edge] ?? NaN) ? -1 : (rates?.[edge] ?? -1));
  const name = (edge: number) => picture.targetOf(farEnd(picture, edge, direction)).id;
  const list = direction === "downstream" ? meeting.outbound : meeting.inbound;
  return list.toSorted((a, b) => rate(b) - rate(a) || (name(a) < name(b) ? -1 : 1));
}

function farEnd(picture: Picture, edge: number, direction: Arrival["direction"]): SceneEnd {
  const edges = picture.scene?.edges;
  return (direction === "downstream" ? edges?.target[edge] : edges?.source[edge]) ?? 0;
}

function atEnd(picture: Picture, index: number): Place | undefined {
  const end = orderOf(picture).all.at(index);
  return end === undefined ? undefined : { stop: { at: "end", target: picture.targetOf(end) }, arrival: null };
}

/** From left to right along the traffic, then downwards. */
function inReadingOrder(picture: Picture, ends: readonly SceneEnd[]): SceneEnd[] {
  const at = (end: SceneEnd): readonly [number, number] => {
    const placement = picture.scene?.placement;
    if (!placement) return [0, 0];
    if (end >= 0) return [placement.nodeX[end] ?? 0, placement.nodeY[end] ?? 0];
    const [x = 0, y = 0, width = 0, height = 0] = placement.boxes.subarray(~end * 4, ~end * 4 + 4);
    return [x + width / 2, y + height / 2];
  };
  return ends
    .map((end) => ({ end, at: at(end) }))
    .sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
    .map(({ end }) => end);
}

function boxAround(picture: Picture, end: SceneEnd): number {
  return end < 0 ? picture.parentOf(~end) : picture.namespaceOf(end);
}
