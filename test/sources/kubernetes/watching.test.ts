import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { Scope } from "../../../src/mesh/ports.ts";
import { eventually } from "../../support/eventually.ts";
import { Followed } from "./changes.ts";
import { FakeApiServer, podList, sendJson, sendStatus, sourceAt, type Exchange } from "./fakeApiServer.ts";
import { HandClock } from "./handClock.ts";
import { pods } from "./kinds.ts";

const frame = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`;
const podFrame = (type: string, name: string, resourceVersion: string) =>
  frame(type, { kind: "Pod", metadata: { name, namespace: "shop", resourceVersion, managedFields: [] } });
const bookmark = (resourceVersion: string) => frame("BOOKMARK", { kind: "Pod", metadata: { resourceVersion } });
const gone = frame("ERROR", { kind: "Status", code: 410, message: "too old resource version" });

/** Lists of pods, one after the other (the last for ever), and streams that the test writes to. */
function script(lists: readonly (readonly string[])[]) {
  const streams: ServerResponse[] = [];
  let listed = 0;
  const answer = ({ response, url }: Exchange) => {
    if (url.searchParams.get("watch") === "true") {
      streams.push(response);
      response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders();
    } else {
      const names = lists[Math.min(listed, lists.length - 1)] ?? [];
      listed++;
      sendJson(response, podList(names, String(listed * 100)));
    }
  };
  const stream = async (count: number) => {
    await eventually(`stream ${count} is open`, () => streams.length >= count, { everyMs: 2 });
    return streams[count - 1] as ServerResponse;
  };
  return { answer, stream };
}

const shop: Scope = { namespaces: ["shop"] };
const versions = (server: FakeApiServer) =>
  server.asked
    .filter((path) => path.includes("watch=true"))
    .map((path) => new URL(path, "http://x").searchParams.get("resourceVersion"));

describe("a watch", () => {
  it("lists, then tells single changes without managed fields", async () => {
    const { answer, stream } = script([["a", "b"]]);
    await using server = await FakeApiServer.start(answer);
    const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope: shop }, stop));
    (await stream(1)).write(podFrame("ADDED", "c", "101") + podFrame("DELETED", "a", "102"));
    await watch.has("b", "c");
    await watch.end();
    assert.deepEqual(watch.types(), ["listing", "upsert", "listed", "upsert", "gone"]);
    const gone = await watch.hears("gone");
    assert.deepEqual(gone.object, {
      kind: "Pod",
      apiVersion: "v1",
      metadata: { name: "a", namespace: "shop", resourceVersion: "102" },
    });
  });

  it("asks for bookmarks and resumes from the last of them without a word when the server ends the stream", async () => {
    const clock = new HandClock();
    const { answer, stream } = script([["a"]]);
    await using server = await FakeApiServer.start(answer);
    const watch = new Followed((stop) => sourceAt(server.url, { clock }).watch({ kind: pods, scope: shop }, stop));
    (await stream(1)).write(bookmark("150"));
    await eventually("the stream's limit is set", () => clock.ahead().length === 1);
    clock.advance(10_000);
    (await stream(1)).end();
    (await stream(2)).write(podFrame("ADDED", "b", "151"));
    await watch.has("a", "b");
    await watch.end();
    assert.deepEqual(versions(server), ["100", "150"]);
    assert.ok(server.asked.every((path) => !path.includes("watch") || path.includes("allowWatchBookmarks=true")));
    assert.equal(watch.types().includes("interrupted"), false);
  });

  for (const [how, answer410] of [
    ["in an event", (response: ServerResponse) => response.writeHead(200).write(gone)],
    ["as a status", (response: ServerResponse) => sendStatus(response, 410)],
  ] as const) {
    it(`lists again when the server says 410 ${how}, and drops what is gone`, async () => {
      const plain = script([
        ["a", "b"],
        ["b", "c"],
      ]);
      let watches = 0;
      await using server = await FakeApiServer.start((exchange) => {
        if (exchange.url.searchParams.get("watch") === "true" && ++watches === 1) answer410(exchange.response);
        else plain.answer(exchange);
      });
      const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope: shop }, stop));
      await watch.has("b", "c");
      await watch.end();
      assert.deepEqual(watch.types(), ["listing", "upsert", "listed", "listing", "upsert", "listed"]);
    });
  }

  it("is interrupted by a broken connection and goes on from the last version", async () => {
    const { answer, stream } = script([["a"]]);
    await using server = await FakeApiServer.start(answer);
    const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope: shop }, stop));
    const first = await stream(1);
    first.write(podFrame("ADDED", "b", "120"));
    await watch.has("a", "b");
    first.write('{"type":"ADDED","object":{"half');
    first.destroy();
    const { error } = await watch.hears("interrupted");
    await watch.hears("resumed");
    await watch.end();
    assert.equal(error.kind, "unreachable");
    assert.deepEqual(versions(server), ["100", "120"]);
  });

  it("is interrupted by five minutes of silence and opens another stream", async () => {
    const clock = new HandClock();
    const { answer, stream } = script([["a"]]);
    await using server = await FakeApiServer.start(answer);
    const watch = new Followed((stop) => sourceAt(server.url, { clock }).watch({ kind: pods, scope: shop }, stop));
    await stream(1);
    await eventually("the limit is set", () => clock.ahead()[0] === 300_000);
    clock.advance(300_000);
    assert.equal((await watch.hears("interrupted")).error.kind, "timeout");
    await eventually("it waits before the next attempt", () => (clock.ahead()[0] ?? Infinity) <= 500);
    clock.advance(500);
    await stream(2);
    await watch.hears("resumed");
    await watch.end();
  });

  it("survives events that are not JSON, and bookmarks and events without a name", async () => {
    const { answer, stream } = script([["a"]]);
    await using server = await FakeApiServer.start(answer);
    const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope: shop }, stop));
    (await stream(1)).write('null\n5\n{"type":"ADDED"}\n{"type":"ADDED","object":{"metadata":null}}\n<html>\n');
    assert.equal((await watch.hears("interrupted")).error.kind, "bad-data");
    (await stream(2)).write(podFrame("ADDED", "b", "130"));
    await watch.has("a", "b");
    await watch.end();
  });

  it("does not hold an event of any size", async () => {
    const { answer, stream } = script([["a"]]);
    await using server = await FakeApiServer.start(answer);
    const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope: shop }, stop));
    const open = await stream(1);
    open.write('{"type":"ADDED","object":{"metadata":{"name":"');
    const more = () => {
      if (!open.destroyed) open.write("x".repeat(1024 * 1024), more);
    };
    more();
    assert.equal((await watch.hears("interrupted")).error.kind, "bad-data");
    await watch.end();
  });

  it("goes on trying where the first list fails, and waits longer each time", async () => {
    const clock = new HandClock();
    let isUp = false;
    const { answer } = script([["a"]]);
    await using server = await FakeApiServer.start((exchange) => {
      if (isUp) answer(exchange);
      else sendStatus(exchange.response, 503);
    });
    const watch = new Followed((stop) => sourceAt(server.url, { clock }).watch({ kind: pods, scope: shop }, stop));
    const waits: number[] = [];
    for (let i = 1; i <= 4; i++) {
      await eventually(
        `attempt ${i} failed`,
        () => watch.types().filter((t) => t === "interrupted").length === i && clock.ahead().length === 1,
      );
      waits.push(clock.ahead()[0] ?? 0);
      isUp = i === 4;
      clock.advance(60_000);
    }
    await watch.has("a");
    await watch.end();
    const least = [250, 500, 1000, 2000];
    assert.ok(
      waits.every((wait, i) => wait >= (least[i] ?? 0) && wait <= 2 * (least[i] ?? 0)),
      waits.join(),
    );
  });

  for (const [status, kind] of [
    [401, "unauthorized"],
    [404, "not-found"],
    [403, "forbidden"],
  ] as const) {
    it(`ends where the list is answered with ${status}`, async () => {
      await using server = await FakeApiServer.start(({ response }) => sendStatus(response, status));
      const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope: shop }, stop));
      await eventually("the watch ends", () => MeshError.is(watch.ended, kind), { everyMs: 2 });
    });
  }

  it("ends with the caller's reason and leaves no socket open", async () => {
    const { answer, stream } = script([["a"]]);
    await using server = await FakeApiServer.start(answer);
    const source = sourceAt(server.url);
    const watch = new Followed((stop) => source.watch({ kind: pods, scope: shop }, stop));
    await stream(1);
    await watch.end();
    assert.equal((watch.ended as Error).name, "AbortError");
    source.dispose();
    await eventually("the sockets are closed", () => server.sockets.size === 0);
  });

  it("falls back to single namespaces where the whole cluster is forbidden", async () => {
    const plain = script([["x"]]);
    await using server = await FakeApiServer.start((exchange) => {
      if (/namespaces\/(shop|bank)\//.test(exchange.url.pathname)) plain.answer(exchange);
      else sendStatus(exchange.response, 403);
    });
    const scope: Scope = { all: true, otherwise: ["shop", "secret", "bank"] };
    const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope }, stop));
    const { unread } = await watch.hears("listed");
    await plain.stream(2);
    await watch.end();
    assert.deepEqual(
      unread.map(({ namespace, error }) => [namespace, error.kind]),
      [
        [undefined, "forbidden"],
        ["secret", "forbidden"],
      ],
    );
  });

  it("of several namespaces tells one interruption and one resumption for all of them", async () => {
    const { answer, stream } = script([["x"]]);
    await using server = await FakeApiServer.start(answer);
    const scope: Scope = { namespaces: ["shop", "bank"] };
    const watch = new Followed((stop) => sourceAt(server.url).watch({ kind: pods, scope }, stop));
    (await stream(1)).destroy();
    (await stream(2)).destroy();
    await stream(4);
    await watch.hears("resumed");
    await watch.end();
    const told = watch.types().slice(watch.types().indexOf("listed") + 1);
    assert.deepEqual(told, ["interrupted", "resumed"]);
  });

  it("of no namespaces is an empty list that waits", async () => {
    const watch = new Followed((stop) =>
      sourceAt("http://127.0.0.1:1").watch({ kind: pods, scope: { namespaces: [] } }, stop),
    );
    await watch.hears("listed");
    await watch.end();
    assert.deepEqual(watch.types(), ["listing", "listed"]);
  });

  it("with rights to list but not to watch lists now and then", async () => {
    const clock = new HandClock();
    const { answer } = script([["a"], ["a", "b"]]);
    await using server = await FakeApiServer.start((exchange) => {
      if (exchange.url.searchParams.get("watch") === "true") sendStatus(exchange.response, 403);
      else answer(exchange);
    });
    const watch = new Followed((stop) => sourceAt(server.url, { clock }).watch({ kind: pods, scope: shop }, stop));
    await eventually(
      "it waits",
      () => clock.ahead().length === 1 && (clock.ahead()[0] ?? 0) >= 250 && (clock.ahead()[0] ?? 0) <= 500,
    );
    clock.advance(500);
    await watch.has("a", "b");
    await watch.end();
  });
});
