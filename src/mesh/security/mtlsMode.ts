import { fieldsAt, fieldsOf, textAt, textMapAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";

/** What a PeerAuthentication asks of what comes in; UNSET is inherited. */
export type PeerMode = "STRICT" | "PERMISSIVE" | "DISABLE";

/** `ClientTLSSettings.mode` of a DestinationRule: what goes out. */
export type ClientTlsMode = "DISABLE" | "SIMPLE" | "MUTUAL" | "ISTIO_MUTUAL";

const peerModes: readonly PeerMode[] = ["STRICT", "PERMISSIVE", "DISABLE"];
const clientModes: readonly ClientTlsMode[] = ["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"];

/** The mode of a PeerAuthentication for all ports; undefined where it is inherited. */
export function peerModeOf(object: KubeObject): PeerMode | undefined {
  return modeIn(fieldsAt(fieldsAt(object, "spec"), "mtls"));
}

/** The modes that a PeerAuthentication gives single ports of the workload, by port number. */
export function portModesOf(object: KubeObject): ReadonlyMap<string, PeerMode> {
  const ports = fieldsAt(fieldsAt(object, "spec"), "portLevelMtls");
  return new Map(
    Object.keys(ports).flatMap((port) => {
      const mode = modeIn(fieldsAt(ports, port));
      return mode === undefined ? [] : [[port, mode] as const];
    }),
  );
}

function modeIn(mtls: unknown): PeerMode | undefined {
  return peerModes.find((mode) => mode === textAt(mtls, "mode"));
}

/** The labels that a policy with `spec.selector.matchLabels` asks for; none: it is for the whole namespace or mesh. */
export function policyLabels(object: KubeObject): Readonly<Record<string, string>> {
  return textMapAt(fieldsAt(fieldsAt(object, "spec"), "selector"), "matchLabels");
}

/** The TLS mode of a DestinationRule's own traffic policy; undefined where it says nothing of TLS. */
export function clientTlsModeOf(object: KubeObject): ClientTlsMode | undefined {
  const policy = fieldsAt(fieldsAt(object, "spec"), "trafficPolicy");
  if (!Object.hasOwn(policy, "tls") || fieldsOf(policy)["tls"] === null) return undefined;
  // The API's default: a `tls` without a mode switches TLS off.
  const mode = textAt(fieldsAt(policy, "tls"), "mode") ?? "DISABLE";
  return clientModes.find((known) => known === mode);
}

/** True if a client presents a certificate. */
export function isMutual(mode: ClientTlsMode | undefined): boolean {
  return mode === "ISTIO_MUTUAL" || mode === "MUTUAL";
}
