import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { ClusterSource } from "../../../src/mesh/ports.ts";
import { createReadProxyStatus } from "../../../src/sources/istiod/readProxyStatus.ts";
import { readSyncz } from "../../../src/sources/istiod/syncz.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";

const { signal } = new AbortController();
const servers: Server[] = [];
after(() => servers.forEach((server) => server.close()));

async function listening(answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Of a cluster only what is used of it: forwards, by the pod's name. */
function forwarding(ports: Readonly<Record<string, number>>) {
  const open = new Set<string>();
  const cluster = {
    forward: ({ pod }: { readonly pod: string }) => {
      const localPort = ports[pod];
      if (localPort === undefined) return Promise.reject(new MeshError("forbidden", { text: "no", args: [] }));
      open.add(pod);
      return Promise.resolve({ localPort, dispose: () => open.delete(pod) });
    },
  } as unknown as ClusterSource;
  return { cluster, open };
}

const pods = (...names: readonly string[]) => names.map((name) => ({ namespace: "istio-system", name }));
const cart = {
  cluster_id: "east",
  proxy: "cart-1.shop",
  istio_version: "1.29.2",
  cluster_sent: "n1",
  cluster_acked: "n1",
  listener_sent: "n2",
  listener_acked: "n1",
  endpoint_sent: "n3",
};

describe("the state of proxies as istiod tells it", () => {
  it("is synced where what was sent was taken, stale where not, and not sent where nothing was", () => {
    assert.deepEqual(readSyncz([cart], "istiod-a"), [
      {
        proxy: "cart-1.shop",
        clusterId: "east",
        version: "1.29.2",
        istiod: "istiod-a",
        types: { CDS: "synced", LDS: "stale", EDS: "stale", RDS: "notSent", ECDS: "notSent" },
      },
    ]);
  });

  it("is an error where the proxy refused what was sent, as istiod's resources say", () => {
    const resources = {
      "type.googleapis.com/envoy.config.listener.v3.Listener": { sent: "n2", acked: "n1", lastError: "bad filter" },
    };
    assert.equal(readSyncz([{ ...cart, resources }], "istiod-a")?.[0]?.types["LDS"], "error");
  });

  it("leaves out kinds that a proxy is not to get", () => {
    const ignoring = { proxy: "gateway-1.edge", route_sent: "IGNORED", cluster_sent: "a", cluster_acked: "a" };
    assert.deepEqual(readSyncz([ignoring], "istiod-a")?.[0]?.types, {
      CDS: "synced",
      LDS: "notSent",
      EDS: "notSent",
      ECDS: "notSent",
    });
  });

  it("is put together from all istiods, and every forward is closed", async () => {
    const paths: (string | undefined)[] = [];
    const a = await listening((request, response) => {
      paths.push(request.url);
      response.end(JSON.stringify([cart]));
    });
    const b = await listening((_, response) => response.end(JSON.stringify([{ proxy: "web-1.shop" }])));
    const { cluster, open } = forwarding({ a, b });
    const told = await createReadProxyStatus(systemClock)(cluster, pods("a", "b"), signal);
    assert.deepEqual(
      told.map(({ proxy, istiod }) => `${proxy} by ${istiod}`),
      ["cart-1.shop by a", "web-1.shop by b"],
    );
    assert.deepEqual(paths, ["/debug/syncz"]);
    assert.equal(open.size, 0);
  });

  it("comes from those that answer, where one may not be reached", async () => {
    const a = await listening((_, response) => response.end(JSON.stringify([cart])));
    const told = await createReadProxyStatus(systemClock)(forwarding({ a }).cluster, pods("gone", "a"), signal);
    assert.deepEqual(
      told.map(({ proxy }) => proxy),
      ["cart-1.shop"],
    );
  });

  it("is a failure that says why where none answers", async () => {
    const refusing = await listening((_, response) => response.writeHead(401).end());
    const garbled = await listening((_, response) => response.end("<html>"));
    const { cluster, open } = forwarding({ refusing, garbled });
    const read = createReadProxyStatus(systemClock);
    await assert.rejects(read(cluster, pods("refusing"), signal), (e) => MeshError.is(e, "forbidden"));
    await assert.rejects(read(cluster, pods("garbled"), signal), (e) => MeshError.is(e, "bad-data"));
    assert.equal(open.size, 0);
  });

  it("ends by the signal, with its own reason", async () => {
    const stop = new AbortController();
    const silent = await listening(() => stop.abort());
    const reading = createReadProxyStatus(systemClock)(forwarding({ silent }).cluster, pods("silent"), stop.signal);
    await assert.rejects(reading, { name: "AbortError" });
  });
});
