import type { ClusterKey } from "../../model/refs.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import type { Unread } from "../../ports.ts";
import { readDestinationRule } from "../facts/destinationRuleFacts.ts";
import { readGatewayRoute } from "../facts/gatewayRouteFacts.ts";
import { distinct } from "../facts/hostNames.ts";
import type { LabelPool } from "../facts/labelPool.ts";
import {
  readPeerAuthentication,
  readPolicy,
  type PeerAuthenticationFacts,
  type PolicyFacts,
} from "../facts/policyFacts.ts";
import { readVirtualService, type VirtualServiceFacts } from "../facts/virtualServiceFacts.ts";
import { configKinds, type ConfigKindId } from "../inventoryKinds.ts";
import { createIntake, type Intake } from "../kindIntake.ts";
import { KindStore } from "../kindStore.ts";
import type { MtlsFacts, OtherConfigFacts, RouteFacts, TrafficConfig } from "../trafficConfig.ts";
import { withDelegates } from "./delegates.ts";

type RouteKind = Extract<ConfigKindId, "virtualServices" | "destinationRules" | `${string}Routes`>;
type OtherKind = Exclude<ConfigKindId, RouteKind | "peerAuthentications">;

const selectorOf: Readonly<Record<OtherKind, Parameters<typeof readPolicy>[1]>> = {
  authorizationPolicies: "matchLabels",
  requestAuthentications: "matchLabels",
  telemetries: "matchLabels",
  wasmPlugins: "matchLabels",
  sidecars: "workloadSelector",
  envoyFilters: "workloadSelector",
  istioGateways: "plain",
};

const readRoute: Readonly<Record<RouteKind, (object: KubeObject) => VirtualServiceFacts>> = {
  virtualServices: readVirtualService,
  destinationRules: readDestinationRule,
  httpRoutes: readGatewayRoute,
  grpcRoutes: readGatewayRoute,
  tcpRoutes: readGatewayRoute,
  tlsRoutes: readGatewayRoute,
};

const servers = new Map(configKinds.map(({ id, group, kind }) => [id, { group, kind }]));

/** The configuration of one cluster that acts on traffic, as far as somebody wanted it read. */
export class ConfigFeed {
  readonly #cluster: { readonly key: ClusterKey; readonly context: string };
  readonly #stores = new Map<string, KindStore<unknown>>();
  readonly #intakes: ReadonlyMap<string, Intake>;
  readonly #routes = new Map<RouteKind, Map<string, RouteFacts & VirtualServiceFacts>>();
  readonly #mtls = new Map<string, MtlsFacts>();
  readonly #others = new Map<OtherKind, Map<string, OtherConfigFacts>>();
  #answer: TrafficConfig | undefined;

  constructor(cluster: { readonly key: ClusterKey; readonly context: string }, pool: LabelPool) {
    this.#cluster = cluster;
    this.#intakes = new Map<string, Intake>([
      ...(Object.keys(readRoute) as RouteKind[]).map((id): [string, Intake] => [id, this.#routeIntake(id)]),
      ...(Object.keys(selectorOf) as OtherKind[]).map((id): [string, Intake] => [id, this.#otherIntake(id, pool)]),
      ["peerAuthentications", this.#mtlsIntake(pool)],
    ]);
  }

  /** Whether a kind is one of these. */
  has(kindId: string): boolean {
    return this.#intakes.has(kindId);
  }

  listing(kindId: string): void {
    this.#intakes.get(kindId)?.begin();
  }

  upsert(kindId: string, objects: readonly KubeObject[]): void {
    for (const object of objects) this.#intakes.get(kindId)?.upsert(object);
  }

  gone(kindId: string, object: KubeObject): void {
    this.#intakes.get(kindId)?.remove(object);
  }

  listed(kindId: string, unread: readonly Unread[]): void {
    const before = this.#unread();
    this.#intakes.get(kindId)?.finish(unread);
    if (this.#unread().join("\n") !== before.join("\n")) this.#answer = undefined;
  }

  /** The same object until something changes. */
  answer(): TrafficConfig {
    this.#answer ??= {
      routes: withDelegates([...this.#routes.values()].flatMap((routes) => [...routes.values()])),
      mtls: [...this.#mtls.values()],
      others: [...this.#others.values()].flatMap((others) => [...others.values()]),
      unread: this.#unread(),
    };
    return this.#answer;
  }

  #unread(): readonly string[] {
    return distinct(
      configKinds.flatMap(({ id, kind }) => {
        const isUnread = (this.#stores.get(id)?.unread.length ?? 0) > 0;
        return isUnread ? [`${kind} in ${this.#cluster.context}`] : [];
      }),
    );
  }

  #routeIntake(id: RouteKind): Intake {
    const kept = new Map<string, RouteFacts & VirtualServiceFacts>();
    this.#routes.set(id, kept);
    return this.#intake<VirtualServiceFacts>(id, readRoute[id], (key, facts) => {
      if (facts === undefined) kept.delete(key);
      else kept.set(key, { ref: this.#refOf(id, facts), ...facts });
    });
  }

  #mtlsIntake(pool: LabelPool): Intake {
    const read = (object: KubeObject) => readPeerAuthentication(object, pool);
    return this.#intake<PeerAuthenticationFacts>("peerAuthentications", read, (key, facts) => {
      if (facts === undefined) this.#mtls.delete(key);
      else this.#mtls.set(key, { ref: this.#refOf("peerAuthentications", facts), ...facts });
    });
  }

  #otherIntake(id: OtherKind, pool: LabelPool): Intake {
    const kept = new Map<string, OtherConfigFacts>();
    this.#others.set(id, kept);
    const read = (object: KubeObject) => readPolicy(object, selectorOf[id], pool);
    return this.#intake<PolicyFacts>(id, read, (key, facts) => {
      if (facts === undefined) kept.delete(key);
      else kept.set(key, { ref: this.#refOf(id, facts), ...facts });
    });
  }

  #intake<Facts>(
    id: ConfigKindId,
    read: (object: KubeObject) => Facts,
    keep: (key: string, facts: Facts | undefined) => void,
  ): Intake {
    const store = new KindStore<Facts>();
    this.#stores.set(id, store);
    return createIntake({
      store,
      read,
      changed: (key, _before, after) => {
        this.#answer = undefined;
        keep(key, after);
      },
    });
  }

  #refOf(id: ConfigKindId, { namespace, name }: { readonly namespace: string; readonly name: string }) {
    const { group, kind } = servers.get(id) ?? { group: "", kind: "" };
    return { cluster: this.#cluster.key, group, kind, namespace, name };
  }
}
