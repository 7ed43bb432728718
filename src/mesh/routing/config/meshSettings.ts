import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";

/** What of the MeshConfig decides about routing. */
export interface RoutingSettings {
  readonly rootNamespace: string;
  /** True where requests to unknown hosts pass (`outboundTrafficPolicy.mode: ALLOW_ANY`, the default). */
  readonly allowsUnknownHosts: boolean;
  /** undefined: the built-in policy. Else networking.istio.io's HTTPRetry. */
  readonly defaultRetries: Readonly<Record<string, unknown>> | undefined;
  readonly pathNormalization: "NONE" | "BASE" | "MERGE_SLASHES" | "DECODE_AND_MERGE_SLASHES";
  /** undefined: exported to all. */
  readonly defaultExportTo: {
    readonly service: readonly string[] | undefined;
    readonly virtualService: readonly string[] | undefined;
    readonly destinationRule: readonly string[] | undefined;
  };
}

const normalizations = ["NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"] as const;

/** Reads a MeshConfig (mesh.istio.io); undefined reads as Istio's default. */
export function readRoutingSettings(meshConfig: unknown): RoutingSettings {
  const normalization = textAt(fieldsAt(meshConfig, "pathNormalization"), "normalization");
  const retries = fieldsOf(meshConfig)["defaultHttpRetryPolicy"];
  return {
    rootNamespace: textAt(meshConfig, "rootNamespace") ?? "istio-system",
    allowsUnknownHosts: textAt(fieldsAt(meshConfig, "outboundTrafficPolicy"), "mode") !== "REGISTRY_ONLY",
    defaultRetries: retries === undefined ? undefined : fieldsOf(retries),
    pathNormalization: normalizations.find((name) => name === normalization) ?? "BASE",
    defaultExportTo: {
      service: exported(meshConfig, "defaultServiceExportTo"),
      virtualService: exported(meshConfig, "defaultVirtualServiceExportTo"),
      destinationRule: exported(meshConfig, "defaultDestinationRuleExportTo"),
    },
  };
}

function exported(meshConfig: unknown, name: string): readonly string[] | undefined {
  return listAt(meshConfig, name).length === 0 ? undefined : textsAt(meshConfig, name);
}
