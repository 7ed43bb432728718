import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { WorldObject } from "../../world/worldObject.ts";

/** One destination of a VirtualService. */
export interface Destination {
  readonly protocol: "http" | "tcp" | "tls";
  readonly isMirror: boolean;
  readonly host: string;
  readonly subset: string;
  /** `port.number`; undefined if there is no port. */
  readonly port: number | undefined;
  /** Where the destination stands. */
  readonly path: FieldPath;
}

/** All destinations of a VirtualService in order: of routes, then mirrors (VirtualService http, tls and tcp). */
export function* destinationsOf({ object }: WorldObject): Generator<Destination> {
  const spec = fieldsAt(object, "spec");
  for (const protocol of ["tcp", "tls", "http"] as const) {
    for (const [at, route] of listAt(spec, protocol).entries()) {
      const path = ["spec", protocol, at];
      for (const [to, target] of listAt(route, "route").entries()) {
        const found = destination(fieldsAt(target, "destination"), [...path, "route", to, "destination"]);
        yield { ...found, protocol, isMirror: false };
      }
      if (protocol !== "http") continue;
      if (Object.hasOwn(fieldsOf(route), "mirror")) {
        yield { ...destination(fieldsAt(route, "mirror"), [...path, "mirror"]), protocol, isMirror: true };
      }
      for (const [to, mirror] of listAt(route, "mirrors").entries()) {
        const found = destination(fieldsAt(mirror, "destination"), [...path, "mirrors", to, "destination"]);
        yield { ...found, protocol, isMirror: true };
      }
    }
  }
}

function destination(value: unknown, path: FieldPath): Pick<Destination, "host" | "subset" | "port" | "path"> {
  const hasPort = Object.hasOwn(fieldsOf(value), "port") && fieldsOf(value)["port"] !== null;
  const number = fieldsAt(value, "port")["number"];
  return {
    host: textAt(value, "host") ?? "",
    subset: textAt(value, "subset") ?? "",
    port: hasPort ? (typeof number === "number" ? number : 0) : undefined,
    path,
  };
}
