import { MeshError } from "../../mesh/meshError.ts";
import { say, type Message } from "../../mesh/message.ts";
import { fieldsAt, textAt } from "../../mesh/model/fields.ts";
import type { Clock, ClusterSource, FindTelemetry, FoundTelemetry, Log, TelemetrySource } from "../../mesh/ports.ts";
import type { DiscoveryStep } from "../../mesh/telemetry/discovery.ts";
import { readAddress } from "./http/address.ts";
import {
  borrowedAuthorization,
  commandAuthorization,
  fixedAuthorization,
  type Authorization,
} from "./http/authorization.ts";
import { configMapKind } from "./discovery/clusterReads.ts";
import { looks, serviceAt, type Look, type Place } from "./discovery/discoveryLooks.ts";
import type { ForwardRoute } from "./http/forwardTransport.ts";
import { HttpTransport } from "./http/httpTransport.ts";
import { inClusterAddress, type InClusterAddress } from "./discovery/inClusterAddress.ts";
import { PrometheusClient } from "./http/prometheusClient.ts";
import { alwaysOf, PrometheusSource } from "./prometheusSource.ts";
import { plainTarget, reachStore, tryStore, type Question, type Reached } from "./discovery/reachStore.ts";
import type { PrometheusSettings } from "./settings.ts";
import type { StoreService } from "./discovery/storeService.ts";

export interface PrometheusOptions {
  readonly log: Log;
  readonly clock: Clock;
}

/** The store at an address. Nothing is connected before the first question; a bad address throws a MeshError. */
export function openPrometheus(
  settings: PrometheusSettings & { readonly url: string },
  options: PrometheusOptions,
): TelemetrySource {
  const client = clientAt(settings, options);
  return new PrometheusSource(client, { id: idOf(client.label, settings), settings, ...options });
}

/**
 * Looks for a cluster's store. A URL in the settings is the only place looked in; it may name a Service of the cluster
 * ("http://prometheus.monitoring.svc:9090"). Credentials go to that URL and to no store that was found in another way.
 */
export function createFindPrometheus(settings: PrometheusSettings, options: PrometheusOptions): FindTelemetry {
  return (cluster, signal) => new Search(settings, options, cluster).run(signal);
}

class Search {
  readonly #settings: PrometheusSettings;
  readonly #options: PrometheusOptions;
  readonly #cluster: ClusterSource;
  readonly #steps: DiscoveryStep[] = [];
  readonly #asked = new Set<string>();

  constructor(settings: PrometheusSettings, options: PrometheusOptions, cluster: ClusterSource) {
    this.#settings = settings;
    this.#options = options;
    this.#cluster = cluster;
  }

  async run(signal: AbortSignal): Promise<FoundTelemetry> {
    const { url } = this.#settings;
    const client = url === undefined || url.trim() === "" ? await this.#look(signal) : await this.#asSet(url, signal);
    return { source: client && this.#source(client), steps: this.#steps };
  }

  #source(client: PrometheusClient): TelemetrySource {
    const isAddress = /^https?:/.test(client.label);
    const id = isAddress ? client.label : `${this.#cluster.context} ${client.label}`;
    const settings = this.#settings;
    return new PrometheusSource(client, { id: idOf(id, settings), settings, ...this.#options });
  }

  async #asSet(url: string, signal: AbortSignal): Promise<PrometheusClient | undefined> {
    const tried = say("The Prometheus URL of the settings");
    const reached = await this.#record({ tried, address: undefined }, async () => {
      const inside = inClusterAddress(readAddress(url).url, false);
      return inside
        ? await this.#reachNamed(inside, signal)
        : await this.#reachAddress({ ...this.#settings, url }, signal);
    });
    return reached?.client;
  }

  async #look(signal: AbortSignal): Promise<PrometheusClient | undefined> {
    let spare: PrometheusClient | undefined;
    try {
      for (const look of looks) {
        for (const place of await this.#places(look, signal)) {
          const reached = await this.#record(stepAt(look, place), () => this.#reach(place, signal));
          if (reached?.holdsIstio) return reached.client;
          if (spare) reached?.client.dispose();
          else spare = reached?.client;
        }
      }
      const found = spare;
      spare = undefined;
      this.#conclude(found);
      return found;
    } finally {
      spare?.dispose();
    }
  }

  /** Places that were not asked yet; a look that gives none is a step of its own. */
  async #places({ tried, find }: Look, signal: AbortSignal): Promise<readonly Place[]> {
    const places = await settled(find(this.#cluster, signal));
    if (MeshError.is(places)) {
      this.#steps.push({ tried, answer: places.words, found: false });
      return [];
    }
    const fresh = places.filter((place) => !this.#asked.has(keyOf(place)));
    for (const place of fresh) this.#asked.add(keyOf(place));
    if (fresh.length === 0) {
      const answer = places.length > 0 ? say("Already asked.") : say("There is none.");
      this.#steps.push({ tried, answer, found: false });
    }
    return fresh;
  }

  async #record({ tried, address }: StepPlace, reach: () => Promise<Reached>): Promise<Reached | undefined> {
    const reached = await settled(reach());
    const where = address === undefined ? {} : { address };
    if (MeshError.is(reached)) {
      const refused = MeshError.is(reached, "unauthorized") ? { wantsCredentials: true } : {};
      this.#steps.push({ tried, answer: reached.words, found: false, ...where, ...refused });
      return undefined;
    }
    const { client, holdsIstio } = reached;
    const answer = holdsIstio
      ? say("{0} answers and holds series of Istio.", client.label)
      : say("{0} answers, but holds no series of Istio.", client.label);
    this.#steps.push({ tried, answer, found: holdsIstio, ...where });
    return reached;
  }

  #conclude(spare: PrometheusClient | undefined): void {
    this.#steps.push(
      spare
        ? {
            tried: say("The first that answered"),
            answer: say("{0} is used; its scrape configuration may leave the proxies out.", spare.label),
            found: true,
          }
        : {
            tried: say("A managed service, or a store outside the cluster"),
            answer: say(
              "It cannot be looked for: set its address as the Prometheus URL, and credentials if it wants some.",
            ),
            found: false,
          },
    );
  }

  #reach(place: Place, signal: AbortSignal): Promise<Reached> {
    if ("url" in place) return this.#reachAddress({ url: place.url }, signal);
    const { service, asks } = place;
    return asks === "clusterToken" ? this.#reachWithToken(service, signal) : this.#reachPlain(service, signal);
  }

  #reachPlain(service: StoreService, signal: AbortSignal): Promise<Reached> {
    const { headers = {} } = this.#settings;
    return reachStore(
      this.#route(service, plainTarget(headers)),
      this.#question(),
      Object.keys(headers).length > 0,
      signal,
    );
  }

  /** OpenShift's querier checks the user's own token, and its certificate is signed by the cluster's own authority. */
  async #reachWithToken(service: StoreService, signal: AbortSignal): Promise<Reached> {
    const { namespace, name } = service;
    const authority = await this.#cluster.get(configMapKind, namespace, "openshift-service-ca.crt", signal);
    const ca = textAt(fieldsAt(authority, "data"), "service-ca.crt") ?? "";
    const tls = { ca, servername: `${name}.${namespace}.svc` };
    const authorization = this.#clusterToken(service.label);
    return reachStore(this.#route(service, { headers: {}, authorization, tls }), this.#question(), true, signal);
  }

  /** A Service that the user named gets the credentials that the user gave. */
  async #reachNamed(address: InClusterAddress, signal: AbortSignal): Promise<Reached> {
    const service = await serviceAt(this.#cluster, address, signal);
    if (!service) {
      throw new MeshError(
        "not-found",
        say("There is no Service {0} in {1} with that port.", address.service, address.namespace),
      );
    }
    const { headers = {}, caFile, certFile } = this.#settings;
    const authorization = this.#authorization({ ...this.#settings, url: this.#settings.url ?? "" });
    const isGuarded = hasCredentials(this.#settings) || Object.keys(headers).length > 0;
    const checked = { ...this.#settings, servername: `${address.service}.${address.namespace}.svc` };
    const tls =
      caFile !== undefined || certFile !== undefined || hasCredentials(this.#settings) ? checked : plainTarget({}).tls;
    return reachStore(this.#route(service, { headers, authorization, tls }), this.#question(), isGuarded, signal);
  }

  async #reachAddress(settings: PrometheusSettings & { readonly url: string }, signal: AbortSignal): Promise<Reached> {
    const client = clientAt(settings, this.#options, this.#authorization(settings));
    try {
      return await tryStore(client, this.#question(), signal);
    } catch (e) {
      client.dispose();
      throw e;
    }
  }

  #authorization(settings: PrometheusSettings & { readonly url: string }): Authorization {
    if (settings.useClusterToken === true) return this.#clusterToken(settings.url);
    return authorizationOf(settings, this.#options.clock);
  }

  #clusterToken(label: string): Authorization {
    return borrowedAuthorization(async (signal) => {
      const token = await this.#cluster.token?.(signal);
      if (token !== undefined) return token;
      throw new MeshError("unauthorized", say("{0} wants a token, and this context signs in without one.", label));
    });
  }

  #route(service: StoreService, target: ForwardRoute["target"]): ForwardRoute {
    return { cluster: this.#cluster, service, target, clock: this.#options.clock };
  }

  #question(): Question {
    return { always: alwaysOf(this.#settings.queryLabels ?? {}), clock: this.#options.clock };
  }
}

/** What a promise gives, or the MeshError it fails with; anything else is thrown on. */
async function settled<T>(promise: Promise<T>): Promise<T | MeshError> {
  try {
    return await promise;
  } catch (e) {
    if (MeshError.is(e)) return e;
    throw e;
  }
}

interface StepPlace {
  readonly tried: Message;
  readonly address: string | undefined;
}

function stepAt({ tried }: Look, place: Place): StepPlace {
  if ("url" in place) return { tried, address: place.url };
  const { name, namespace, port } = place.service;
  return { tried, address: `${port.scheme}://${name}.${namespace}.svc:${port.number}` };
}

function keyOf(place: Place): string {
  if ("url" in place) return place.url;
  const { namespace, name, port } = place.service;
  return `${namespace}/${name}:${port.number}`;
}

function hasCredentials({ credentials, tokenCommand = [], useClusterToken }: PrometheusSettings): boolean {
  return credentials !== undefined || tokenCommand.length > 0 || useClusterToken === true;
}

function clientAt(
  settings: PrometheusSettings & { readonly url: string },
  options: PrometheusOptions,
  authorization: Authorization = authorizationOf(settings, options.clock),
): PrometheusClient {
  const { url } = readAddress(settings.url);
  const target = {
    url,
    label: url.href.replace(/\/$/, ""),
    headers: settings.headers ?? {},
    authorization,
    tls: settings,
  };
  return new PrometheusClient(new HttpTransport(target, options.clock));
}

function authorizationOf(settings: PrometheusSettings & { readonly url: string }, clock: Clock): Authorization {
  const { tokenCommand = [], credentials } = settings;
  if (credentials) return fixedAuthorization(credentials);
  if (tokenCommand.length > 0) return commandAuthorization(tokenCommand, clock);
  return fixedAuthorization(readAddress(settings.url).credentials);
}

/** Sources that see different series must not pass for one. */
function idOf(place: string, { queryLabels = {} }: PrometheusSettings): string {
  return Object.keys(queryLabels).length === 0 ? place : `${place} ${JSON.stringify(queryLabels)}`;
}
