import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { LogQuery } from "../../../src/mesh/ports.ts";
import { createExposition } from "../../../src/sources/demo/exposition/exposition.ts";
import { readDemoProxyStatus } from "../../../src/sources/demo/proxyStatus.ts";
import { close, kindNamed, listAll, never, openShop, type Shop } from "./demoShop.ts";

interface Told extends KubeObject {
  readonly involvedObject: { readonly kind: string; readonly name: string; readonly namespace?: string };
  readonly reason: string;
  readonly message: string;
}

async function sickPod(shop: Shop): Promise<KubeObject> {
  const pods = await listAll(shop.eu, "Pod");
  const sick = pods.find((pod) => JSON.stringify(pod["status"]).includes("OOMKilled"));
  assert.ok(sick);
  return sick;
}

function nodeOf(pod: KubeObject): string {
  return (pod["spec"] as { nodeName: string }).nodeName;
}

async function eventsAbout(shop: Shop, fieldSelector: string): Promise<readonly Told[]> {
  return (await listAll(shop.eu, "Event", { fieldSelector })) as readonly Told[];
}

describe("events of a demo cluster", () => {
  it("are found by the object that they are about", async () => {
    const shop = openShop();
    const pod = await sickPod(shop);
    const { name, namespace = "", uid = "" } = pod.metadata;
    const selector = `involvedObject.kind=Pod,involvedObject.namespace=${namespace},involvedObject.name=${name}`;
    const byName = await eventsAbout(shop, selector);
    assert.deepEqual(
      byName.map(({ reason }) => reason),
      ["BackOff"],
    );
    assert.deepEqual(await eventsAbout(shop, `involvedObject.uid=${uid}`), byName);
    assert.deepEqual(await eventsAbout(shop, `involvedObject.name=${name}-other`), []);
  });

  it("tell of a node both whose memory ran out and that it is short of it", async () => {
    const shop = openShop();
    const pod = await sickPod(shop);
    const told = await eventsAbout(shop, `involvedObject.kind=Node,involvedObject.name=${nodeOf(pod)}`);
    assert.deepEqual(
      new Set(told.map(({ reason }) => reason)),
      new Set(["OOMKilling", "NodeHasInsufficientMemory", "EvictionThresholdMet"]),
    );
    assert.ok(told.find(({ reason }) => reason === "OOMKilling")?.message.includes(pod.metadata.name));
  });

  it("are all warnings, and say so to a selector", async () => {
    const shop = openShop();
    const all = await listAll(shop.eu, "Event");
    assert.ok(all.length > 0);
    assert.equal((await eventsAbout(shop, "type=Warning")).length, all.length);
    assert.deepEqual(await eventsAbout(shop, "type!=Warning"), []);
  });

  it("come with each restart of the sick pod", async () => {
    const shop = openShop();
    const pod = await sickPod(shop);
    const last = async () => {
      const [event] = await eventsAbout(shop, `involvedObject.name=${pod.metadata.name}`);
      return { at: Date.parse(String(event?.["lastTimestamp"])), count: Number(event?.["count"]) };
    };
    const before = await last();
    shop.clock.move(420);
    const after = await last();
    assert.equal(after.count, before.count + 1);
    assert.equal(after.at - before.at, 420_000);
  });
});

/** Of the sick pod's application, or of another container. */
async function linesOf(shop: Shop, more: Partial<LogQuery>, signal = never): Promise<readonly string[]> {
  const { name, namespace = "" } = (await sickPod(shop)).metadata;
  const lines: string[] = [];
  for await (const line of shop.eu.logs({ namespace, pod: name, container: "app", ...more }, signal)) lines.push(line);
  return lines;
}

describe("logs of a pod that ran out of memory", () => {
  const timeOf = (line: string | undefined) => Date.parse(line?.split(" ")[0] ?? "");

  it("are other ones before its last restart, and end there with what ended it", async () => {
    const shop = openShop();
    const [previous, current] = [await linesOf(shop, { previous: true }), await linesOf(shop, {})];
    const status = (await sickPod(shop))["status"] as {
      containerStatuses: { name: string; lastState: { terminated: { finishedAt: string } } }[];
    };
    const ended = status.containerStatuses.find(({ name }) => name === "app")?.lastState.terminated.finishedAt ?? "";
    assert.match(previous.at(-1) ?? "", /OutOfMemoryError: Java heap space/);
    assert.equal(timeOf(previous.at(-1)), Date.parse(ended));
    assert.ok(current.length > 0 && current.every((line) => timeOf(line) > Date.parse(ended)));
    assert.deepEqual(
      current.filter((line) => previous.includes(line)),
      [],
    );
  });

  it("give as many of the last lines as are asked for", async () => {
    const shop = openShop();
    const all = await linesOf(shop, { previous: true });
    assert.deepEqual(await linesOf(shop, { previous: true, tailLines: 3 }), all.slice(-3));
    assert.deepEqual(await linesOf(shop, { previous: true, tailLines: 0 }), []);
  });

  it("are not found before a restart that never was", async () => {
    const shop = openShop();
    await assert.rejects(linesOf(shop, { container: "istio-proxy", previous: true }), (error) =>
      MeshError.is(error, "not-found"),
    );
  });

  it("go on while they are followed", async () => {
    const shop = openShop();
    const end = new AbortController();
    const { name, namespace = "" } = (await sickPod(shop)).metadata;
    const query = { namespace, pod: name, container: "app", tailLines: 1, follow: true };
    const times: number[] = [];
    const following = (async () => {
      for await (const line of shop.eu.logs(query, end.signal)) {
        times.push(timeOf(line));
        if (times.length === 3) end.abort();
        else queueMicrotask(() => setImmediate(() => shop.clock.move(2)));
      }
    })();
    await assert.rejects(following);
    const [first = NaN] = times;
    assert.deepEqual(times, [first, first + 2000, first + 4000]);
  });
});

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

/** Kubernetes' quantities of the metrics server: nanocores, and KiB. */
function numbersOf({ cpu, memory }: Usage): { cores: number; bytes: number } {
  const [, nanocores] = /^(\d+)n$/.exec(cpu) ?? [];
  const [, kibibytes] = /^(\d+)Ki$/.exec(memory) ?? [];
  return { cores: Number(nanocores) / 1e9, bytes: Number(kibibytes) * 1024 };
}

/** Values of the exposition at a time, by metric and labels of the cluster "eu". */
function exposed(shop: Shop, name: string, atMillis: number, wanted: Readonly<Record<string, string>>): number {
  let sum = NaN;
  for (const chunk of createExposition(shop.mesh, "v2")(atMillis)) {
    for (const line of chunk.split("\n")) {
      if (!line.startsWith(`${name}{`) || !line.includes('cluster="eu"')) continue;
      if (!Object.entries(wanted).every(([label, value]) => line.includes(`${label}="${value}"`))) continue;
      const value = Number(line.slice(line.lastIndexOf("} ") + 2).split(" ")[0]);
      sum = Number.isNaN(sum) ? value : sum + value;
    }
  }
  return sum;
}

describe("the metrics server of a demo cluster", () => {
  it("tells of each pod that runs, and gives the same one by name", async () => {
    const shop = openShop();
    const kind = await kindNamed(shop.eu, "PodMetrics");
    const all = await listAll(shop.eu, "PodMetrics", { scope: { namespaces: ["shop"] } });
    const pods = await listAll(shop.eu, "Pod", { scope: { namespaces: ["shop"] } });
    const lasting = pods.filter(({ metadata }) => metadata.ownerReferences?.[0]?.kind !== "Job");
    assert.deepEqual(
      all.map(({ metadata }) => metadata.name).sort(),
      lasting.map(({ metadata }) => metadata.name).sort(),
    );
    const [first] = all;
    assert.ok(first);
    assert.deepEqual(await shop.eu.get(kind, "shop", first.metadata.name, never), first);
    await assert.rejects(shop.eu.get(kind, "ops", first.metadata.name, never), (error) =>
      MeshError.is(error, "not-found"),
    );
  });

  it("tells the same of pods as the exposition does", async () => {
    const shop = openShop();
    const now = shop.clock.now();
    const pods = await listAll(shop.eu, "PodMetrics", { scope: { namespaces: ["shop"] } });
    for (const { metadata, ...rest } of pods.filter((_, i) => i % 5 === 0)) {
      const { containers } = rest as unknown as { containers: { name: string; usage: Usage }[] };
      assert.ok(containers.length > 0);
      for (const { name, usage } of containers) {
        const labels = { pod: metadata.name, container: name };
        const { cores, bytes } = numbersOf(usage);
        close(bytes, exposed(shop, "container_memory_working_set_bytes", now, labels), 1e-4, `memory of ${name}`);
        const cpu = (at: number) => exposed(shop, "container_cpu_usage_seconds_total", at, labels);
        close(cores, (cpu(now) - cpu(now - 1000)) / 1, 0.01, `CPU of ${metadata.name}/${name}`);
      }
    }
  });

  it("tells the same of nodes as the exposition does", async () => {
    const shop = openShop();
    const now = shop.clock.now();
    const nodes = await listAll(shop.eu, "Node");
    const kind = await kindNamed(shop.eu, "NodeMetrics");
    for (const node of nodes) {
      const { name } = node.metadata;
      const { addresses } = node["status"] as { addresses: { type: string; address: string }[] };
      const address = addresses.find(({ type }) => type === "InternalIP")?.address ?? "";
      const { usage } = (await shop.eu.get(kind, "", name, never)) as unknown as { usage: Usage };
      const labels = { instance: `${address}:9100` };
      const memory = (what: string) => exposed(shop, `node_memory_${what}_bytes`, now, labels);
      close(numbersOf(usage).bytes, memory("MemTotal") - memory("MemAvailable"), 1e-4, `memory of ${name}`);
      const idle = (at: number) => exposed(shop, "node_cpu_seconds_total", at, { ...labels, mode: "idle" });
      const cpus = (node["status"] as { capacity: { cpu: string } }).capacity.cpu;
      close(numbersOf(usage).cores, Number(cpus) - (idle(now) - idle(now - 1000)), 0.02, `CPU of ${name}`);
    }
  });
});

describe("the demo's control planes", () => {
  async function istiods(shop: Shop): Promise<readonly { namespace: string; name: string }[]> {
    const pods = await listAll(shop.eu, "Pod", { labelSelector: "app=istiod" });
    return pods.map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
  }

  it("say of every proxy of their own that it has taken what was sent, but for one that is behind", async () => {
    const shop = openShop();
    const pods = await istiods(shop);
    const told = await readDemoProxyStatus(shop.eu, pods, never);
    const names = new Set(
      (await listAll(shop.eu, "Pod")).map(({ metadata }) => `${metadata.name}.${metadata.namespace}`),
    );
    assert.ok(told.length > 30);
    assert.equal(new Set(told.map(({ proxy }) => proxy)).size, told.length);
    for (const { proxy, istiod } of told) {
      assert.ok(names.has(proxy), proxy);
      assert.ok(
        pods.some(({ name }) => name === istiod),
        istiod,
      );
    }
    const stale = told.filter(({ types }) => Object.values(types).includes("stale"));
    assert.equal(stale.length, 1);
    assert.equal(stale[0]?.types["RDS"], "stale");
  });

  it("say nothing where none is asked", async () => {
    assert.deepEqual(await readDemoProxyStatus(openShop().eu, [], never), []);
  });
});
