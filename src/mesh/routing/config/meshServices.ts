import { serviceHost } from "../../inventory/facts/hostNames.ts";
import { countAt, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { isIpSubnet } from "../../validation/values/addresses.ts";
import type { ConfigObject } from "./configObject.ts";
import { readExportTo, type ExportTo } from "./exportTo.ts";
import type { RoutingSettings } from "./meshSettings.ts";
import { protocolNamed, servicePortProtocol, type PortProtocol } from "../../model/portProtocol.ts";

/** The address of what has none: all of them. */
export const anyAddress = "0.0.0.0";

export interface MeshServicePort {
  readonly name: string;
  readonly number: number;
  readonly protocol: PortProtocol;
  /** Where pods listen; undefined where a container's port is named. */
  readonly targetPort: number | undefined;
}

/** A service as istiod knows it: of a Service, or of one host and address of a ServiceEntry. */
export interface MeshService {
  readonly hostname: string;
  readonly namespace: string;
  /** Of the Service, or the host of the ServiceEntry: ties of age are broken by it. */
  readonly name: string;
  readonly createdAt: number;
  readonly isKubernetes: boolean;
  /** An IP address, a CIDR, or {@link anyAddress}. */
  readonly address: string;
  readonly ports: readonly MeshServicePort[];
  /** passthrough: to the address that the client asked for (headless, `resolution: NONE`); alias: another service's name. */
  readonly resolution: "endpoints" | "passthrough" | "alias" | "dns" | "dynamicDns";
  /** Of a Service of type ExternalName. */
  readonly externalName: string | undefined;
  readonly exportTo: ExportTo;
  readonly selector: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Hosts of the services of type ExternalName that mean this one. */
  readonly aliases: readonly string[];
  readonly source: ConfigObject;
}

/** `ConvertService` in pilot/pkg/serviceregistry/kube. */
export function readKubernetesService(source: ConfigObject, settings: RoutingSettings): MeshService {
  const { spec, namespace, name } = source;
  const clusterIP = textAt(spec, "clusterIP");
  const externalName = textAt(spec, "type") === "ExternalName" ? textAt(spec, "externalName") : undefined;
  const isHeadless = clusterIP === "None";
  const exportTo = (source.annotations["networking.istio.io/exportTo"] ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  return {
    hostname: serviceHost(name, namespace),
    namespace,
    name,
    createdAt: source.createdAt,
    isKubernetes: true,
    address: clusterIP === undefined || isHeadless ? anyAddress : clusterIP,
    ports: listAt(spec, "ports").flatMap(readServicePort),
    resolution: isHeadless ? "passthrough" : externalName === undefined ? "endpoints" : "alias",
    externalName,
    exportTo: readExportTo(exportTo, settings.defaultExportTo.service, namespace),
    selector: textMapAt(spec, "selector"),
    labels: source.labels,
    aliases: [],
    source,
  };
}

function readServicePort(port: unknown): readonly MeshServicePort[] {
  const number = countAt(port, "port");
  if (number === undefined) return [];
  const name = textAt(port, "name") ?? "";
  const protocol = servicePortProtocol({
    number,
    name,
    transport: textAt(port, "protocol"),
    appProtocol: textAt(port, "appProtocol"),
  });
  const targetPort = textAt(port, "targetPort") === undefined ? (countAt(port, "targetPort") ?? number) : undefined;
  return [{ name, number, protocol, targetPort }];
}

const resolutions: Readonly<Record<string, MeshService["resolution"]>> = {
  DNS: "dns",
  DNS_ROUND_ROBIN: "dns",
  STATIC: "endpoints",
  DYNAMIC_DNS: "dynamicDns",
};

/** One service for each host and address (`convertServices` in pilot/pkg/serviceregistry/serviceentry). */
export function readServiceEntry(source: ConfigObject, settings: RoutingSettings): readonly MeshService[] {
  const { spec, namespace } = source;
  const said = textsAt(spec, "addresses").filter(isIpSubnet).map(withoutFullMask);
  const hasAddresses = listAt(spec, "addresses").length > 0;
  const addresses = hasAddresses ? said : [anyAddress];
  const ports = listAt(spec, "ports").flatMap((port): readonly MeshServicePort[] => {
    const number = countAt(port, "number");
    if (number === undefined) return [];
    const protocol = protocolNamed(textAt(port, "protocol") ?? "");
    return [{ name: textAt(port, "name") ?? "", number, protocol, targetPort: countAt(port, "targetPort") ?? number }];
  });
  const shared = {
    namespace,
    createdAt: source.createdAt,
    isKubernetes: false,
    ports,
    resolution: resolutions[textAt(spec, "resolution") ?? ""] ?? "passthrough",
    externalName: undefined,
    exportTo: readExportTo(textsAt(spec, "exportTo"), settings.defaultExportTo.service, namespace),
    selector: {},
    labels: source.labels,
    aliases: [],
    source,
  } as const;
  return textsAt(spec, "hosts").flatMap((host) =>
    addresses.map((address) => ({ ...shared, hostname: host, name: host, address })),
  );
}

function withoutFullMask(address: string): string {
  return address.replace(address.includes(":") ? /\/128$/u : /\/32$/u, "");
}

export function portNumbered(service: MeshService, number: number): MeshServicePort | undefined {
  return service.ports.find((port) => port.number === number);
}

/** Tells each service the aliases that mean it, through chains of aliases (`resolveServiceAliases`). */
export function withAliases(services: readonly MeshService[]): readonly MeshService[] {
  const meant = new Map<string, string>();
  for (const service of services) {
    if (service.resolution === "alias" && service.externalName !== undefined)
      meant.set(service.hostname, service.externalName);
  }
  if (meant.size === 0) return services;
  const aliases = new Map<string, string[]>();
  for (const alias of [...meant.keys()].sort()) {
    const concrete = followed(alias, meant);
    if (concrete === undefined) continue;
    const known = aliases.get(concrete);
    if (known === undefined) aliases.set(concrete, [alias]);
    else known.push(alias);
  }
  return services.map((service) => {
    const own = aliases.get(service.hostname);
    return own === undefined ? service : { ...service, aliases: own };
  });
}

function followed(alias: string, meant: ReadonlyMap<string, string>): string | undefined {
  const seen = new Set([alias]);
  let host = alias;
  for (;;) {
    const next = meant.get(host);
    if (next === undefined) return host;
    if (seen.has(next)) return undefined;
    seen.add(next);
    host = next;
  }
}
