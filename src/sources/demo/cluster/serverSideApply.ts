import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { Stored } from "./objectStore.ts";

// Server-side apply in the simplest way that keeps its promises: every leaf has owners, nobody's field is changed
// without asking, and what a manager no longer applies goes if nobody else owns it. Lists are one leaf (atomic), as in
// Istio's CRDs.

export const fieldManager = "foreyard";

type Leaves = Map<string, unknown>;

/** What the server fills in; an applied value of these changes nothing. */
const serverFields = new Set([
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "managedFields",
  "selfLink",
]);

const identity = new Set(["name", "namespace"]);
const notApplied = new Set(["apiVersion", "kind", "metadata", "status"]);

/** The stored object as it would be after the apply, or a conflict that names the owners. */
export function merged(stored: Stored, applied: KubeObject, force: boolean): { next: Stored; isChanged: boolean } {
  const now = leavesOf(stored.object);
  const wanted = leavesOf(applied);
  const owners = new Map<string, readonly string[]>(stored.owners ?? []);
  const ownersOf = (path: string) => owners.get(path) ?? (now.has(path) ? [stored.manager] : []);
  const conflicts: { path: string; owners: readonly string[] }[] = [];
  let isChanged = false;
  for (const [path, value] of wanted) {
    const before = ownersOf(path);
    const others = before.filter((owner) => owner !== fieldManager);
    if (isSame(now.get(path), value)) {
      owners.set(path, [...others, fieldManager]);
      continue;
    }
    if (others.length > 0 && !force) conflicts.push({ path, owners: others });
    now.set(path, value);
    owners.set(path, [fieldManager]);
    isChanged = true;
  }
  if (conflicts.length > 0) throw conflictError(applied, conflicts);
  for (const path of [...now.keys()]) {
    const mine = owners.get(path);
    if (wanted.has(path) || !mine?.includes(fieldManager)) continue;
    const others = mine.filter((owner) => owner !== fieldManager);
    if (others.length > 0) owners.set(path, others);
    else {
      now.delete(path);
      owners.delete(path);
      isChanged = true;
    }
  }
  return { next: { object: grown(stored.object, now), manager: stored.manager, owners }, isChanged };
}

function conflictError(
  object: KubeObject,
  conflicts: readonly { path: string; owners: readonly string[] }[],
): MeshError {
  const managers = [...new Set(conflicts.flatMap(({ owners }) => owners))].sort().join(", ");
  const fields = conflicts.map(({ path }) => `.${(JSON.parse(path) as string[]).join(".")}`).join(", ");
  const { kind, metadata } = object;
  return new MeshError("conflict", say("Cannot apply {0} {1}: {2} owns {3}.", kind, metadata.name, managers, fields), {
    hint: say("Change it where {0} manages it, or take the fields over.", managers),
  });
}

/** Paths are JSON arrays of keys: labels hold dots and slashes. */
function leavesOf(object: KubeObject): Leaves {
  const leaves: Leaves = new Map();
  for (const [key, value] of Object.entries(object.metadata)) {
    if (!serverFields.has(key) && !identity.has(key)) visit(["metadata", key], value, leaves);
  }
  for (const [key, value] of Object.entries(object)) if (!notApplied.has(key)) visit([key], value, leaves);
  return leaves;
}

function visit(path: readonly string[], value: unknown, leaves: Leaves): void {
  if (value === undefined) return;
  if (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length === 0) {
    leaves.set(JSON.stringify(path), value);
    return;
  }
  for (const [key, child] of Object.entries(value)) visit([...path, key], child, leaves);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

function grown(before: KubeObject, leaves: Leaves): KubeObject {
  const { apiVersion, kind, metadata, status } = before;
  const kept = Object.fromEntries(
    Object.entries(metadata).filter(([key]) => identity.has(key) || serverFields.has(key)),
  );
  const object: Record<string, unknown> = { apiVersion, kind, metadata: kept };
  for (const [path, value] of leaves) setAt(object, JSON.parse(path) as string[], value);
  if (status !== undefined) object["status"] = status;
  return object as KubeObject;
}

// defineProperty, because a key may be "__proto__".
function setAt(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = object;
  for (const [i, key] of path.entries()) {
    const isLast = i === path.length - 1;
    const there = Object.hasOwn(at, key) ? at[key] : undefined;
    const next = isLast ? value : typeof there === "object" && there !== null && !Array.isArray(there) ? there : {};
    Object.defineProperty(at, key, { value: next, writable: true, enumerable: true, configurable: true });
    at = next as Record<string, unknown>;
  }
}
