import { fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { MtlsFacts, MtlsMode, OtherConfigFacts } from "../trafficConfig.ts";
import type { LabelPool } from "./labelPool.ts";

interface Named {
  readonly namespace: string;
  readonly name: string;
}

export interface PeerAuthenticationFacts extends Named, Omit<MtlsFacts, "ref"> {}
export interface PolicyFacts extends Named, Omit<OtherConfigFacts, "ref"> {}

/** Reads a security.istio.io PeerAuthentication. */
export function readPeerAuthentication(object: KubeObject, pool: LabelPool): PeerAuthenticationFacts {
  const spec = fieldsAt(object, "spec");
  const ports = fieldsAt(spec, "portLevelMtls");
  return {
    ...namesOf(object),
    selector: selectorOf(textMapAt(fieldsAt(spec, "selector"), "matchLabels"), pool),
    mode: modeOf(fieldsAt(spec, "mtls")),
    portModes: Object.fromEntries(Object.keys(ports).map((port) => [port, modeOf(fieldsAt(ports, port))])),
  };
}

const modes: readonly MtlsMode[] = ["STRICT", "PERMISSIVE", "DISABLE"];

function modeOf(mtls: unknown): MtlsMode {
  return modes.find((mode) => mode === textAt(mtls, "mode")) ?? "UNSET";
}

/** By what a kind says whom it is for: Istio has three ways to write a map of labels. */
const selectors = {
  matchLabels: (spec: unknown) => textMapAt(fieldsAt(spec, "selector"), "matchLabels"),
  workloadSelector: (spec: unknown) => textMapAt(fieldsAt(spec, "workloadSelector"), "labels"),
  plain: (spec: unknown) => textMapAt(spec, "selector"),
};

/** Reads what is only shown by name: policies, Sidecars, Telemetries, EnvoyFilters, WasmPlugins and Istio's Gateways. */
export function readPolicy(object: KubeObject, selector: keyof typeof selectors, pool: LabelPool): PolicyFacts {
  const spec = fieldsAt(object, "spec");
  const names = namesOf(object);
  const single = fieldsAt(spec, "targetRef");
  const refs = [...listAt(spec, "targetRefs"), ...(Object.keys(single).length > 0 ? [single] : [])];
  return {
    ...names,
    selector: selectorOf(selectors[selector](spec), pool),
    targets: refs.flatMap((ref) => {
      const [kind, name] = [textAt(ref, "kind"), textAt(ref, "name")];
      if (kind === undefined || name === undefined) return [];
      const namespace = textAt(ref, "namespace") ?? names.namespace;
      return [{ group: textAt(ref, "group") ?? "", kind, namespace, name }];
    }),
  };
}

// No labels select everything.
function selectorOf(labels: Readonly<Record<string, string>>, pool: LabelPool): MtlsFacts["selector"] {
  return Object.keys(labels).length === 0 ? undefined : pool.labels(labels).labels;
}

function namesOf(object: KubeObject): Named {
  const metadata = fieldsAt(object, "metadata");
  return { namespace: textAt(metadata, "namespace") ?? "", name: textAt(metadata, "name") ?? "" };
}
