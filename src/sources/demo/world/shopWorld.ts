import type { NamespacePlan } from "./blueprint.ts";
import { addCall, addService, addWorkload, grpc, http, tcp, type Draft } from "./draft.ts";

// The part of the world that is the same at every size: a shop with its payments, data and operations.

/** Indexes of the demands that drive the world. */
export const demand = { storefrontEu: 0, storefrontUs: 1, batch: 2, outside: 3 } as const;
export const demandCount = 4;

export function shopNamespaces(cluster: "eu" | "us"): readonly NamespacePlan[] {
  const namespaces: NamespacePlan[] = [
    { name: "shop", labels: { "istio-injection": "enabled" } },
    { name: "payments", labels: { "istio.io/rev": "canary" } },
    { name: "ops", labels: {} },
  ];
  if (cluster === "eu") {
    const labels = { "istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": "waypoint" };
    namespaces.push({ name: "data", labels });
  }
  return namespaces;
}

export function drawShop(draft: Draft, clusters: readonly string[]): void {
  for (const cluster of clusters) drawShared(draft, cluster);
  drawReviews(draft);
  drawOrders(draft);
  drawPayments(draft);
  drawData(draft);
  drawOperations(draft);
  drawUndeclared(draft);
  for (const cluster of clusters) drawGateways(draft, cluster);
  drawCalls(draft);
  if (clusters.includes("us")) drawUsCalls(draft);
}

function drawShared(draft: Draft, cluster: string): void {
  const shop = { cluster, namespace: "shop", plane: "sidecar" } as const;
  const replicas = cluster === "eu" ? 3 : 2;
  addWorkload(draft, {
    ...shop,
    name: "front-v1",
    app: "front",
    version: "v1",
    replicas,
    notFoundShare: 0.02,
    medianMillis: 34,
  });
  addService(draft, { ...shop, name: "front", ports: [http(8080)] });
  addWorkload(draft, {
    ...shop,
    name: "ratings-v1",
    app: "ratings",
    version: "v1",
    replicas: 2,
    medianMillis: 7,
    ports: [http(9080)],
  });
  addService(draft, { ...shop, name: "ratings", ports: [http(9080)] });
  // Gets copies of requests only, until it has proven itself.
  if (cluster === "eu") {
    const next = { ...shop, app: "ratings", version: "v2", medianMillis: 9, ports: [http(9080)] };
    addWorkload(draft, { ...next, name: "ratings-v2" });
  }
  addWorkload(draft, { ...shop, name: "cart", version: "v1", replicas: 2, medianMillis: 9, ports: [grpc(50051)] });
  addService(draft, { ...shop, name: "cart", ports: [grpc(50051)] });
  const payments = { cluster, namespace: "payments", plane: "sidecar" } as const;
  const charges = cluster === "eu" ? 6 : 2;
  addWorkload(draft, {
    ...payments,
    name: "charge",
    version: "v3",
    replicas: charges,
    medianMillis: 120,
  });
  addService(draft, { ...payments, name: "charge", ports: [http(8080)] });
}

function drawReviews(draft: Draft): void {
  const reviews = { cluster: "eu", namespace: "shop", plane: "sidecar", app: "reviews", ports: [http(9080)] } as const;
  addWorkload(draft, {
    ...reviews,
    name: "reviews-v1",
    version: "v1",
    replicas: 3,
    medianMillis: 22,
    failingShare: 0.008,
  });
  addWorkload(draft, {
    ...reviews,
    name: "reviews-v2",
    version: "v2",
    replicas: 3,
    medianMillis: 31,
    failingShare: 0.004,
    sickness: { pod: 1, failingShare: [0.68, 0.86] },
  });
  addWorkload(draft, { ...reviews, name: "reviews-v3", version: "v3", medianMillis: 28 });
  addService(draft, { ...reviews, name: "reviews" });
}

function drawOrders(draft: Draft): void {
  const shop = { cluster: "eu", namespace: "shop" } as const;
  const ports = [http(8080), tcp(7070, "tcp-events")];
  addWorkload(draft, {
    ...shop,
    name: "orders",
    version: "v1",
    plane: "sidecar",
    replicas: 2,
    medianMillis: 45,
    ports,
  });
  addService(draft, { ...shop, name: "orders", ports });
  const postgres = [tcp(5432, "tcp-postgres")];
  addWorkload(draft, {
    ...shop,
    name: "orders-db",
    kind: "StatefulSet",
    plane: "sidecar",
    replicas: 2,
    ports: postgres,
    image: "docker.io/library/postgres:17.2",
  });
  addService(draft, { ...shop, name: "orders-db", ports: postgres, isHeadless: true });
  addWorkload(draft, {
    ...shop,
    name: "search",
    kind: "Rollout",
    version: "v1",
    plane: "sidecar",
    replicas: 2,
    medianMillis: 64,
  });
  addService(draft, { ...shop, name: "search", ports: [http(8080)] });
  addWorkload(draft, { ...shop, name: "legacy", plane: "none", image: "registry.example/shop/legacy:2014.2" });
  addService(draft, { ...shop, name: "legacy", ports: [{ name: "web", port: 80, protocol: "http" }] });
  addWorkload(draft, { ...shop, name: "banner", version: "v1", plane: "sidecar", replicas: 2 });
  addService(draft, { ...shop, name: "banner", ports: [http(8080)] });
  // Switched off for the season.
  addWorkload(draft, { ...shop, name: "wishlist", version: "v1", plane: "sidecar", replicas: 0 });
  addService(draft, { ...shop, name: "wishlist", ports: [http(8080)] });
}

function drawPayments(draft: Draft): void {
  const payments = { cluster: "eu", namespace: "payments", plane: "sidecar" } as const;
  addWorkload(draft, {
    ...payments,
    name: "fraud",
    version: "v1",
    replicas: 2,
    medianMillis: 18,
    ports: [grpc(50051)],
  });
  addService(draft, { ...payments, name: "fraud", ports: [grpc(50051)] });
  // Never restarted since the upgrade: these are the proxies that still run the old revision.
  addWorkload(draft, {
    ...payments,
    name: "ledger",
    version: "v1",
    replicas: 3,
    revision: "1-27",
    medianMillis: 14,
    ports: [grpc(50052)],
  });
  addService(draft, { ...payments, name: "ledger", ports: [grpc(50052)] });
  const mysql = [tcp(3306, "tcp-mysql")];
  addWorkload(draft, {
    ...payments,
    name: "ledger-db",
    kind: "StatefulSet",
    replicas: 1,
    ports: mysql,
    image: "docker.io/library/mysql:8.4.3",
  });
  addService(draft, { ...payments, name: "ledger-db", ports: mysql, isHeadless: true });
  draft.externals.push({ namespace: "payments", host: "api.bank.example", port: tcp(443, "tls"), medianMillis: 140 });
}

function drawData(draft: Draft): void {
  const data = { cluster: "eu", namespace: "data", plane: "ambient" } as const;
  // No waypoint: requests of sidecars are seen by the sidecar, and by ztunnel as bytes.
  addWorkload(draft, { ...data, name: "recommend", version: "v1", replicas: 2, medianMillis: 26 });
  addService(draft, { ...data, name: "recommend", ports: [http(8080)] });
  addWorkload(draft, { ...data, name: "features", version: "v1", replicas: 2, medianMillis: 6, ports: [grpc(50051)] });
  addService(draft, { ...data, name: "features", ports: [grpc(50051)], waypoint: "waypoint" });
  addWorkload(draft, { ...data, name: "models", version: "v2", medianMillis: 11 });
  addService(draft, { ...data, name: "models", ports: [http(8080)], waypoint: "waypoint" });
  const kafka = [tcp(9092, "tcp-kafka")];
  addWorkload(draft, {
    ...data,
    name: "events",
    kind: "StatefulSet",
    replicas: 3,
    ports: kafka,
    image: "docker.io/apache/kafka:3.9.0",
  });
  addService(draft, { ...data, name: "events", ports: kafka, isHeadless: true });
  addWorkload(draft, {
    ...data,
    name: "waypoint",
    app: "waypoint",
    plane: "waypoint",
    replicas: 2,
    ports: [],
    image: "docker.io/istio/proxyv2:1.29.2",
  });
}

function drawOperations(draft: Draft): void {
  const ops = { cluster: "eu", namespace: "ops" } as const;
  addWorkload(draft, { ...ops, name: "batch", version: "v1", plane: "sidecar", replicas: 2 });
  addWorkload(draft, { ...ops, name: "probe", plane: "none", image: "registry.example/ops/probe:3.1" });
  addWorkload(draft, { ...ops, name: "reports", plane: "none", medianMillis: 210 });
  addService(draft, { ...ops, name: "reports", ports: [http(8080)] });
  addWorkload(draft, { ...ops, name: "status-page", plane: "none" });
  addService(draft, { ...ops, name: "status-page", ports: [http(80)] });
  addWorkload(draft, {
    ...ops,
    name: "log-agent",
    kind: "DaemonSet",
    plane: "none",
    replicas: 0,
    ports: [],
    image: "docker.io/fluent/fluent-bit:3.2.4",
  });
  addWorkload(draft, {
    ...ops,
    name: "nightly-report",
    kind: "CronJob",
    plane: "none",
    ports: [],
    schedule: "*/5 * * * *",
    image: "registry.example/ops/report:5",
  });
}

/** Hosts that nobody declared: most of the mesh may ask them, the batch jobs may not. */
function drawUndeclared(draft: Draft): void {
  const port = http(443);
  const hidden = { namespace: "unknown", port };
  const passthrough = { ...hidden, host: "PassthroughCluster", requestedHost: "spelling.example", medianMillis: 80 };
  const blackHole = { ...hidden, host: "BlackHoleCluster", requestedHost: "updates.example", medianMillis: 0.4 };
  draft.externals.push(passthrough, { ...blackHole, code: 502 });
}

function drawGateways(draft: Draft, cluster: string): void {
  const image = "docker.io/istio/proxyv2:1.29.2";
  const gateway = { cluster, namespace: "istio-ingress", plane: "gateway", image } as const;
  const web = [http(80), { name: "https", port: 443, protocol: "http" } as const];
  addWorkload(draft, { ...gateway, name: "istio-ingressgateway", replicas: 2, ports: web });
  addService(draft, { ...gateway, name: "istio-ingressgateway", ports: web });
  const tls = [{ name: "tls", port: 15443, protocol: "tcp" } as const];
  addWorkload(draft, { ...gateway, name: "istio-eastwestgateway", replicas: 1, ports: tls });
  addService(draft, { ...gateway, name: "istio-eastwestgateway", ports: tls });
}

function drawCalls(draft: Draft): void {
  const eu = (from: string, to: string, more = {}) => addCall(draft, "eu", [from, to], more);
  const storefront = { index: demand.storefrontEu, perSecond: 24 };
  eu("istio-ingress/istio-ingressgateway", "shop/front:8080", { demand: storefront, responseBytes: 18_000 });
  eu("ops/probe", "shop/front:8080", { demand: { index: demand.outside, perSecond: 0.2 }, responseBytes: 900 });
  eu("shop/front-v1", "shop/reviews:9080", { perRequest: 0.45 });
  eu("ops/batch", "shop/reviews:9080", { demand: { index: demand.batch, perSecond: 1.4 } });
  for (const version of ["v2", "v3"])
    eu(`shop/reviews-${version}`, "shop/ratings:9080", { perRequest: 0.9, responseBytes: 300 });
  eu("shop/front-v1", "shop/ratings:9080", { perRequest: 0.8, responseBytes: 300 });
  eu("shop/front-v1", "shop/cart:50051", { perRequest: 0.6, requestBytes: 210, responseBytes: 480 });
  eu("shop/front-v1", "shop/search:8080", { perRequest: 0.3, responseBytes: 9000 });
  eu("shop/front-v1", "data/recommend:8080", { perRequest: 0.35, responseBytes: 5200 });
  eu("shop/front-v1", "shop/orders:8080", { perRequest: 0.15 });
  eu("shop/orders", "shop/orders-db:5432", { perRequest: 4, requestBytes: 110, responseBytes: 62 });
  eu("shop/front-v1", "shop/orders:7070", { perRequest: 0.05, requestBytes: 280, responseBytes: 24 });
  eu("shop/search", "unknown/PassthroughCluster:443", { perRequest: 0.2 });
  eu("ops/batch", "unknown/BlackHoleCluster:443", { demand: { index: demand.batch, perSecond: 0.05 } });
  eu("shop/cart", "shop/orders:7070", { perRequest: 0.4, requestBytes: 340, responseBytes: 24 });
  eu("shop/orders", "payments/charge:8080", { perRequest: 0.8, responseBytes: 700 });
  eu("shop/orders", "ops/reports:8080", { perRequest: 0.05, responseBytes: 12_000 });
  eu("payments/charge", "payments/fraud:50051", { requestBytes: 900, responseBytes: 120 });
  eu("payments/charge", "payments/ledger:50052", { perRequest: 2, requestBytes: 420, responseBytes: 90 });
  eu("payments/charge", "payments/api.bank.example:443", { perRequest: 0.9, requestBytes: 2100, responseBytes: 1500 });
  eu("payments/ledger", "payments/ledger-db:3306", { perRequest: 3, requestBytes: 160, responseBytes: 210 });
  eu("data/recommend", "data/features:50051", { perRequest: 2, requestBytes: 300, responseBytes: 1600 });
  eu("data/recommend", "data/models:8080", { perRequest: 0.5, responseBytes: 7200 });
  eu("data/features", "data/events:9092", { perRequest: 0.5, requestBytes: 760, responseBytes: 40 });
}

function drawUsCalls(draft: Draft): void {
  const us = (from: string, to: string, more = {}) => addCall(draft, "us", [from, to], more);
  const storefront = { index: demand.storefrontUs, perSecond: 15 };
  us("istio-ingress/istio-ingressgateway", "shop/front:8080", { demand: storefront, responseBytes: 18_000 });
  us("shop/front-v1", "shop/ratings:9080", { perRequest: 0.9, responseBytes: 300 });
  us("shop/front-v1", "shop/cart:50051", { perRequest: 0.5, requestBytes: 210, responseBytes: 480 });
  us("shop/cart", "payments/charge:8080", { perRequest: 0.1, responseBytes: 700 });
}
