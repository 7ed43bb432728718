import type { SavedPositions } from "../../protocol/topology/topologyContract.ts";
import type { StateShape } from "../storedState.ts";

/** Where a person dragged nodes, mesh by mesh, the last used one first. */
export interface KeptPositions {
  readonly meshes: readonly { readonly meshId: string; readonly nodes: SavedPositions["nodes"] }[];
}

const mostMeshes = 10;
const mostNodes = 2_000;
const longestId = 1_000;

export const keptPositionsShape: StateShape<KeptPositions> = {
  key: "foreyard.topology.positions",
  migrations: [],
  parse: parseKept,
  initial: { meshes: [] },
};

export function positionsOf({ meshes }: KeptPositions, meshId: string): SavedPositions {
  return { nodes: meshes.find((each) => each.meshId === meshId)?.nodes ?? {} };
}

/** Bounded: the meshes used last, and of each no more than {@link mostNodes}, those that were moved last. */
export function withPositions({ meshes }: KeptPositions, meshId: string, { nodes }: SavedPositions): KeptPositions {
  const others = meshes.filter((each) => each.meshId !== meshId);
  const before = meshes.find((each) => each.meshId === meshId)?.nodes ?? {};
  const hasStayed = ([id, [x, y]]: [string, readonly [number, number]]): boolean => {
    const [oldX, oldY] = (Object.hasOwn(before, id) ? before[id] : undefined) ?? [];
    return x === oldX && y === oldY;
  };
  const entries = Object.entries(nodes);
  const moved = entries.filter((each) => !hasStayed(each));
  const kept = Object.fromEntries([...entries.filter(hasStayed), ...moved].slice(-mostNodes));
  const first = Object.keys(kept).length > 0 ? [{ meshId, nodes: kept }] : [];
  return { meshes: [...first, ...others].slice(0, mostMeshes) };
}

/** Throws on anything but positions: finite numbers by ids. One whose id is longer than is kept is left out. */
export function parsePositions(value: unknown): SavedPositions {
  const nodes = isRecord(value) ? value["nodes"] : undefined;
  if (!isRecord(nodes)) throw new Error("positions are kept by id");
  const entries = Object.entries(nodes).flatMap(([id, place]): [string, readonly [number, number]][] => {
    const [x, y, ...more] = Array.isArray(place) ? (place as readonly unknown[]) : [];
    if (more.length > 0 || !isFinite(x) || !isFinite(y)) {
      throw new Error("a position is two finite numbers");
    }
    return id.length > longestId ? [] : [[id, [x, y]]];
  });
  return { nodes: Object.fromEntries(entries) };
}

function parseKept(value: unknown): KeptPositions {
  const meshes = isRecord(value) ? value["meshes"] : undefined;
  if (!Array.isArray(meshes)) throw new Error("the kept positions are no list");
  return {
    meshes: meshes.map((each: unknown) => {
      const meshId = isRecord(each) ? each["meshId"] : undefined;
      if (typeof meshId !== "string") throw new Error("kept positions belong to a mesh");
      return { meshId, ...parsePositions(each) };
    }),
  };
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
