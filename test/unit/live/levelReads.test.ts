import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { ObjectRef } from "../../../src/mesh/model/refs.ts";
import { aLiveWorld, aShop, meshKinds } from "./liveWorld.ts";
import { settled } from "./manualClock.ts";
import { aPod } from "./objects.ts";
import { aKind, forbidden, type RecordedCluster } from "./recordedCluster.ts";

const cluster = "uid-of-prod";
const kinds = [
  ...meshKinds,
  aKind("v1", "Event"),
  aKind("v1", "Node", false),
  aKind("metrics.k8s.io/v1beta1", "PodMetrics"),
  aKind("metrics.k8s.io/v1beta1", "NodeMetrics", false),
];
const cart: ObjectRef = { cluster, group: "", kind: "Pod", namespace: "shop", name: "cart-1" };
const nameOf = ({ metadata }: KubeObject) => metadata.name;

async function aConnected(source: RecordedCluster = aShop("prod", kinds), namespaces?: readonly string[]) {
  const world = aLiveWorld({ clusters: [source], ...(namespaces && { namespaces }) });
  world.live.watch();
  await world.clock.advance(1000);
  assert.equal(world.live.clusters[0]?.state, "ready");
  return { ...world, source, reads: world.live.drilldown().reads };
}

function anEvent(name: string, of: Pick<ObjectRef, "kind" | "namespace" | "name">, body: object = {}): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name, namespace: of.namespace === "" ? "default" : of.namespace },
    involvedObject: { kind: of.kind, namespace: of.namespace, name: of.name },
    ...body,
  };
}

function aPodMetrics(namespace: string, name: string): KubeObject {
  return {
    apiVersion: "metrics.k8s.io/v1beta1",
    kind: "PodMetrics",
    metadata: { name, namespace },
    timestamp: "2025-12-31T23:59:00Z",
    containers: [{ name: "app", usage: { cpu: "250m", memory: "1Mi" } }],
  };
}

function aPodOn(node: string, namespace: string, name: string): KubeObject {
  return { apiVersion: "v1", kind: "Pod", metadata: { name, namespace }, spec: { nodeName: node } };
}

/** From now on the cluster's gets and lists do not end but by their signal. */
function hang(source: RecordedCluster): void {
  const silent = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as sources do
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  source.get = (_kind, _namespace, _name, signal) => silent(signal);
}

describe("the reads of a level from a context that leads to another cluster by now", () => {
  const asked = {
    object: (reads, signal) => reads.object({ ...cart, kind: "Service", name: "reviews" }, signal),
    objects: (reads, signal) => reads.objects(cluster, { group: "", kind: "Service" }, "shop", signal),
    events: (reads, signal) => reads.events(cart, signal),
    "a namespace's metrics": (reads, signal) => reads.podMetrics(cluster, "shop", signal),
    "pods of a node": (reads, signal) => reads.podsOfNode(cluster, "node-a", signal),
    "a right": (reads, signal) => reads.mayI(cluster, { verb: "get", group: "", resource: "pods" }, signal),
  } satisfies Record<
    string,
    (reads: Awaited<ReturnType<typeof aConnected>>["reads"], signal: AbortSignal) => Promise<unknown>
  >;
  for (const [what, ask] of Object.entries(asked)) {
    it(`answer nothing of it: ${what}`, async () => {
      const { reads, source, never } = await aConnected();
      await ask(reads, never);
      source.answer = { key: "another-uid", version: "v1.36.0" };
      await assert.rejects(ask(reads, never), /leads to another cluster than before/);
    });
  }

  it("say that and not that a thing is gone", async () => {
    const { reads, source, never } = await aConnected();
    source.answer = { key: "another-uid", version: "v1.36.0" };
    await assert.rejects(reads.object(cart, never), /leads to another cluster than before/);
  });

  it("give no line of a log", async () => {
    const { reads, source, never } = await aConnected();
    source.logLines = async function* () {
      yield await Promise.resolve("a line of the other one");
    };
    source.answer = { key: "another-uid", version: "v1.36.0" };
    const lines: string[] = [];
    const reading = async () => {
      for await (const line of reads.logs(cluster, { namespace: "shop", pod: "cart-1", container: "app" }, never)) {
        lines.push(line);
      }
    };
    await assert.rejects(reading(), /leads to another cluster than before/);
    assert.deepEqual(lines, []);
  });

  it("give no further line of a log that is followed", async () => {
    const { reads, source, never, live } = await aConnected();
    source.logLines = async function* () {
      yield await Promise.resolve("its own");
      source.answer = { key: "another-uid", version: "v1.36.0" };
      await live.refresh(never);
      yield "of the other one";
    };
    const query = { namespace: "shop", pod: "cart-1", container: "app", follow: true };
    const lines = reads.logs(cluster, query, never)[Symbol.asyncIterator]();
    assert.deepEqual(await lines.next(), { value: "its own", done: false });
    await assert.rejects(lines.next(), /leads to another cluster than before/);
  });

  it("answer nothing of a cluster that is not connected", async () => {
    const { reads, never } = await aConnected();
    await assert.rejects(reads.podsOfNode("nobody", "node-a", never), { kind: "unreachable" });
  });
});

describe("the reads of a level, where answers prove which cluster gave them", () => {
  const identities = ({ calls }: RecordedCluster) => calls.filter((call) => call === "identity").length;

  it("ask nobody else who answered", async () => {
    const { reads, source, never } = await aConnected();
    source.tellItself();
    const before = identities(source);
    for (let i = 0; i < 5; i++) {
      await reads.events(cart, never);
      await reads.podsOfNode(cluster, "node-a", never);
    }
    assert.equal(identities(source), before);
  });

  it("do not answer from another cluster that took the place between two of them", async () => {
    const { reads, source, never, live } = await aConnected();
    source.tellItself();
    assert.ok((await reads.podsOfNode(cluster, "node-a", never)).pods.length > 0);
    source.answer = { key: "another-uid", version: "v1.36.0" };
    await assert.rejects(reads.podsOfNode(cluster, "node-a", never), /leads to another cluster than before/);
    assert.equal(live.clusters[0]?.state, "otherCluster");
  });

  it("ask who answered where an answer does not prove it, and take it then", async () => {
    const { reads, source, never } = await aConnected();
    let unproven = 0;
    source.unproven = () => unproven++;
    const before = identities(source);
    assert.ok((await reads.podsOfNode(cluster, "node-a", never)).pods.length > 0);
    assert.equal(identities(source), before + 1);
  });

  it("do not say that a thing is gone that another cluster does not have", async () => {
    const { reads, source, never } = await aConnected();
    source.tellItself();
    source.answer = { key: "another-uid", version: "v1.36.0" };
    await assert.rejects(reads.object(cart, never), /leads to another cluster than before/);
  });

  it("ask before each log, whose lines prove nothing", async () => {
    const { reads, source, never } = await aConnected();
    source.tellItself();
    source.logLines = async function* () {
      yield await Promise.resolve("a line");
    };
    const before = identities(source);
    const query = { namespace: "shop", pod: "cart-1", container: "app" };
    for await (const line of reads.logs(cluster, query, never)) assert.equal(line, "a line");
    assert.equal(identities(source), before + 1);
  });
});

describe("the reads of a level", () => {
  it("give all objects of a kind in a namespace and none of others, Secrets without their values", async () => {
    const { reads, source, never } = await aConnected();
    const secret = (namespace: string): KubeObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `of-${namespace}`, namespace },
      data: { token: "aHVudGVyMg==" },
    });
    source.put(secret("shop"), secret("pay"));
    const found = await reads.objects(cluster, { group: "", kind: "Secret" }, "shop", never);
    assert.deepEqual(found.map(nameOf), ["of-shop"]);
    assert.deepEqual(found[0]?.["data"], { token: "(hidden)" });
  });

  it("say not found of a kind that the server does not have", async () => {
    const { reads, never } = await aConnected();
    const kind = { group: "autoscaling", kind: "HorizontalPodAutoscaler" };
    await assert.rejects(reads.objects(cluster, kind, "shop", never), { kind: "not-found" });
  });

  it("end after 20 seconds with words of their own", async () => {
    const { reads, source, never, clock } = await aConnected();
    hang(source);
    const reading = reads.object(cart, never);
    const ended = assert.rejects(reading, (e) => MeshError.is(e, "timeout") && /20 seconds/.test(e.message));
    await clock.advance(20_000);
    await ended;
  });

  it("end by the signal, with its own reason", async () => {
    const { reads, source } = await aConnected();
    hang(source);
    const stop = new AbortController();
    const reading = reads.object(cart, stop.signal);
    const ended = assert.rejects(reading, (e) => e === stop.signal.reason);
    await settled();
    stop.abort(new DOMException("enough", "AbortError"));
    await ended;
  });

  it("ask nothing where the signal has ended before", async () => {
    const { reads, source } = await aConnected();
    const before = source.calls.length;
    await assert.rejects(reads.events(cart, AbortSignal.abort()), { name: "AbortError" });
    assert.equal(source.calls.length, before);
  });
});

describe("events of an object", () => {
  it("are its own, newest first, by whichever field tells the time", async () => {
    const { reads, source, never } = await aConnected();
    source.put(
      anEvent("first", cart, { firstTimestamp: "2026-01-01T00:00:00Z" }),
      anEvent("series", cart, {
        eventTime: "2026-01-01T00:00:00.000000Z",
        series: { lastObservedTime: "2026-01-01T00:00:04.000000Z" },
      }),
      anEvent("last", cart, { firstTimestamp: "2025-12-01T00:00:00Z", lastTimestamp: "2026-01-01T00:00:03Z" }),
      anEvent("event", cart, { lastTimestamp: null, eventTime: "2026-01-01T00:00:02.500000Z" }),
      anEvent("undated", cart),
      anEvent("of another pod", { ...cart, name: "cart-10" }, { lastTimestamp: "2026-01-01T00:00:09Z" }),
      anEvent("of another kind", { ...cart, kind: "Deployment" }),
      anEvent("of another namespace", { ...cart, namespace: "pay" }),
    );
    assert.deepEqual((await reads.events(cart, never)).map(nameOf), ["series", "last", "event", "first", "undated"]);
  });

  it("are at most 100, the newest", async () => {
    const { reads, source, never } = await aConnected();
    const at = (i: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, i)).toISOString();
    source.put(...Array.from({ length: 130 }, (_, i) => anEvent(`e${i}`, cart, { lastTimestamp: at(i) })));
    const names = (await reads.events(cart, never)).map(nameOf);
    assert.equal(names.length, 100);
    assert.deepEqual([names[0], names.at(-1)], ["e129", "e30"]);
  });

  it("are looked for in the namespace default where the object is in none", async () => {
    const { reads, source, never } = await aConnected();
    const node = { ...cart, kind: "Node", namespace: "", name: "node-a" };
    source.put(anEvent("pressure", node));
    assert.deepEqual((await reads.events(node, never)).map(nameOf), ["pressure"]);
  });

  it("are those of a name that holds characters of selectors, and of no other", async () => {
    const { reads, source, never } = await aConnected();
    const odd = { ...cart, name: "a,involvedObject.kind=Node\\" };
    source.put(anEvent("odd", odd), anEvent("plain", { ...cart, name: "a" }));
    assert.deepEqual((await reads.events(odd, never)).map(nameOf), ["odd"]);
  });
});

describe("use by pods and nodes", () => {
  it("is that of the namespace's pods", async () => {
    const { reads, source, never } = await aConnected();
    source.put(aPodMetrics("shop", "cart-1"), aPodMetrics("pay", "charge-1"));
    const { rows, atMillis } = await reads.podMetrics(cluster, "shop", never);
    const row = { namespace: "shop", name: "cart-1", container: "app", cores: 0.25, memoryBytes: 1_048_576 };
    assert.deepEqual(rows, [row]);
    assert.equal(atMillis, Date.UTC(2025, 11, 31, 23, 59));
  });

  it("is not found where the server has no metrics.k8s.io", async () => {
    const { reads, never } = await aConnected(aShop());
    await assert.rejects(reads.podMetrics(cluster, "shop", never), { kind: "not-found" });
    await assert.rejects(reads.nodeMetrics(cluster, "node-a", never), { kind: "not-found" });
  });

  it("is not found for a node that was not measured", async () => {
    const { reads, never } = await aConnected();
    await assert.rejects(reads.nodeMetrics(cluster, "node-z", never), { kind: "not-found" });
  });
});

describe("pods of a node", () => {
  const there = [
    aPodOn("node-b", "shop", "cart-1"),
    aPodOn("node-b", "kube-system", "proxy-1"),
    aPodOn("node-bb", "shop", "cart-2"),
  ];

  it("are those of all namespaces, watched or not", async () => {
    const { reads, source, never } = await aConnected();
    source.put(...there);
    const { pods, unread } = await reads.podsOfNode(cluster, "node-b", never);
    assert.deepEqual(pods.map(nameOf), ["cart-1", "proxy-1"]);
    assert.equal(unread, undefined);
  });

  it("are those of the namespaces that are watched where all may not be read, and say so", async () => {
    const source = aShop("prod", kinds);
    const { reads, never } = await aConnected(source, ["shop"]);
    source.put(...there);
    source.forbids = (plural, namespace) => plural === "pods" && namespace === undefined;
    const { pods, unread } = await reads.podsOfNode(cluster, "node-b", never);
    assert.deepEqual(pods.map(nameOf), ["cart-1"]);
    assert.equal(unread?.kind, "forbidden");
  });

  it("are forbidden where none of them may be read", async () => {
    const { reads, source, never } = await aConnected(aShop("prod", kinds), ["shop"]);
    source.forbids = (plural) => plural === "pods";
    await assert.rejects(reads.podsOfNode(cluster, "node-b", never), { kind: "forbidden" });
  });
});

describe("nodes that may not be read", () => {
  it("are told as unread, and nothing else is worse for it", async () => {
    const source = aShop("prod", kinds);
    source.forbids = (plural) => plural === "nodes";
    const { live, log } = await aConnected(source);
    const { nodes, nodesUnread, unread } = live.drilldown();
    assert.deepEqual(nodes, []);
    assert.deepEqual(
      nodesUnread.map(({ cluster: key, error }) => [key, error?.kind]),
      [[cluster, "forbidden"]],
    );
    assert.deepEqual(unread, []);
    assert.equal(live.services.length, 4);
    assert.equal(live.workloads.length, 4);
    assert.equal(live.scopes[0]?.isComplete, true);
    assert.deepEqual(log.errors, []);
  });

  it("are all there where they may be read, with nothing unread", async () => {
    const source = aShop("prod", kinds);
    source.put({ apiVersion: "v1", kind: "Node", metadata: { name: "node-a" } }, aPod({ namespace: "pay", app: "b" }));
    const { live } = await aConnected(source);
    const { nodes, nodesUnread } = live.drilldown();
    assert.deepEqual(
      nodes.map(({ ref }) => [ref.cluster, ref.name]),
      [[cluster, "node-a"]],
    );
    assert.deepEqual(nodesUnread, []);
  });
});

describe("a forbidden right of a level", () => {
  it("is answered and is no failure", async () => {
    const { reads, source, never } = await aConnected();
    source.forbids = (plural) => plural === "pods";
    const question = { verb: "get", group: "", resource: "pods", subresource: "log", namespace: "shop" };
    assert.equal(await reads.mayI(cluster, question, never), false);
  });

  it("crosses as the cluster's own error", async () => {
    const { reads, source, never } = await aConnected();
    source.get = () => Promise.reject(forbidden("services"));
    await assert.rejects(reads.object({ ...cart, kind: "Service" }, never), { kind: "forbidden" });
  });
});
