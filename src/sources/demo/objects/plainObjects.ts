import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import { lazy, metaOf, type Lazy, type MetaParts, type Making } from "./making.ts";

/** An object given by its body, with the metadata an API server adds. */
export function given(
  making: Making,
  names: { apiVersion: string; kind: string; name: string; manager?: string } & MetaParts,
  body: Readonly<Record<string, unknown>>,
): Lazy {
  const { apiVersion, kind, name, manager = "kubectl-client-side-apply", namespace, ...parts } = names;
  const own = namespace === undefined ? {} : { namespace };
  return lazy(making, { apiVersion, kind, name, manager, ...own }, () => ({
    metadata: metaOf(making, kind, name, { ...parts, ...own }),
    ...body,
  }));
}

/** The same from a whole object as a person would write it. */
export function written(making: Making, object: KubeObject, manager = "kubectl-client-side-apply"): Lazy {
  const { apiVersion, kind, metadata, ...body } = object;
  const { name, namespace, labels, annotations } = metadata;
  return given(
    making,
    {
      apiVersion,
      kind,
      name,
      manager,
      generation: 1,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels ? { labels } : {}),
      ...(annotations ? { annotations } : {}),
    },
    body,
  );
}
