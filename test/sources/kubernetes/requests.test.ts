import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { describe, it } from "node:test";
import { fill } from "../../../src/mesh/message.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { ClusterSource } from "../../../src/mesh/ports.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeApiServer, podList, sendJson, sendStatus, sourceAt } from "./fakeApiServer.ts";
import { HandClock } from "./handClock.ts";
import { pods } from "./kinds.ts";

const { signal } = new AbortController();
const pod = { metadata: { name: "web", namespace: "shop" } };
const getPod = (source: ClusterSource, stop = signal) => source.get(pods, "shop", "web", stop);
const listShop = async (source: ClusterSource, stop = signal) => {
  const found: string[] = [];
  for await (const { objects } of source.list({ kind: pods, scope: { namespaces: ["shop"] } }, stop)) {
    found.push(...objects.map(({ metadata }) => metadata.name));
  }
  return found;
};
const hintOf = (e: MeshError) => (e.hint ? fill(e.hint) : "");

describe("a list without a version, as metrics servers answer", () => {
  const metrics = { group: "metrics.k8s.io", version: "v1beta1", kind: "PodMetrics", plural: "pods", namespaced: true };
  const listMetrics = async (metadata: object) => {
    await using server = await FakeApiServer.start(({ response }) =>
      sendJson(response, { kind: "PodMetricsList", metadata, items: [{ metadata: { name: "web" }, containers: [] }] }),
    );
    const pages = sourceAt(server.url).list({ kind: metrics, scope: { namespaces: ["shop"] } }, signal);
    const found: (string | undefined)[] = [];
    for await (const { objects } of pages)
      found.push(...objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`));
    return found;
  };

  it("is a list all the same", async () => assert.deepEqual(await listMetrics({}), ["PodMetrics web"]));

  it("is none with a version that is no text", async () => {
    await assert.rejects(listMetrics({ resourceVersion: 7 }), { kind: "bad-data" });
  });
});

describe("a request to a server that", () => {
  it("never answers ends after 30 s, and its socket with it", async () => {
    const clock = new HandClock();
    await using server = await FakeApiServer.start(() => undefined);
    const got = getPod(sourceAt(server.url, { clock }));
    await eventually(
      "the server is asked and the limit set",
      () => server.asked.length === 1 && clock.ahead()[0] === 30_000,
    );
    clock.advance(30_000);
    await assert.rejects(
      got,
      (e) => MeshError.is(e, "timeout") && / within 30 s to get shop\/pods\/web/.test(e.message),
    );
    await eventually("the socket is closed", () => server.sockets.size === 0);
  });

  it("stops in the middle of its answer ends after 30 s", async () => {
    const clock = new HandClock();
    await using server = await FakeApiServer.start(({ response }) => response.write('{"metadata":'));
    const got = getPod(sourceAt(server.url, { clock }));
    await eventually("the limit is set", () => server.asked.length === 1 && clock.ahead()[0] === 30_000);
    clock.advance(30_000);
    await assert.rejects(got, { kind: "timeout" });
  });

  it("is given up by its caller closes its socket and throws the caller's reason", async () => {
    await using server = await FakeApiServer.start(() => undefined);
    const stop = new AbortController();
    const got = getPod(sourceAt(server.url), stop.signal);
    await eventually("the server is asked", () => server.asked.length === 1);
    stop.abort();
    await assert.rejects(got, { name: "AbortError" });
    await eventually("the socket is closed", () => server.sockets.size === 0);
  });

  it("is open when the source is disposed closes its socket", async () => {
    await using server = await FakeApiServer.start(() => undefined);
    const source = sourceAt(server.url);
    const got = getPod(source);
    await eventually("the server is asked", () => server.asked.length === 1);
    source.dispose();
    await assert.rejects(got, { name: "AbortError" });
    await eventually("the socket is closed", () => server.sockets.size === 0);
  });

  it("resets the connection is unreachable", async () => {
    await using server = await FakeApiServer.start(({ request }) => request.socket.resetAndDestroy());
    await assert.rejects(getPod(sourceAt(server.url)), { kind: "unreachable" });
  });

  it("is not there is unreachable", async () => {
    const server = await FakeApiServer.start(() => undefined);
    await server.close();
    await assert.rejects(
      getPod(sourceAt(server.url)),
      (e) => MeshError.is(e, "unreachable") && /Nothing listens/.test(e.message),
    );
  });

  it("sends a web page is said to", async () => {
    await using server = await FakeApiServer.start(({ response }) =>
      response.writeHead(200, { "Content-Type": "text/html" }).end("<!doctype html><title>Sign in</title>"),
    );
    await assert.rejects(
      getPod(sourceAt(server.url)),
      (e) => MeshError.is(e, "bad-data") && /web page/.test(hintOf(e)),
    );
  });

  it("sends half a JSON is said to have been cut off", async () => {
    await using server = await FakeApiServer.start(({ response }) => response.end('{"metadata": {"na'));
    await assert.rejects(getPod(sourceAt(server.url)), (e) => MeshError.is(e, "bad-data") && /cut off/.test(hintOf(e)));
  });

  it("breaks off an answer whose length it announced is unreachable", async () => {
    await using server = await FakeApiServer.start(({ response, request }) => {
      response.writeHead(200, { "Content-Length": "1000" }).write('{"metadata":');
      setImmediate(() => request.socket.destroy());
    });
    await assert.rejects(getPod(sourceAt(server.url)), { kind: "unreachable" });
  });

  it("sends JSON of another kind is bad data", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, ["what?"]));
    await assert.rejects(getPod(sourceAt(server.url)), { kind: "bad-data" });
    await assert.rejects(listShop(sourceAt(server.url)), { kind: "bad-data" });
  });

  for (const packed of [false, true]) {
    it(`sends 100 MB${packed ? ", packed," : ""} is stopped at the limit`, async () => {
      const megabyte = Buffer.alloc(1024 * 1024, 0x20);
      const body = packed ? gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)) : undefined;
      await using server = await FakeApiServer.start(({ response }) => {
        if (body) response.writeHead(200, { "Content-Encoding": "gzip" }).end(body);
        else {
          const more = (left: number) => {
            if (left > 0 && !response.destroyed) response.write(megabyte, () => more(left - 1));
          };
          more(100);
        }
      });
      const source = sourceAt(server.url, { options: { limits: { largestAnswer: 4 * 1024 * 1024 } } });
      await assert.rejects(getPod(source), (e) => MeshError.is(e, "bad-data") && /more than 4 MB/.test(hintOf(e)));
    });
  }

  it("speaks no HTTP is bad data", async () => {
    const { createServer } = await import("node:net");
    const server = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await assert.rejects(getPod(sourceAt(`http://127.0.0.1:${port}`)), { kind: "bad-data" });
    server.close();
  });

  it("asks to wait is asked again after that time", async () => {
    const clock = new HandClock();
    let isBusy = true;
    await using server = await FakeApiServer.start(({ response }) => {
      if (isBusy) response.writeHead(429, { "Retry-After": "3" }).end("{}");
      else sendJson(response, pod);
      isBusy = false;
    });
    const got = getPod(sourceAt(server.url, { clock }));
    await eventually("it waits", () => clock.ahead()[0] === 3000);
    clock.advance(3000);
    assert.equal((await got).metadata.name, "web");
    assert.equal(server.asked.length, 2);
  });

  it("asks to wait for long is reported as busy at once", async () => {
    await using server = await FakeApiServer.start(({ response }) =>
      response.writeHead(429, { "Retry-After": "3600" }).end("{}"),
    );
    await assert.rejects(getPod(sourceAt(server.url)), { kind: "throttled" });
    assert.equal(server.asked.length, 1);
  });

  it("closes a kept connection at the wrong moment is asked once more", async () => {
    let closes = false;
    await using server = await FakeApiServer.start(({ request, response }) => {
      if (closes) request.socket.destroy();
      else sendJson(response, pod);
      closes = !closes;
    });
    const source = sourceAt(server.url);
    await getPod(source);
    assert.equal((await getPod(source)).metadata.name, "web");
    assert.equal(server.asked.length, 3);
  });

  it("gets many requests is sent at most eight at once", async () => {
    const held: ServerResponse[] = [];
    await using server = await FakeApiServer.start(({ response }) => held.push(response));
    const source = sourceAt(server.url);
    const all = Promise.all(Array.from({ length: 20 }, () => getPod(source)));
    let most = 0;
    for (let answered = 0; answered < 20; answered++) {
      const waits = Math.min(8, 20 - answered);
      await eventually("as many wait as may", () => held.length >= waits, { everyMs: 1 });
      most = Math.max(most, held.length);
      sendJson(held.shift() as ServerResponse, pod);
    }
    await all;
    assert.equal(most, 8);
  });

  it("packs its answers is understood", async () => {
    await using server = await FakeApiServer.start(({ response, request }) => {
      assert.equal(request.headers["accept-encoding"], "gzip");
      response.writeHead(200, { "Content-Encoding": "gzip" }).end(gzipSync(JSON.stringify(pod)));
    });
    assert.equal((await getPod(sourceAt(server.url))).metadata.name, "web");
  });

  it("is behind a path is asked under it", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, pod));
    await getPod(sourceAt(`${server.url}/k8s/clusters/c-1/`));
    assert.deepEqual(server.asked, ["/k8s/clusters/c-1/api/v1/namespaces/shop/pods/web"]);
  });

  it("answers leaves one line in the log: method, path, status, time and bytes, and no credentials", async () => {
    const clock = new HandClock();
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, pod));
    const source = sourceAt(server.url, { clock, user: { token: "SECRET" } });
    await getPod(source);
    const bytes = JSON.stringify(pod).length;
    const path = "/api/v1/namespaces/shop/pods/web";
    assert.deepEqual(source.log.lines, [
      { what: "request", facts: { method: "GET", path, status: 200, ms: 0, bytes } },
    ]);
  });

  it("cannot be named in a path is refused before anything is sent", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, pod));
    const source = sourceAt(server.url);
    for (const name of ["..", ".", "", "a/b", "a%2fb", "a\\b"]) {
      await assert.rejects(source.get(pods, "shop", name, signal), { kind: "invalid" });
    }
    assert.deepEqual(server.asked, []);
  });
});

describe("a list", () => {
  it("follows the pages of a namespace and drops managed fields", async () => {
    await using server = await FakeApiServer.start(({ response, url }) => {
      const next = url.searchParams.get("continue");
      sendJson(response, next === null ? podList(["a", "b"], "100", "more") : podList(["c"]));
    });
    const source = sourceAt(server.url);
    for await (const { objects } of source.list({ kind: pods, scope: { namespaces: ["shop"] } }, signal)) {
      for (const { metadata } of objects) assert.equal("managedFields" in metadata, false);
    }
    const path = "/api/v1/namespaces/shop/pods?limit=500";
    assert.deepEqual(server.asked, [path, `${path}&continue=more`]);
  });

  it("begins again where the server forgot it half-way, and gives each object once", async () => {
    let isForgotten = false;
    await using server = await FakeApiServer.start(({ response, url }) => {
      if (url.searchParams.get("continue") === null) sendJson(response, podList(["a", "b"], "100", "more"));
      else if (isForgotten) sendJson(response, podList(["c"]));
      else {
        isForgotten = true;
        sendStatus(response, 410);
      }
    });
    assert.deepEqual(await listShop(sourceAt(server.url)), ["a", "b", "c"]);
  });

  it("asks for smaller pages where one is too large", async () => {
    await using server = await FakeApiServer.start(({ response, url }) => {
      if (Number(url.searchParams.get("limit")) > 10) response.end(" ".repeat(200_000));
      else sendJson(response, podList(["a"]));
    });
    assert.deepEqual(await listShop(sourceAt(server.url, { options: { limits: { largestAnswer: 100_000 } } })), ["a"]);
    assert.deepEqual(
      server.asked.map((path) => path.split("?")[1]),
      ["limit=500", "limit=62", "limit=7"],
    );
  });

  it("asks for metadata alone by its media type, and keeps only that even from servers that send all", async () => {
    await using server = await FakeApiServer.start(({ response }) =>
      sendJson(response, { metadata: { resourceVersion: "1" }, items: [{ metadata: { name: "a" }, spec: { x: 1 } }] }),
    );
    const query = { kind: pods, scope: { all: true, otherwise: [] }, metadataOnly: true } as const;
    for await (const { objects } of sourceAt(server.url).list(query, signal)) {
      assert.deepEqual(objects, [{ apiVersion: "v1", kind: "Pod", metadata: { name: "a" } }]);
    }
    assert.match(server.headers[0]?.accept ?? "", /as=PartialObjectMetadataList;g=meta\.k8s\.io;v=v1/);
  });

  it("reads namespace by namespace where the whole cluster is forbidden", async () => {
    await using server = await FakeApiServer.start(({ response, url }) => {
      const [, namespace] = /namespaces\/(\w+)/.exec(url.pathname) ?? [];
      if (namespace === undefined || namespace === "secret") sendStatus(response, 403);
      else sendJson(response, podList([`in-${namespace}`]));
    });
    const scope = { all: true, otherwise: ["shop", "secret", "bank"] } as const;
    const found: string[] = [];
    for await (const { objects } of sourceAt(server.url).list({ kind: pods, scope }, signal)) {
      found.push(...objects.map(({ metadata }) => metadata.name));
    }
    assert.deepEqual(found.sort(), ["in-bank", "in-shop"]);
  });

  it("stops asking when its reader leaves", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, podList(["a"], "100", "more")));
    const source = sourceAt(server.url);
    for await (const page of source.list({ kind: pods, scope: { namespaces: ["shop"] } }, signal)) {
      assert.equal(page.objects.length, 1);
      break;
    }
    await eventually("no request is open", () => source.log.lines.length >= server.asked.length - 1);
    const asked = server.asked.length;
    await getPod(source).catch(() => undefined);
    assert.ok(server.asked.length <= asked + 2);
  });
});

describe("the service proxy", () => {
  const query = { namespace: "mon", service: "http:prom:web", path: "/api/v1/query?query=up" };

  it("gives the service's answer with its status", async () => {
    await using server = await FakeApiServer.start(({ response }) =>
      response.writeHead(422, { "Content-Type": "application/json" }).end('{"status":"error"}'),
    );
    const answer = await sourceAt(server.url).proxy(query, signal);
    assert.deepEqual(answer, { status: 422, contentType: "application/json", body: '{"status":"error"}' });
    assert.deepEqual(server.asked, ["/api/v1/namespaces/mon/services/http%3Aprom%3Aweb/proxy/api/v1/query?query=up"]);
  });

  it("throws what the API server itself refuses", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendStatus(response, 403));
    await assert.rejects(sourceAt(server.url).proxy(query, signal), (e) => {
      assert.ok(MeshError.is(e, "forbidden"));
      assert.match(hintOf(e), /can-i get services --subresource=proxy --namespace mon --context test/);
      return true;
    });
  });

  it("passes a body on", async () => {
    let got = "";
    await using server = await FakeApiServer.start(({ request, response }) => {
      request.setEncoding("utf8").on("data", (chunk: string) => (got += chunk));
      request.on("end", () => response.end("ok"));
    });
    await sourceAt(server.url).proxy({ ...query, path: "query", method: "POST", body: "query=up" }, signal);
    assert.equal(got, "query=up");
  });
});
