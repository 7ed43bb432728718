import type { KubeObject } from "../../model/kubeObject.ts";
import { textAt } from "../../model/fields.ts";
import { compareByAgeAndName, readConfigObject, type ConfigObject } from "./configObject.ts";
import { DestinationRules } from "./destinationRules.ts";
import { inGatewayOrder, readGateway, type GatewayConfig } from "./gateways.ts";
import type { BackendIndex } from "./gatewayApi/backends.ts";
import { readListeners, servedClasses, type Listener, type ReadListener } from "./gatewayApi/listeners.ts";
import { readHttpRoutes, readStreamRoutes } from "./gatewayApi/routes.ts";
import { readRoutingSettings, type RoutingSettings } from "./meshSettings.ts";
import { readKubernetesService, readServiceEntry, withAliases, type MeshService } from "./meshServices.ts";
import type { RouteConfig } from "./routeConfig.ts";
import { RouteIndex } from "./routeIndex.ts";
import { ServiceIndex } from "./serviceIndex.ts";
import { readVirtualServices } from "./virtualServices.ts";

/** All that decides about routes in one mesh, read from its objects. */
export interface RoutingMesh {
  readonly settings: RoutingSettings;
  readonly services: ServiceIndex;
  readonly routes: RouteIndex;
  readonly destinationRules: DestinationRules;
  readonly gateways: readonly GatewayConfig[];
  /** Sidecar resources: those with a workloadSelector first, then by age. */
  readonly sidecars: readonly ConfigObject[];
}

export interface RoutingMeshOptions {
  /** MeshConfig of mesh.istio.io; Istio's defaults where undefined. */
  readonly meshConfig?: unknown;
  /** Of objects that say none. */
  readonly defaultNamespace?: string;
}

const istio = "networking.istio.io";
const gatewayApi = "gateway.networking.k8s.io";

/** Reads the objects; kinds that do not decide about routes are passed over. */
export function readRoutingMesh(objects: Iterable<KubeObject>, options: RoutingMeshOptions = {}): RoutingMesh {
  const settings = readRoutingSettings(options.meshConfig);
  const byKind = new Map<string, ConfigObject[]>();
  for (const object of objects) {
    const read = readConfigObject(object, options.defaultNamespace ?? "default");
    const known = byKind.get(read.groupKind);
    if (known === undefined) byKind.set(read.groupKind, [read]);
    else known.push(read);
  }
  const of = (groupKind: string): readonly ConfigObject[] => byKind.get(groupKind) ?? [];
  const services = readServices(of("/Service"), of(`${istio}/ServiceEntry`), settings);
  const listeners = readGatewayListeners(of);
  const backends: BackendIndex = {
    services: byId(of("/Service")),
    hostnames: new Set(services.map(({ hostname }) => hostname)),
    grants: of(`${gatewayApi}/ReferenceGrant`),
  };
  const parents = {
    listeners: listenersByGateway(listeners),
    services: backends.services,
    serviceEntries: byId(of(`${istio}/ServiceEntry`)),
  };
  const context = { parents, backends, settings };
  const configs: readonly RouteConfig[] = [
    ...readVirtualServices(of(`${istio}/VirtualService`), settings),
    ...readHttpRoutes([...of(`${gatewayApi}/HTTPRoute`), ...of(`${gatewayApi}/GRPCRoute`)], context),
    ...readStreamRoutes(of(`${gatewayApi}/TCPRoute`), context),
    ...readStreamRoutes(of(`${gatewayApi}/TLSRoute`), context),
  ];
  return {
    settings,
    services: new ServiceIndex(services),
    routes: new RouteIndex(configs),
    destinationRules: new DestinationRules(of(`${istio}/DestinationRule`), settings),
    gateways: inGatewayOrder([...of(`${istio}/Gateway`).map(readGateway), ...listeners.map(({ config }) => config)]),
    sidecars: [...of(`${istio}/Sidecar`)].sort(bySelectorAndAge),
  };
}

function readServices(
  services: readonly ConfigObject[],
  entries: readonly ConfigObject[],
  settings: RoutingSettings,
): readonly MeshService[] {
  const read = [
    ...services.map((service) => readKubernetesService(service, settings)),
    ...entries.flatMap((entry) => readServiceEntry(entry, settings)),
  ];
  return withAliases(read.sort(compareByAgeAndName));
}

function readGatewayListeners(of: (groupKind: string) => readonly ConfigObject[]): readonly ReadListener[] {
  const classes = servedClasses(of(`${gatewayApi}/GatewayClass`));
  return of(`${gatewayApi}/Gateway`)
    .filter(({ spec }) => classes.has(textAt(spec, "gatewayClassName") ?? ""))
    .flatMap((gateway) => readListeners(gateway, of("/Namespace")));
}

function listenersByGateway(listeners: readonly ReadListener[]): ReadonlyMap<string, readonly Listener[]> {
  const byGateway = new Map<string, Listener[]>();
  for (const { listener } of listeners) {
    const known = byGateway.get(listener.parent);
    if (known === undefined) byGateway.set(listener.parent, [listener]);
    else known.push(listener);
  }
  return byGateway;
}

function byId(objects: readonly ConfigObject[]): ReadonlyMap<string, ConfigObject> {
  return new Map(objects.map((object) => [`${object.namespace}/${object.name}`, object]));
}

function bySelectorAndAge(a: ConfigObject, b: ConfigObject): number {
  const [selectedA, selectedB] = [a.spec["workloadSelector"] !== undefined, b.spec["workloadSelector"] !== undefined];
  if (selectedA !== selectedB) return selectedA ? -1 : 1;
  return compareByAgeAndName(a, b);
}
