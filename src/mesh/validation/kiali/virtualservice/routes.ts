import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";

/** The destinations of one route block: `spec.http[k].route` and its like. */
export interface RouteBlock {
  readonly path: FieldPath;
  readonly destinations: readonly RouteDestination[];
}

export interface RouteDestination {
  /** Of the list item; the destination stands below it. */
  readonly path: FieldPath;
  readonly host: string | undefined;
  readonly subset: string | undefined;
  /** As text; undefined where none is given. */
  readonly port: string | undefined;
  readonly weight: number | undefined;
}

export const protocols = ["http", "tls", "tcp"] as const;

/** All route blocks of a VirtualService. Mirrors and delegates are none. */
export function* routeBlocks(object: KubeObject): Generator<RouteBlock> {
  const spec = fieldsAt(object, "spec");
  for (const protocol of protocols) {
    for (const [index, route] of listAt(spec, protocol).entries()) {
      const path = ["spec", protocol, index, "route"];
      const destinations = listAt(route, "route").map((item, at) => readDestination(item, [...path, at]));
      yield { path, destinations };
    }
  }
}

function readDestination(item: unknown, path: FieldPath): RouteDestination {
  const destination = fieldsAt(item, "destination");
  const { weight } = fieldsOf(item);
  const { number } = fieldsAt(destination, "port");
  return {
    path,
    host: textAt(destination, "host"),
    subset: textAt(destination, "subset"),
    port: typeof number === "number" ? String(number) : undefined,
    weight: typeof weight === "number" ? weight : undefined,
  };
}
