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

/** Bounded: the meshes used last, and of each no more than {@link mostNodes}. */
export function withPositions({ meshes }: KeptPositions, meshId: string, { nodes }: SavedPositions): KeptPositions {
  const others = meshes.filter((each) => each.meshId !== meshId);
  const kept = Object.fromEntries(Object.entries(nodes).slice(0, mostNodes));
  const first = Object.keys(kept).length > 0 ? [{ meshId, nodes: kept }] : [];
  return { meshes: [...first, ...others].slice(0, mostMeshes) };
}

/** Throws on anything but positions: finite numbers by ids of a sane length. */
export function parsePositions(value: unknown): SavedPositions {
  const nodes = isRecord(value) ? value["nodes"] : undefined;
  if (!isRecord(nodes)) throw new Error("positions are kept by id");
  const entries = Object.entries(nodes).map(([id, place]): [string, readonly [number, number]] => {
    const [x, y, ...more] = Array.isArray(place) ? (place as readonly unknown[]) : [];
    if (id.length > longestId || more.length > 0 || !isFinite(x) || !isFinite(y)) {
      throw new Error("a position is two finite numbers");
    }
    return [id, [x, y]];
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
