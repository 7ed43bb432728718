import { say, type Message } from "../../message.ts";
import { countAt, fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds, type KindName } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Fault } from "./condition.ts";
import { findHostname } from "./meshHosts.ts";
import { gatewayKinds, kindOfReference, mayRefer } from "./references.ts";

/** A fault of a backend. With one that ends the conversion istiod has no routes of the whole object. */
export interface BackendFault extends Fault {
  readonly isEnd: boolean;
}

const soft = new Set(["RefNotPermitted", "BackendNotFound", "InvalidKind"]);

function fault(reason: string, path: FieldPath, message: Message, rest: Partial<Fault> = {}): BackendFault {
  return { ...rest, reason, path, message, isEnd: !soft.has(reason) };
}

/** A backendRef, and whether ReferenceGrants matter: they do not for parents in the mesh. */
export interface Backend {
  readonly ref: unknown;
  readonly path: FieldPath;
  readonly route: WorldObject;
  readonly isMesh: boolean;
}

/** What is wrong with a backend (istio pilot/pkg/config/kube/gateway/conversion.go, buildDestination). */
export function backendFault(world: World, { ref, path, route, isMesh }: Backend): BackendFault | undefined {
  const kind = kindOfReference(ref, kinds.Service);
  const namespace = textAt(ref, "namespace") ?? route.namespace;
  const name = textAt(ref, "name") ?? "";
  const kindText = kind.slice(kind.indexOf("/") + 1);
  if (!isMesh && !mayRefer(world, route.kind, route.namespace, { kind, namespace, name })) {
    const message = say(
      "No ReferenceGrant in namespace {0} lets a {1} of namespace {2} use {3} {4}",
      namespace,
      route.kind.slice(route.kind.indexOf("/") + 1),
      route.namespace,
      kindText,
      name,
    );
    return fault("RefNotPermitted", [...path, "namespace"], message, {
      problem: problems.hostNotFound,
      missingIn: namespace,
      missingKind: kinds.ReferenceGrant,
    });
  }
  const found = foundFault(world, { kind, namespace, name }, { ref, path });
  if (found?.isEnd === true || found?.reason === "InvalidKind") return found;
  if (kind !== gatewayKinds.InferencePool && kind !== gatewayKinds.XBackend && countAt(ref, "port") === undefined) {
    return fault("InvalidDestination", path, say("Backend {0} needs a port", name), { problem: problems.portMissing });
  }
  return found;
}

interface Target {
  readonly kind: KindName;
  readonly namespace: string;
  readonly name: string;
}

function foundFault(
  world: World,
  { kind, namespace, name }: Target,
  { ref, path }: Pick<Backend, "ref" | "path">,
): BackendFault | undefined {
  const invalid = "InvalidDestination";
  const namePath: FieldPath = [...path, "name"];
  const kindText = kind.slice(kind.indexOf("/") + 1);
  switch (kind) {
    case kinds.Service:
    case gatewayKinds.InferencePool:
      if (!name.includes(".")) break;
      return fault(invalid, namePath, say("Name the {0}, not its host: {1}", kindText, name), {
        problem: problems.hostNotFound,
      });
    case gatewayKinds.Hostname:
      if (textAt(ref, "namespace") !== undefined) {
        return fault(invalid, [...path, "namespace"], say("A Hostname has no namespace"));
      }
      if (findHostname(world, name) !== undefined) return undefined;
      return fault("BackendNotFound", namePath, say("Host {0} not found in the mesh", name), {
        problem: problems.hostNotFound,
        missingIn: "*",
      });
    case gatewayKinds.ServiceImport:
    case gatewayKinds.XBackend:
      break;
    default: {
      const at = textAt(ref, "kind") === undefined ? "group" : "kind";
      return fault("InvalidKind", [...path, at], say("Istio routes to no {0}", kind));
    }
  }
  // An import is the Service of the same name, wherever it runs.
  const looked = kind === gatewayKinds.ServiceImport ? kinds.Service : kind;
  if (world.get(looked, namespace, name) !== undefined) return undefined;
  return fault("BackendNotFound", namePath, say("{0} {1} not found in namespace {2}", kindText, name, namespace), {
    problem: problems.hostNotFound,
    missingIn: namespace,
    ...(looked === kinds.Service ? {} : { missingKind: looked }),
  });
}

/** What is wrong with header values: istiod takes no control characters. */
export function headerFault(filter: unknown, path: FieldPath): BackendFault | undefined {
  for (const list of ["set", "add"]) {
    for (const [index, header] of listAt(filter, list).entries()) {
      const value = textAt(header, "value") ?? "";
      // eslint-disable-next-line no-control-regex -- these are the characters that it is about
      if (!/[\u0000-\u0008\u000a-\u001f\u007f]/u.test(value)) continue;
      const at: FieldPath = [...path, list, index, "value"];
      return fault(
        "InvalidFilter",
        at,
        say("Value of header {0} has control characters", textAt(header, "name") ?? ""),
      );
    }
  }
  return undefined;
}

export function filterFault(filter: unknown, path: FieldPath): BackendFault {
  return fault("InvalidFilter", [...path, "type"], say("Istio has no filter {0} here", textAt(filter, "type") ?? ""));
}

export function configurationFault(path: FieldPath, message: Message): BackendFault {
  return fault("InvalidConfiguration", path, message);
}

/** The backends of a rule that get requests: those without weight are not read. */
export function weightedBackends(rule: unknown, path: FieldPath): readonly { ref: unknown; path: FieldPath }[] {
  return listAt(rule, "backendRefs").flatMap((ref, index) =>
    fieldsOf(ref)["weight"] === 0 ? [] : [{ ref, path: [...path, "backendRefs", index] }],
  );
}

/** The backend of a mirror filter. */
export function mirrorOf(filter: unknown, path: FieldPath): { ref: unknown; path: FieldPath } | undefined {
  const mirror = fieldsOf(filter)["requestMirror"];
  if (mirror === undefined || mirror === null) return undefined;
  return { ref: fieldsAt(mirror, "backendRef"), path: [...path, "requestMirror", "backendRef"] };
}
