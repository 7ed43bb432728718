import { say } from "../../message.ts";
import { countAt, fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { Fault } from "./condition.ts";
import { caProblem, keyPairProblem } from "./keyPairs.ts";
import type { Listener } from "./listener.ts";
import { kindOfReference, mayRefer } from "./references.ts";

const terminateMode = "gateway.istio.io/tls-terminate-mode";

/** A reference to a Secret as certificate, and how its faults are called. */
interface SecretReference {
  readonly ref: unknown;
  readonly path: FieldPath;
  readonly owner: WorldObject;
  readonly reason: string;
}

/** What is wrong with a reference to a key pair; a reference that no grant permits is told before what is behind it. */
export function secretFault(world: World, { ref, path, owner, reason }: SecretReference): Fault | undefined {
  const kind = kindOfReference(ref, kinds.Secret);
  if (kind !== kinds.Secret) {
    return { reason, path: [...path, "kind"], message: say("A certificate is in a Secret, not in a {0}", kind) };
  }
  const namespace = textAt(ref, "namespace") ?? owner.namespace;
  const name = textAt(ref, "name") ?? "";
  if (!mayRefer(world, owner.kind, owner.namespace, { kind, namespace, name })) {
    return notPermitted(path, "Secret", { namespace, name, owner });
  }
  const secret = world.get(kinds.Secret, namespace, name);
  if (secret === undefined) {
    return {
      reason,
      path: [...path, "name"],
      message: say("Secret {0} not found in namespace {1}", name, namespace),
      problem: problems.secretNotFound,
      missingIn: namespace,
      missingKind: kinds.Secret,
    };
  }
  const wrong = keyPairProblem(secret);
  if (wrong === undefined) return undefined;
  return { reason, path: [...path, "name"], message: wrong, related: [{ object: secret, path: [], message: wrong }] };
}

interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly owner: WorldObject;
}

function notPermitted(path: FieldPath, kind: string, { namespace, name, owner }: Target): Fault {
  return {
    reason: "RefNotPermitted",
    path: [...path, "namespace"],
    message: say(
      "No ReferenceGrant in namespace {0} lets a {1} of namespace {2} use {3} {4}",
      namespace,
      owner.kind.slice(owner.kind.indexOf("/") + 1),
      owner.namespace,
      kind,
      name,
    ),
    missingIn: namespace,
    missingKind: kinds.ReferenceGrant,
  };
}

/** What is wrong with a listener's TLS: its certificates, else its Gateway's CA of clients. */
export function tlsFault(world: World, listener: Listener, gateway: WorldObject): Fault | undefined {
  const { owner, tls, tlsMode, path } = listener;
  if (tls === undefined || tlsMode !== "Terminate") return undefined;
  const mode = textMapAt(tls, "options")[terminateMode];
  if (mode === "ISTIO_SIMPLE" || mode === "ISTIO_MUTUAL") return undefined;
  const reason = "InvalidCertificateRef";
  const refs = listAt(tls, "certificateRefs");
  const refsPath: FieldPath = [...path, "tls", "certificateRefs"];
  if (refs.length > 2) {
    return {
      reason,
      path: refsPath,
      at: "key",
      message: say("At most two certificates are supported, found {0}", refs.length),
    };
  }
  const faults = refs.map((ref, index) => secretFault(world, { ref, path: [...refsPath, index], owner, reason }));
  // Faults only matter where no certificate is left; without any reference there is no fault, and no CA is read.
  if (faults.every((fault) => fault !== undefined)) return faults[0];
  return frontendFault(world, listener, gateway);
}

/** The part of a Gateway's `tls.frontend` that applies to a port, and where it stands. */
export function frontendOf(gateway: WorldObject, port: number): { readonly value: unknown; readonly path: FieldPath } {
  const frontend = fieldsAt(fieldsAt(fieldsAt(gateway.object, "spec"), "tls"), "frontend");
  const index = listAt(frontend, "perPort").findIndex((one) => countAt(one, "port") === port);
  const path: FieldPath = ["spec", "tls", "frontend"];
  return index < 0
    ? { value: fieldsAt(frontend, "default"), path: [...path, "default"] }
    : { value: fieldsAt(listAt(frontend, "perPort")[index], "tls"), path: [...path, "perPort", index, "tls"] };
}

function frontendFault(
  world: World,
  { owner, port, path: ownPath }: Listener,
  gateway: WorldObject,
): Fault | undefined {
  const frontend = frontendOf(gateway, port);
  const refs = listAt(fieldsAt(frontend.value, "validation"), "caCertificateRefs");
  const refsPath: FieldPath = [...frontend.path, "validation", "caCertificateRefs"];
  // A ListenerSet has no such field: it takes the Gateway's, and its own listener is marked.
  const at = (path: FieldPath) => (owner === gateway ? path : ownPath);
  const [ref] = refs;
  if (ref === undefined) return undefined;
  if (refs.length > 1) {
    return {
      reason: "InvalidCACertificateRef",
      path: at(refsPath),
      message: say("Only one CA certificate is supported, found {0}", refs.length),
    };
  }
  const fault = caFault(world, ref, owner);
  return fault && { ...fault, path: at([...refsPath, 0, ...fault.path]) };
}

/** Paths of the result begin at the reference. */
function caFault(world: World, ref: unknown, owner: WorldObject): Fault | undefined {
  const kind = kindOfReference({ group: "", ...fieldsOf(ref) }, "core/");
  if (kind !== kinds.ConfigMap && kind !== kinds.Secret) {
    return {
      reason: "InvalidCACertificateKind",
      path: ["kind"],
      message: say("CA certificates are in a ConfigMap or Secret, not in a {0}", kind),
    };
  }
  const namespace = textAt(ref, "namespace") ?? owner.namespace;
  const name = textAt(ref, "name") ?? "";
  const kindText = kind.slice("core/".length);
  if (!mayRefer(world, owner.kind, owner.namespace, { kind, namespace, name })) {
    return notPermitted([], kindText, { namespace, name, owner });
  }
  const reason = "InvalidCACertificateRef";
  const found = world.get(kind, namespace, name);
  if (found === undefined) {
    return {
      reason,
      path: ["name"],
      message: say("{0} {1} not found in namespace {2}", kindText, name, namespace),
      missingIn: namespace,
      missingKind: kind,
    };
  }
  const wrong = caProblem(found);
  return wrong && { reason, path: ["name"], message: wrong, related: [{ object: found, path: [], message: wrong }] };
}
