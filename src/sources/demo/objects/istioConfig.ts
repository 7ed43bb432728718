import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import { faultConfig } from "./faultConfig.ts";
import type { World } from "../world/blueprint.ts";

// The Istio configuration that the demo's people applied. The sample workspace holds the same objects as YAML.

const networking = "networking.istio.io/v1";
const security = "security.istio.io/v1";

function object(
  kind: string,
  names: readonly [namespace: string, name: string],
  spec: object,
  apiVersion = networking,
): KubeObject {
  const [namespace, name] = names;
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

/** Configuration of one cluster, in the order a person would read it. */
export function istioConfig(world: World, cluster: string): readonly KubeObject[] {
  const shared = [...shopEntry(), ratingsRoute(cluster), ...defaults()];
  const own =
    cluster === "eu" ? [...shopConfig(), ...paymentsConfig(), ...operationsConfig(), ...dataConfig(world)] : [];
  const planted = world.fault && cluster === "eu" ? faultConfig(world.fault) : [];
  return [...shared, ...own, ...crowdConfig(world, cluster), ...planted];
}

function shopEntry(): KubeObject[] {
  return [
    object("Gateway", ["shop", "shop"], {
      selector: { istio: "ingressgateway" },
      servers: [{ port: { number: 80, name: "http", protocol: "HTTP" }, hosts: ["shop.example.com"] }],
    }),
    object("VirtualService", ["shop", "front"], {
      hosts: ["shop.example.com"],
      gateways: ["shop"],
      http: [{ name: "all", route: [{ destination: { host: "front", port: { number: 8080 } } }], timeout: "10s" }],
    }),
    object("Gateway", ["istio-ingress", "cross-network"], {
      selector: { istio: "eastwestgateway" },
      servers: [
        {
          port: { number: 15443, name: "tls", protocol: "TLS" },
          tls: { mode: "AUTO_PASSTHROUGH" },
          hosts: ["*.local"],
        },
      ],
    }),
    object("DestinationRule", ["shop", "ratings"], {
      host: "ratings",
      trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5, interval: "10s", baseEjectionTime: "30s" } },
      subsets: ["v1", "v2"].map((version) => ({ name: version, labels: { version } })),
    }),
  ];
}

// The new version runs in one cluster, where it gets copies.
function ratingsRoute(cluster: string): KubeObject {
  const route = [{ destination: { host: "ratings", subset: "v1" } }];
  const mirrors = [{ destination: { host: "ratings", subset: "v2" }, percentage: { value: 10 } }];
  const http = [{ route, ...(cluster === "eu" ? { mirrors } : {}) }];
  return object("VirtualService", ["shop", "ratings"], { hosts: ["ratings"], http });
}

function defaults(): KubeObject[] {
  return [
    object("PeerAuthentication", ["istio-system", "default"], { mtls: { mode: "STRICT" } }, security),
    object(
      "Telemetry",
      ["istio-system", "mesh-default"],
      { accessLogging: [{ providers: [{ name: "envoy" }] }] },
      "telemetry.istio.io/v1",
    ),
    // The prober outside the mesh may ask the front page without mTLS.
    object(
      "PeerAuthentication",
      ["shop", "front"],
      {
        selector: { matchLabels: { app: "front" } },
        mtls: { mode: "STRICT" },
        portLevelMtls: { 8080: { mode: "PERMISSIVE" } },
      },
      security,
    ),
  ];
}

function shopConfig(): KubeObject[] {
  return [
    object("VirtualService", ["shop", "reviews"], {
      hosts: ["reviews"],
      http: [
        {
          name: "testers",
          match: [{ headers: { "end-user": { exact: "tester" } } }],
          route: [{ destination: { host: "reviews", subset: "v3" } }],
        },
        {
          name: "everyone",
          route: [
            { destination: { host: "reviews", subset: "v1" }, weight: 60 },
            { destination: { host: "reviews", subset: "v2" }, weight: 30 },
            { destination: { host: "reviews", subset: "v3" }, weight: 10 },
          ],
          retries: { attempts: 2, perTryTimeout: "2s", retryOn: "connect-failure,refused-stream" },
        },
      ],
    }),
    object("DestinationRule", ["shop", "reviews"], {
      host: "reviews",
      subsets: ["v1", "v2", "v3"].map((version) => ({ name: version, labels: { version } })),
    }),
    object("VirtualService", ["shop", "search"], {
      hosts: ["search"],
      http: [
        {
          fault: { delay: { percentage: { value: 1 }, fixedDelay: "0.2s" } },
          route: [{ destination: { host: "search" } }],
          timeout: "3s",
        },
      ],
    }),
    object("DestinationRule", ["shop", "orders-db"], {
      host: "orders-db",
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 100, connectTimeout: "1s" } } },
    }),
    object("Sidecar", ["shop", "default"], {
      egress: [{ hosts: ["./*", "istio-system/*", "payments/*", "data/*", "ops/*"] }],
    }),
  ];
}

function paymentsConfig(): KubeObject[] {
  return [
    object("ServiceEntry", ["payments", "bank"], {
      hosts: ["api.bank.example"],
      ports: [{ number: 443, name: "tls", protocol: "TLS" }],
      resolution: "DNS",
      location: "MESH_EXTERNAL",
    }),
    object(
      "AuthorizationPolicy",
      ["payments", "charge"],
      {
        selector: { matchLabels: { app: "charge" } },
        action: "ALLOW",
        rules: [
          { from: [{ source: { principals: ["cluster.local/ns/shop/sa/orders", "cluster.local/ns/shop/sa/cart"] } }] },
        ],
      },
      security,
    ),
  ];
}

function operationsConfig(): KubeObject[] {
  return [
    object("Sidecar", ["ops", "batch"], {
      workloadSelector: { labels: { app: "batch" } },
      outboundTrafficPolicy: { mode: "REGISTRY_ONLY" },
    }),
  ];
}

function dataConfig(world: World): KubeObject[] {
  const inAmbient = new Set(
    world.workloads.filter((plan) => plan.plane === "waypoint" && plan.cluster === "eu").map((plan) => plan.namespace),
  );
  return [...inAmbient].map((namespace) =>
    object(
      "Gateway",
      [namespace, "waypoint"],
      { gatewayClassName: "istio-waypoint", listeners: [{ name: "mesh", port: 15008, protocol: "HBONE" }] },
      "gateway.networking.k8s.io/v1",
    ),
  );
}

// Services with two versions shift their traffic with a VirtualService, everywhere.
function crowdConfig(world: World, cluster: string): KubeObject[] {
  const versions = new Map<string, { namespace: string; app: string; names: string[] }>();
  for (const plan of world.workloads) {
    if (plan.cluster !== cluster || !plan.namespace.startsWith("team-") || plan.version === undefined) continue;
    const id = `${plan.namespace}/${plan.app}`;
    const there = versions.get(id) ?? { namespace: plan.namespace, app: plan.app, names: [] };
    there.names.push(plan.version);
    versions.set(id, there);
  }
  return [...versions.values()].flatMap(({ namespace, app, names }) => {
    if (names.length < 2) return [];
    const weights = [90, 10];
    const route = names.map((subset, i) => ({ destination: { host: app, subset }, weight: weights[i] ?? 0 }));
    return [
      object("VirtualService", [namespace, app], { hosts: [app], http: [{ route }] }),
      object("DestinationRule", [namespace, app], {
        host: app,
        subsets: names.map((version) => ({ name: version, labels: { version } })),
      }),
    ];
  });
}
