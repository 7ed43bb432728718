import { schemaNode, type SchemaNode } from "./schemaNode.ts";

/** A kind as one Istio version knows it. */
export interface KindSchema {
  readonly scope: "Namespaced" | "Cluster";
  /** By version of the API that is served. */
  readonly versions: ReadonlyMap<string, () => SchemaNode>;
}

interface KindData {
  readonly scope: string;
  /** By version of the API the index of the schema's node. */
  readonly versions: Readonly<Record<string, number>>;
}

/** As `tools/schemas.mjs` writes it: by Istio version the kinds, and the nodes that they share. */
interface SchemaData {
  readonly versions: Readonly<Record<string, Readonly<Record<string, KindData>>>>;
  readonly nodes: readonly unknown[];
}

type Release = ReadonlyMap<string, KindSchema>;

let releases: ReadonlyMap<string, Release> | undefined;

/** Loads the schemas that come with Foreyard; from then on rules have them at hand. */
export async function loadSchemas(): Promise<void> {
  if (releases !== undefined) return;
  const { default: data } = await import("./data/schemas.json", { with: { type: "json" } });
  releases ??= readData(data);
}

function readData({ versions, nodes }: SchemaData): ReadonlyMap<string, Release> {
  const read = new Map<number, SchemaNode>();
  const at = (index: unknown): SchemaNode => {
    const place = index as number;
    let node = read.get(place);
    if (node === undefined) read.set(place, (node = schemaNode(nodes[place], at)));
    return node;
  };
  const kindOf = (data: KindData): KindSchema => ({
    scope: data.scope === "Cluster" ? "Cluster" : "Namespaced",
    versions: new Map(Object.entries(data.versions).map(([version, index]) => [version, () => at(index)])),
  });
  const releaseOf = (all: Readonly<Record<string, KindData>>): Release =>
    new Map(Object.entries(all).map(([name, data]) => [name, kindOf(data)]));
  return new Map(Object.entries(versions).map(([version, all]) => [version, releaseOf(all)]));
}

const noKinds: Release = new Map();

/** The kinds that an Istio version ("1.31", "1.32-dev", "1.31.4") brings; of an unknown version the nearest's. Empty before {@link loadSchemas}. */
export function bundledKinds(istioVersion: string): Release {
  if (releases === undefined) return noKinds;
  const exact = releases.get(istioVersion);
  if (exact !== undefined) return exact;
  const wanted = minorOf(istioVersion);
  let nearest = noKinds;
  let distance = Infinity;
  for (const [version, kinds] of releases) {
    const away = Math.abs(minorOf(version) - wanted);
    if (away <= distance) [nearest, distance] = [kinds, away];
  }
  return nearest;
}

// What is no version counts as the newest.
function minorOf(version: string): number {
  const [, minor] = /^v?1\.(\d{1,4})/u.exec(version) ?? [];
  return minor === undefined ? 9999 : Number(minor);
}
