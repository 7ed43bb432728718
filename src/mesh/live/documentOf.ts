import type { KubeObject } from "../model/kubeObject.ts";

/** What stands in a document where a Secret's value was. */
export const hiddenValue = "(hidden)";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * An object as people may see it: no managedFields, no last-applied copy, and never a Secret's values. Keys stand as
 * `kubectl get -o yaml` prints them: sorted, with apiVersion, kind, metadata and spec first and status last.
 */
export function documentOf(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, spec, status, ...others } = object;
  const body = isSecret(object) ? hideValues(others) : others;
  return {
    apiVersion,
    kind,
    metadata: sorted(publicMetadata(metadata)) as KubeObject["metadata"],
    ...(spec === undefined ? {} : { spec: sorted(spec) }),
    ...(sorted(body) as Record<string, unknown>),
    ...(status === undefined ? {} : { status: sorted(status) }),
  };
}

function isSecret({ apiVersion, kind }: KubeObject): boolean {
  return apiVersion === "v1" && kind === "Secret";
}

/** Only keys stay; whatever is not a map (hostile or broken input) is hidden as a whole. */
function hideValues(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...body };
  for (const field of ["data", "stringData"]) {
    const values = shown[field];
    if (values === undefined || values === null) continue;
    shown[field] = isRecord(values)
      ? Object.fromEntries(Object.keys(values).map((key) => [key, hiddenValue]))
      : hiddenValue;
  }
  return shown;
}

function publicMetadata(metadata: KubeObject["metadata"]): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...metadata };
  delete shown["managedFields"];
  const annotations = metadata.annotations;
  if (annotations && lastApplied in annotations) {
    const kept = Object.entries(annotations).filter(([name]) => name !== lastApplied);
    if (kept.length > 0) shown["annotations"] = Object.fromEntries(kept);
    else delete shown["annotations"];
  }
  return shown;
}

/** The same value with the keys of every map in order, as Go's YAML prints them. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, sorted(inner)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
