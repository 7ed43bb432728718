import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import { WebSocketServer, type WebSocket } from "ws";
import { fill } from "../../../src/mesh/message.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeApiServer, sendJson, sendStatus, sourceAt } from "./fakeApiServer.ts";

const { signal } = new AbortController();
const command = { namespace: "shop", pod: "web", container: "app", command: ["x"] };
const frame = (channel: number, data: string | Buffer) => Buffer.concat([Buffer.of(channel), Buffer.from(data)]);
const succeeded = frame(3, JSON.stringify({ status: "Success" }));

/** An API server whose pods' streams the test plays. */
async function startPods(play: (socket: WebSocket, path: string) => void) {
  const server = createServer((_, response) => sendJson(response, { metadata: { name: "web" } }));
  const streams = new WebSocketServer({ server, handleProtocols: () => "v4.channel.k8s.io" });
  streams.on("connection", (socket, request) => play(socket, request.url ?? ""));
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    streams,
    sockets,
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

describe("a command in a pod", () => {
  it("is asked for with its words, and gives both outputs and its exit code", async () => {
    const asked: string[] = [];
    const failed = { status: "Failure", details: { causes: [{ reason: "ExitCode", message: "4" }] } };
    using pods = await startPods((socket, asks) => {
      asked.push(asks);
      socket.send(frame(1, "out "));
      socket.send(frame(2, "err"));
      socket.send(frame(1, "put"));
      socket.send(frame(3, JSON.stringify(failed)));
    });
    const result = await sourceAt(pods.url).exec({ ...command, command: ["a b", "c&d"] }, signal);
    assert.deepEqual(result, { exitCode: 4, output: "out put", errorOutput: "err" });
    assert.deepEqual(asked, [
      "/api/v1/namespaces/shop/pods/web/exec?stdout=true&stderr=true&stdin=false&tty=false&command=a%20b&command=c%26d&container=app",
    ]);
  });

  it("that cannot be started throws what the server says", async () => {
    using pods = await startPods((socket) =>
      socket.send(frame(3, JSON.stringify({ status: "Failure", message: "no such container" }))),
    );
    await assert.rejects(
      sourceAt(pods.url).exec(command, signal),
      (e) => MeshError.is(e, "invalid") && /no such container/.test(e.message),
    );
  });

  for (const [what, play] of [
    ["a frame of an unknown channel", (socket: WebSocket) => socket.send(frame(9, "?"))],
    ["a result that is not JSON", (socket: WebSocket) => socket.send(frame(3, "{"))],
    ["an end without a result", (socket: WebSocket) => socket.close()],
  ] as const) {
    it(`that is answered with ${what} is bad data, and nothing else breaks`, async () => {
      using pods = await startPods(play);
      await assert.rejects(sourceAt(pods.url).exec(command, signal), { kind: "bad-data" });
      await eventually("the stream is closed", () => pods.streams.clients.size === 0);
    });
  }

  it("survives empty frames and words outside any channel", async () => {
    using pods = await startPods((socket) => {
      socket.send(Buffer.of());
      socket.send(Buffer.of(255, 1));
      socket.send(frame(1, "ok"));
      socket.send(succeeded);
    });
    assert.equal((await sourceAt(pods.url).exec(command, signal)).output, "ok");
  });

  it("that prints without end is stopped at a limit", async () => {
    using pods = await startPods((socket) => {
      const more = (e?: Error) => {
        if (!e) socket.send(frame(1, Buffer.alloc(1024 * 1024)), more);
      };
      more();
    });
    await assert.rejects(
      sourceAt(pods.url).exec(command, signal),
      (e) => MeshError.is(e, "bad-data") && /more than 16 MB/.test(e.hint ? fill(e.hint) : ""),
    );
  });

  it("closes its stream when the caller gives up", async () => {
    using pods = await startPods(() => undefined);
    const stop = new AbortController();
    const result = sourceAt(pods.url).exec(command, stop.signal);
    await eventually("the stream is open", () => pods.streams.clients.size === 1);
    stop.abort();
    await assert.rejects(result, { name: "AbortError" });
    await eventually("the stream is closed", () => pods.streams.clients.size === 0);
  });

  it("opens no stream for a caller who gave up before", async () => {
    const asked: string[] = [];
    using pods = await startPods((socket, asks) => {
      asked.push(asks);
      socket.send(succeeded);
    });
    const source = sourceAt(pods.url);
    await assert.rejects(source.exec({ ...command, command: ["late"] }, AbortSignal.abort()), { name: "AbortError" });
    // Whatever the first had begun would have arrived before these.
    for (let i = 0; i < 3; i++) await source.exec(command, signal);
    assert.equal(asked.filter((each) => each.includes("late")).length, 0);
  });

  it("signs itself anew after a refusal", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "foreyard-token-"));
    const tokenFile = path.join(folder, "token");
    const server = createServer();
    const streams = new WebSocketServer({ noServer: true, handleProtocols: () => "v4.channel.k8s.io" });
    server.on("upgrade", (request, socket, head) => {
      if (request.headers.authorization !== "Bearer new") socket.end("HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n");
      else streams.handleUpgrade(request, socket, head, (stream) => stream.send(succeeded));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const source = sourceAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { user: { tokenFile } });
    writeFileSync(tokenFile, "old");
    await assert.rejects(source.exec(command, signal), (e) => MeshError.is(e, "unauthorized"));
    writeFileSync(tokenFile, "new");
    assert.equal((await source.exec(command, signal)).exitCode, 0);
    source.dispose();
    server.close();
    rmSync(folder, { recursive: true });
  });

  it("that may not be run says which right is missing", async () => {
    const refusing = createServer();
    refusing.on("upgrade", (_, socket) => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    await new Promise<void>((resolve) => refusing.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    await assert.rejects(sourceAt(url).exec(command, signal), (e) => {
      assert.ok(MeshError.is(e, "forbidden"));
      assert.match(e.hint ? fill(e.hint) : "", /can-i create pods --subresource=exec --namespace shop/);
      return true;
    });
    refusing.close();
  });
});

describe("a forward", () => {
  // Both channels of a port begin with its number.
  const ports = (socket: WebSocket) => {
    for (const channel of [0, 1]) socket.send(frame(channel, Buffer.from(Uint16Array.of(9090).buffer)));
  };
  const target = { namespace: "shop", pod: "web", port: 9090 };

  it("carries bytes both ways, also for a client that ends its half first", async () => {
    using pods = await startPods((socket) => {
      ports(socket);
      socket.on("message", (data: Buffer) => {
        if (data[0] !== 0 || data.length === 1) return;
        setImmediate(() => {
          socket.send(frame(0, `echo ${data.subarray(1).toString()}`));
          socket.close();
        });
      });
    });
    const forward = await sourceAt(pods.url).forward(target, signal);
    const client = connect(forward.localPort, "127.0.0.1");
    client.end("hello");
    assert.equal(await text(client), "echo hello");
    forward.dispose();
  });

  it("ends the connection, and keeps listening, when the pod complains", async () => {
    using pods = await startPods((socket) => {
      ports(socket);
      socket.send(frame(1, "connection refused"));
    });
    const source = sourceAt(pods.url);
    const forward = await source.forward(target, signal);
    for (let i = 0; i < 2; i++) assert.equal(await text(connect(forward.localPort, "127.0.0.1")), "");
    const said = source.log.lines.filter(({ what }) => what === "port-forward").map(({ facts }) => facts["said"]);
    assert.deepEqual(said, ["connection refused", "connection refused"]);
    forward.dispose();
  });

  it("closes its connections and its port when the source is disposed", async () => {
    using pods = await startPods(ports);
    const source = sourceAt(pods.url);
    const { localPort } = await source.forward(target, signal);
    const client = connect(localPort, "127.0.0.1");
    await eventually("the stream is open", () => pods.streams.clients.size === 1);
    source.dispose();
    assert.equal(await text(client), "");
    await eventually("the stream is closed", () => pods.streams.clients.size === 0);
    const again = connect(localPort, "127.0.0.1");
    await assert.rejects(text(again), { code: "ECONNREFUSED" });
  });

  it("to a pod that is not there is refused before anything listens", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendStatus(response, 404));
    await assert.rejects(sourceAt(server.url).forward(target, signal), { kind: "not-found" });
  });
});

describe("a followed log", () => {
  it("comes line by line as it is written, whatever the cuts, until the caller leaves", async () => {
    const bytes = Buffer.from("one\nzwö\r\nthree\n");
    await using server = await FakeApiServer.start(({ response }) => {
      response.write(bytes.subarray(0, 6));
      setImmediate(() => response.write(bytes.subarray(6)));
    });
    const lines: string[] = [];
    const query = { namespace: "shop", pod: "web", container: "app", follow: true, tailLines: 5 };
    for await (const line of sourceAt(server.url).logs(query, signal)) {
      if (lines.push(line) === 3) break;
    }
    assert.deepEqual(lines, ["one", "zwö", "three"]);
    assert.deepEqual(server.asked, ["/api/v1/namespaces/shop/pods/web/log?container=app&follow=true&tailLines=5"]);
    await eventually("the socket is closed", () => server.sockets.size === 0);
  });

  it("of a container that does not run says what the server says", async () => {
    await using server = await FakeApiServer.start(({ response }) =>
      sendStatus(response, 400, "container app is waiting to start"),
    );
    const query = { namespace: "shop", pod: "web", container: "app" };
    const read = async () => {
      for await (const line of sourceAt(server.url).logs(query, signal)) assert.fail(line);
    };
    await assert.rejects(read, (e) => MeshError.is(e, "invalid") && /waiting to start/.test(e.message));
  });
});
