import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { configKinds } from "../../../src/mesh/inventory/inventoryKinds.ts";
import type { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import type { RouteFacts } from "../../../src/mesh/inventory/trafficConfig.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { groupOf, type KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, fixture } from "./feeding.ts";

function kindOf({ apiVersion, kind }: KubeObject) {
  const found = configKinds.find((known) => known.group === groupOf(apiVersion) && known.kind === kind);
  assert.ok(found, `${apiVersion} ${kind}`);
  return found;
}

function fed(objects: readonly KubeObject[] = fixture("traffic-config")): ClusterInventory {
  const inventory = anInventory("uid-1", "demo-eu");
  for (const { id } of configKinds) {
    inventory.listing(id);
    inventory.upsert(
      id,
      objects.filter((object) => kindOf(object).id === id),
    );
    inventory.listed(id, []);
  }
  return inventory;
}

function route(kind: string, name: string, inventory = fed()): RouteFacts {
  const found = inventory.trafficConfig().routes.find(({ ref }) => ref.kind === kind && ref.name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
}

const flags = [
  "shiftsTraffic",
  "routesRequests",
  "injectsFaults",
  "mirrors",
  "setsTimeouts",
  "breaksCircuits",
] as const;

function does(facts: RouteFacts): readonly string[] {
  return flags.filter((flag) => facts[flag]);
}

describe("a VirtualService", () => {
  it("shifts traffic by weights and routes requests by headers", () => {
    const facts = route("VirtualService", "reviews");
    assert.deepEqual(does(facts), ["shiftsTraffic", "routesRequests"]);
    assert.deepEqual(facts.ref, {
      cluster: "uid-1",
      group: "networking.istio.io",
      kind: "VirtualService",
      namespace: "shop",
      name: "reviews",
    });
  });

  it("names its hosts in full, once, as its own namespace has them", () => {
    assert.deepEqual(route("VirtualService", "reviews").hosts, ["reviews.shop.svc.cluster.local"]);
    assert.deepEqual(route("VirtualService", "front").hosts, ["shop.example.com", "*.shop.example.com"]);
  });

  it("tells who sees it, with its own namespace by name, and nothing where everybody does", () => {
    assert.deepEqual(route("VirtualService", "reviews").exportTo, ["shop", "payments"]);
    assert.equal(route("VirtualService", "front").exportTo, undefined);
    assert.equal(route("VirtualService", "off").exportTo, undefined);
  });

  it("acts at its gateways, else in the mesh", () => {
    assert.deepEqual(route("VirtualService", "front").gateways, ["shop/shop", "istio-ingress/public", "mesh"]);
    assert.deepEqual(route("VirtualService", "reviews").gateways, ["mesh"]);
  });

  it("sets a timeout and sends on, and does not route where every request matches", () => {
    const facts = route("VirtualService", "front");
    assert.deepEqual(does(facts), ["setsTimeouts"]);
    assert.deepEqual(facts.destinations, ["front.web.svc.cluster.local"]);
  });

  it("injects faults and mirrors; a timeout of 0s is none, and the only destination is no split", () => {
    const facts = route("VirtualService", "ratings");
    assert.deepEqual(does(facts), ["injectsFaults", "mirrors"]);
    assert.deepEqual(facts.destinations, ["ratings.shop.svc.cluster.local"]);
  });

  it("does nothing with faults and mirrors of no request, and with a weight of 0", () => {
    assert.deepEqual(does(route("VirtualService", "off")), []);
  });

  it("shifts TCP, too; a match on the port is no routing", () => {
    assert.deepEqual(does(route("VirtualService", "database")), ["shiftsTraffic"]);
  });

  it("routes TLS by names that are not simply its own", () => {
    assert.deepEqual(does(route("VirtualService", "passthrough")), ["routesRequests"]);
    const objects = fixture("traffic-config").map((object) => structuredClone(object));
    const spec = objects.find(({ metadata }) => metadata.name === "passthrough")?.["spec"] as { tls: unknown[] };
    spec.tls.pop();
    assert.deepEqual(does(route("VirtualService", "passthrough", fed(objects))), []);
  });

  it("without hosts acts on those of the one that delegates to it, at its gateways", () => {
    const facts = route("VirtualService", "orders");
    assert.deepEqual(facts.hosts, ["api.example.com"]);
    assert.deepEqual(facts.gateways, ["istio-ingress/public"]);
    assert.deepEqual(facts.destinations, ["orders.shop.svc.cluster.local"]);
    assert.deepEqual(does(facts), ["setsTimeouts"]);
    assert.deepEqual(route("VirtualService", "orphan").hosts, []);
  });
});

describe("a DestinationRule", () => {
  it("breaks circuits where it says so for one port of one subset", () => {
    const facts = route("DestinationRule", "reviews");
    assert.deepEqual(does(facts), ["breaksCircuits"]);
    assert.deepEqual([facts.hosts, facts.exportTo], [["reviews.shop.svc.cluster.local"], ["shop"]]);
  });

  it("of TLS settings alone does nothing that is shown", () => {
    assert.deepEqual(does(route("DestinationRule", "plain")), []);
    assert.deepEqual(route("DestinationRule", "plain").hosts, ["*.example.com"]);
  });
});

describe("routes of the Gateway API", () => {
  it("act on the service that is their parent", () => {
    const facts = route("HTTPRoute", "models");
    assert.deepEqual(facts.hosts, ["models.data.svc.cluster.local"]);
    assert.deepEqual(facts.gateways, ["mesh"]);
    // A backend without a weight counts 1.
    assert.deepEqual(does(facts), ["shiftsTraffic", "mirrors", "setsTimeouts"]);
  });

  it("act on their host names at a gateway", () => {
    const facts = route("HTTPRoute", "web");
    assert.deepEqual([facts.hosts, facts.gateways], [["www.example.com"], ["istio-ingress/edge"]]);
    assert.deepEqual(facts.destinations, ["front.web.svc.cluster.local", "login.shop.svc.cluster.local"]);
    assert.deepEqual(does(facts), ["routesRequests"]);
  });

  it("away from the service's namespace act on their own namespace's calls only", () => {
    const facts = route("GRPCRoute", "features");
    assert.deepEqual(facts.hosts, ["features.data.svc.cluster.local"]);
    assert.deepEqual(facts.exportTo, ["ops"]);
    assert.deepEqual(does(facts), ["routesRequests"]);
    assert.equal(route("HTTPRoute", "models").exportTo, undefined);
  });
});

describe("policies", () => {
  it("of mutual TLS are told by mode, ports and whom they select", () => {
    const mtls = fed()
      .trafficConfig()
      .mtls.map(({ ref, ...rest }) => ({ in: ref.namespace, ...rest }));
    const chosen = mtls.map(({ in: at, selector, mode, portModes }) => ({ at, selector, mode, portModes }));
    assert.deepEqual(chosen, [
      { at: "istio-system", selector: undefined, mode: "STRICT", portModes: {} },
      { at: "shop", selector: { app: "front" }, mode: "UNSET", portModes: { 8080: "PERMISSIVE" } },
    ]);
  });

  it("of other kinds are told by whom they are for", () => {
    const others = fed().trafficConfig().others;
    const said = others.map(({ ref, selector, targets }) => [ref.kind, ref.name, selector, targets] as const);
    const target = { group: "", kind: "Service", namespace: "data", name: "models" };
    assert.deepEqual(
      new Map(said.map(([kind, name, ...rest]) => [`${kind} ${name}`, rest])),
      new Map<string, unknown>([
        ["AuthorizationPolicy charge", [{ app: "charge" }, []]],
        ["AuthorizationPolicy models", [undefined, [target]]],
        ["Sidecar default", [{ app: "cart" }, []]],
        ["Gateway shop", [{ istio: "ingressgateway" }, []]],
        ["Telemetry mesh-default", [undefined, []]],
      ]),
    );
  });
});

describe("the configuration of a cluster", () => {
  const reviews = fixture("traffic-config")[0] as KubeObject;

  it("is the same object until something that is shown changes", () => {
    const inventory = fed();
    const before = inventory.trafficConfig();
    inventory.upsert("virtualServices", [
      { ...reviews, metadata: { ...reviews.metadata, resourceVersion: "2", annotations: { note: "x" } } },
    ]);
    inventory.listing("virtualServices");
    inventory.upsert(
      "virtualServices",
      fixture("traffic-config").filter(({ kind }) => kind === "VirtualService"),
    );
    inventory.listed("virtualServices", []);
    assert.equal(inventory.trafficConfig(), before);
    inventory.upsert("virtualServices", [{ ...reviews, spec: { hosts: ["reviews"] } }]);
    const after = inventory.trafficConfig();
    assert.notEqual(after, before);
    assert.deepEqual(does(route("VirtualService", "reviews", inventory)), []);
    assert.equal(after.mtls[0], before.mtls[0]);
  });

  it("loses what is gone, and what a new list does not name", () => {
    const inventory = fed();
    inventory.gone("virtualServices", reviews);
    inventory.listing("destinationRules");
    inventory.listed("destinationRules", []);
    const { routes } = inventory.trafficConfig();
    assert.ok(!routes.some(({ ref }) => ref.kind === "DestinationRule" || ref.name === "reviews"));
  });

  it("names kinds that could not be read, once, and forgets it when they can", () => {
    const inventory = fed();
    const error = new MeshError("forbidden", say("no"));
    const unread = [
      { namespace: "a", error },
      { namespace: "b", error },
    ];
    inventory.listing("peerAuthentications");
    inventory.listed("peerAuthentications", unread);
    assert.deepEqual(inventory.trafficConfig().unread, ["PeerAuthentication in demo-eu"]);
    inventory.listing("peerAuthentications");
    inventory.listed("peerAuthentications", []);
    assert.deepEqual(inventory.trafficConfig().unread, []);
  });

  it("leaves what the lists show untouched", () => {
    const inventory = fed();
    inventory.takeTouched();
    inventory.upsert("virtualServices", [{ ...reviews, spec: {} }]);
    const { services, workloads, clusters } = inventory.takeTouched();
    assert.deepEqual([services.size, workloads.size, clusters.size], [0, 0, 0]);
  });

  it("takes objects with any field replaced, and leaves nothing behind when they go", () => {
    const objects = fixture("traffic-config");
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.boolean(), fc.constant([]), fc.constant({}));
    const value = fc.oneof(leaf, fc.array(leaf), fc.dictionary(fc.string(), leaf), fc.constant({ toString: 1 }));
    const property = fc.property(fc.nat(), fc.nat(), value, (which, where, replaced) => {
      const broken = structuredClone(objects[which % objects.length]) as KubeObject;
      const paths = pathsOf(broken["spec"], []);
      const path = paths[where % paths.length] ?? [];
      const holder = path.slice(0, -1).reduce<unknown>((part, key) => (part as Fields)[key], broken["spec"]) as Fields;
      holder[path.at(-1) ?? ""] = replaced;
      const inventory = fed([broken]);
      inventory.trafficConfig();
      inventory.gone(kindOf(broken).id, broken);
      assert.deepEqual(inventory.trafficConfig(), { routes: [], mtls: [], others: [], unread: [] });
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

type Fields = Record<string, unknown>;

function pathsOf(value: unknown, at: readonly string[]): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [[...at, key], ...pathsOf(part, [...at, key])]);
}
