import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { isVisibleIn, visibilityOf, type Visibility } from "./exportTo.ts";
import { isImported, sidecarScope } from "./sidecarScope.ts";

/** Something that an object says of a host, spelled as `hostKey` spells it. */
export interface HostClaim {
  readonly object: WorldObject;
  readonly key: string;
}

/** True if some namespace sees both objects and, where sidecars ask, its default Sidecar imports both hosts. */
export function meet(world: World, a: HostClaim, b: HostClaim, isForSidecars: boolean): boolean {
  const [ofA, ofB] = [visibilityOf(world, a.object), visibilityOf(world, b.object)];
  return placesOf(ofA, ofB, [a.object.namespace, b.object.namespace]).some((namespace) => {
    if (!isVisibleIn(ofA, namespace) || !isVisibleIn(ofB, namespace)) return false;
    if (!isForSidecars) return true;
    const scope = sidecarScope(world, namespace);
    return isImported(scope, a.object.namespace, a.key) && isImported(scope, b.object.namespace, b.key);
  });
}

// Where both are exported to everybody the two own namespaces stand for all others.
function placesOf(a: Visibility, b: Visibility, own: readonly string[]): readonly string[] {
  return [...new Set([...own, ...(a === "all" ? [] : a), ...(b === "all" ? [] : b)])].slice(0, 50);
}

/** Enough to name; looking at more would make many objects of one host cost the square of their number. */
const mostRivals = 20;

/** Those of the candidates that meet a claim and pass a test, each object once and itself left out; some of many. */
export function rivalsOf(
  candidates: Iterable<HostClaim>,
  own: HostClaim,
  isRival: (candidate: HostClaim) => boolean,
): readonly WorldObject[] {
  const rivals = new Map<string, WorldObject>();
  let looked = 0;
  for (const candidate of candidates) {
    looked += 1;
    if (rivals.size >= mostRivals || looked > 50 * mostRivals) break;
    const { object } = candidate;
    if (object.id !== own.object.id && !rivals.has(object.id) && isRival(candidate)) rivals.set(object.id, object);
  }
  return [...rivals.values()];
}
