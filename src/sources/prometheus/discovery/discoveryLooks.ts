import { MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import { countAt, fieldsAt, textAt } from "../../../mesh/model/fields.ts";
import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { ClusterSource, ListQuery } from "../../../mesh/ports.ts";
import { kialiPrometheusUrl } from "../../../mesh/telemetry/kialiPrometheusUrl.ts";
import { configMapKind, listAll, serviceKind } from "./clusterReads.ts";
import { inClusterAddress, type InClusterAddress } from "./inClusterAddress.ts";
import { pathOf } from "./storePods.ts";
import { storeService, withPort, type StoreKind, type StoreService } from "./storeService.ts";

/** Where a store may be: a Service of the cluster, or an address that its configuration names. */
export type Place =
  { readonly service: StoreService; readonly asks: "nothing" | "clusterToken" } | { readonly url: string };

/** One place or kind of place to look in, tried in order. */
export interface Look {
  readonly tried: Message;
  readonly find: (cluster: ClusterSource, signal: AbortSignal) => Promise<readonly Place[]>;
}

const prometheus: StoreKind = { engine: "Prometheus", prefixes: ["", "/prometheus"] };
const openShift: StoreKind = { engine: "Thanos", prefixes: [""], portNames: ["web"] };

/** Where to look on if the whole cluster may not be listed. */
const usualNamespaces = ["istio-system", "monitoring", "observability", "prometheus", "metrics", "kube-system"];

/** The order: what Istio's samples install, what calls itself Prometheus, operators, its likes, OpenShift, Kiali's choice. */
export const looks: readonly Look[] = [
  {
    tried: say("Service {0} in namespace {1}", "prometheus", "istio-system"),
    find: async (cluster, signal) =>
      placesOf(await oneService(cluster, "istio-system", "prometheus", signal), prometheus),
  },
  labelled(prometheus, "app.kubernetes.io/name=prometheus"),
  labelled(prometheus, "app=prometheus"),
  {
    tried: say("Prometheus objects of the Prometheus operator"),
    find: operated,
  },
  labelled(prometheus, "app=kube-prometheus-stack-prometheus"),
  {
    tried: say("Services labelled as Thanos Query, Mimir or VictoriaMetrics"),
    find: prometheusLikes,
  },
  {
    tried: say("Service {0} in namespace {1}", "thanos-querier", "openshift-monitoring"),
    async find(cluster, signal) {
      const found = placesOf(await oneService(cluster, "openshift-monitoring", "thanos-querier", signal), openShift);
      return found.map((place) => ("service" in place ? withClusterToken(place.service) : place));
    },
  },
  { tried: say("The address in Kiali's configuration"), find: kialiChoice },
];

/** The Service that an address inside the cluster names. */
export async function serviceAt(
  cluster: ClusterSource,
  address: InClusterAddress,
  signal: AbortSignal,
): Promise<StoreService | undefined> {
  const { namespace, service: name, port, prefix } = address;
  const [object] = await oneService(cluster, namespace, name, signal);
  const found = object && storeService(object, { ...prometheus, prefixes: [prefix] });
  return found && port !== undefined ? withPort(object, found, port) : found;
}

function labelled(kind: StoreKind, labelSelector: string): Look {
  return {
    tried: say("Services labelled {0}", labelSelector),
    find: async (cluster, signal) => placesOf(await listServices(cluster, labelSelector, signal), kind),
  };
}

function placesOf(objects: readonly KubeObject[], kind: StoreKind): readonly Place[] {
  return objects.flatMap((object) => {
    const service = storeService(object, kind);
    return service ? [{ service, asks: "nothing" as const }] : [];
  });
}

function withClusterToken(service: StoreService): Place {
  return { service: { ...service, port: { ...service.port, scheme: "https" } }, asks: "clusterToken" };
}

async function oneService(
  cluster: ClusterSource,
  namespace: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  try {
    return [await cluster.get(serviceKind, namespace, name, signal)];
  } catch (e) {
    if (MeshError.is(e, "not-found")) return [];
    throw e;
  }
}

function listServices(cluster: ClusterSource, labelSelector: string, signal: AbortSignal) {
  return listAll(cluster, everywhere({ kind: serviceKind, labelSelector }), signal);
}

function everywhere(query: Omit<ListQuery, "scope">): ListQuery {
  return { ...query, scope: { all: true, otherwise: usualNamespaces } };
}

async function operated(cluster: ClusterSource, signal: AbortSignal): Promise<readonly Place[]> {
  const kinds = await cluster.kinds(signal);
  const kind = kinds.find(({ group, plural }) => group === "monitoring.coreos.com" && plural === "prometheuses");
  if (!kind) return [];
  const places: Place[] = [];
  for (const object of await listAll(cluster, everywhere({ kind }), signal)) {
    const spec = fieldsAt(object, "spec");
    // Each shard holds a part of the series; only a querier over all of them tells the truth.
    if ((countAt(spec, "shards") ?? 1) > 1) continue;
    const name = textAt(spec, "serviceName") ?? "prometheus-operated";
    const prefix = pathOf(textAt(spec, "routePrefix") ?? textAt(spec, "externalUrl") ?? "");
    const store = { engine: "Prometheus", prefixes: [prefix], portNames: [textAt(spec, "portName") ?? "web"] };
    const { namespace = "" } = object.metadata;
    for (const place of placesOf(await oneService(cluster, namespace, name, signal), store)) {
      // The Service stands for all Prometheus objects of its namespace; the pods are told apart by this label.
      const selector = { "operator.prometheus.io/name": object.metadata.name };
      if ("service" in place) places.push({ ...place, service: { ...place.service, selector } });
    }
  }
  return places;
}

const likes: readonly { readonly names: readonly string[]; readonly part?: RegExp; readonly kind: StoreKind }[] = [
  { names: ["thanos-query", "thanos-query-frontend"], kind: { engine: "Thanos", prefixes: [""] } },
  { names: ["thanos"], part: /^query/, kind: { engine: "Thanos", prefixes: [""] } },
  {
    names: ["mimir"],
    part: /^(?:query-frontend|gateway|nginx)$/,
    kind: { engine: "Mimir", prefixes: ["/prometheus", ""], portNames: ["http-metric", "http-metrics"] },
  },
  {
    names: ["vmsingle", "victoria-metrics-single", "victoria-metrics"],
    kind: { engine: "VictoriaMetrics", prefixes: ["", "/prometheus"] },
  },
  {
    names: ["vmselect", "victoria-metrics-cluster"],
    part: /^vmselect$/,
    kind: { engine: "VictoriaMetrics", prefixes: ["/select/0/prometheus"] },
  },
];

async function prometheusLikes(cluster: ClusterSource, signal: AbortSignal): Promise<readonly Place[]> {
  const names = likes.flatMap((like) => like.names).join(",");
  const services = await listServices(cluster, `app.kubernetes.io/name in (${names})`, signal);
  return likes.flatMap(({ names: called, part, kind }) =>
    placesOf(
      services.filter(({ metadata }) => {
        const {
          "app.kubernetes.io/name": name = "",
          "app.kubernetes.io/component": component,
          app,
        } = metadata.labels ?? {};
        return called.includes(name) && (!part || [component, app, name].some((text) => text && part.test(text)));
      }),
      kind,
    ),
  );
}

async function kialiChoice(cluster: ClusterSource, signal: AbortSignal): Promise<readonly Place[]> {
  const query = { kind: configMapKind, labelSelector: "app.kubernetes.io/name=kiali" };
  const places: Place[] = [];
  for (const configMap of await listAll(cluster, everywhere(query), signal)) {
    const text = kialiPrometheusUrl(configMap);
    const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined;
    if (!url) continue;
    const address = inClusterAddress(url, true);
    const service = address && (await serviceAt(cluster, address, signal));
    if (service) places.push({ service, asks: "nothing" });
    else if (!address) places.push({ url: url.href });
  }
  return places;
}
