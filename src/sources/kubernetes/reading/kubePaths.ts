import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { KindOnServer } from "../../../mesh/model/kubeObject.ts";
import type { Attempt } from "../http/failures.ts";

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The path of a kind's objects, or of one: namespace "" or undefined means all or a kind without namespaces. */
export function kindPath(kind: KindOnServer, namespace?: string, name?: string): string {
  const root = kind.group === "" ? "/api" : `/apis/${segment(kind.group)}`;
  const scope = kind.namespaced && namespace ? `/namespaces/${segment(namespace)}` : "";
  return `${root}/${segment(kind.version)}${scope}/${segment(kind.plural)}${name === undefined ? "" : `/${segment(name)}`}`;
}

export function podPath(namespace: string, pod: string, subresource: string): string {
  return `/api/v1/namespaces/${segment(namespace)}/pods/${segment(pod)}/${subresource}`;
}

/** One path segment. What the API server refuses as a name is refused here: it could name another path. */
export function segment(name: string): string {
  if (name === "" || name === "." || name === ".." || /[/%\\\0]/.test(name)) {
    throw new MeshError("invalid", say("{0} cannot be the name of anything in a cluster.", JSON.stringify(name)));
  }
  return encodeURIComponent(name);
}

export function withQuery(path: string, query: Query): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      if (one !== undefined) parts.append(name, String(one));
    }
  }
  const text = parts.toString();
  return text === "" ? path : `${path}?${text}`;
}

export function attemptOf(verb: string, kind: KindOnServer, namespace?: string, name?: string): Attempt {
  return {
    verb,
    resource: kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`,
    ...(kind.namespaced && namespace ? { namespace } : {}),
    ...(name === undefined ? {} : { name }),
  };
}
