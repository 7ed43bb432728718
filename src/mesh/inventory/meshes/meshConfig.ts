import { load } from "js-yaml";
import { fieldsAt, flagAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { Setting } from "../views.ts";

/** What Foreyard reads of Istio's MeshConfig, from the key `mesh` of the ConfigMap `istio` or `istio-<revision>`. */
export interface MeshConfigFacts {
  readonly namespace: string;
  readonly name: string;
  /** False where the YAML could not be read; then nothing below says anything. */
  readonly isReadable: boolean;
  readonly trustDomain: string | undefined;
  readonly rootNamespace: string | undefined;
  readonly enableAutoMtls: boolean | undefined;
  readonly outboundPolicy: string | undefined;
  readonly meshId: string | undefined;
}

/** Reads a ConfigMap; undefined where it holds no mesh configuration. */
export function readMeshConfig(object: KubeObject): MeshConfigFacts | undefined {
  const yaml = textMapAt(object, "data")["mesh"];
  if (yaml === undefined) return undefined;
  const metadata = fieldsAt(object, "metadata");
  const config = parse(yaml);
  return {
    namespace: textAt(metadata, "namespace") ?? "",
    name: textAt(metadata, "name") ?? "",
    isReadable: config.isReadable,
    trustDomain: textAt(config.value, "trustDomain"),
    rootNamespace: textAt(config.value, "rootNamespace"),
    enableAutoMtls: flagAt(config.value, "enableAutoMtls"),
    outboundPolicy: textAt(fieldsAt(config.value, "outboundTrafficPolicy"), "mode"),
    meshId: textAt(fieldsAt(config.value, "defaultConfig"), "meshId"),
  };
}

function parse(yaml: string): { isReadable: boolean; value: unknown } {
  try {
    return { isReadable: true, value: load(yaml) };
  } catch {
    // Anybody may have edited it. The view says "unknown"; a document with its diagnostics says where it breaks.
    return { isReadable: false, value: undefined };
  }
}

export interface MeshSettings {
  readonly trustDomain: Setting;
  readonly rootNamespace: Setting;
  readonly autoMtls: Setting;
  readonly outboundPolicy: Setting;
}

const unknown: Setting = { value: "unknown", isDefault: false };

/**
 * The settings in force, Istio's defaults (pkg/config/mesh/mesh.go, DefaultMeshConfig) where nobody set them. Without a
 * readable configuration all are unknown: a default would be a guess.
 */
export function meshSettings(config: MeshConfigFacts | undefined): MeshSettings {
  if (config?.isReadable !== true) {
    return { trustDomain: unknown, rootNamespace: unknown, autoMtls: unknown, outboundPolicy: unknown };
  }
  return {
    trustDomain: setting(config.trustDomain, "cluster.local"),
    rootNamespace: setting(config.rootNamespace, "istio-system"),
    autoMtls: setting(config.enableAutoMtls?.toString(), "true"),
    outboundPolicy: setting(config.outboundPolicy, "ALLOW_ANY"),
  };
}

function setting(value: string | undefined, byDefault: string): Setting {
  return value === undefined ? { value: byDefault, isDefault: true } : { value, isDefault: false };
}
