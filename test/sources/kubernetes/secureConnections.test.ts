import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { fileURLToPath } from "node:url";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { proxyOfEnv } from "../../../src/sources/kubernetes/http/proxyOfEnv.ts";
import { FakeApiServer, sendJson, sourceAt } from "./fakeApiServer.ts";
import { pods } from "./kinds.ts";

const { signal } = new AbortController();
const pod = { metadata: { name: "web" } };
const pki = new URL("../../fixtures/kubeconfig/pki/", import.meta.url);
const [ca, cert, key, clientCert, clientKey] = await Promise.all(
  ["ca.crt", "server.crt", "server.key", "client.crt", "client.key"].map((name) => readFile(new URL(name, pki))),
);
const base64 = (pem: Buffer | undefined) => (pem ?? Buffer.of()).toString("base64");
const authority = { "certificate-authority-data": base64(ca) };
const startTls = (more: object = {}) =>
  FakeApiServer.start(
    ({ request, response }) => {
      const subject = (request.socket as unknown as Pick<TLSSocket, "getPeerCertificate">).getPeerCertificate()
        .subject as { CN?: string } | undefined;
      sendJson(response, { metadata: { name: subject?.CN ?? "nobody" } });
    },
    { cert, key, ca, ...more },
  );
const get = async (...way: Parameters<typeof sourceAt>) =>
  (await sourceAt(...way).get(pods, "shop", "web", signal)).metadata.name;

describe("a server with a certificate", () => {
  it("is trusted by the authority of the kubeconfig, under the name it tells", async () => {
    await using server = await startTls();
    const cluster = { ...authority, "tls-server-name": "api.test" };
    assert.equal(await get(server.url, { cluster }), "nobody");
  });

  it("is trusted by an authority in a file", async () => {
    await using server = await startTls();
    const cluster = { "certificate-authority": fileURLToPath(new URL("ca.crt", pki)), "tls-server-name": "localhost" };
    assert.equal(await get(server.url, { cluster }), "nobody");
  });

  it("is not trusted under another name", async () => {
    await using server = await startTls();
    await assert.rejects(
      get(server.url, { cluster: authority }),
      (e) => MeshError.is(e, "unreachable") && /ALTNAME/.test(e.message),
    );
  });

  it("is not trusted without its authority", async () => {
    await using server = await startTls();
    const cluster = { "tls-server-name": "api.test" };
    await assert.rejects(
      get(server.url, { cluster }),
      (e) => MeshError.is(e, "unreachable") && /not trusted/.test(e.message),
    );
  });

  it("is taken as it is where the kubeconfig says so", async () => {
    await using server = await startTls();
    assert.equal(await get(server.url, { cluster: { "insecure-skip-tls-verify": true } }), "nobody");
  });

  it("sees the client's certificate, from data or from files", async () => {
    await using server = await startTls({ requestCert: true, rejectUnauthorized: true });
    const cluster = { ...authority, "tls-server-name": "api.test" };
    const data = { "client-certificate-data": base64(clientCert), "client-key-data": base64(clientKey) };
    const file = (name: string) => fileURLToPath(new URL(name, pki));
    const files = { "client-certificate": file("client.crt"), "client-key": file("client.key") };
    assert.equal(await get(server.url, { cluster, user: data }), "client");
    assert.equal(await get(server.url, { cluster, user: files }), "client");
  });

  it("that wants a client's certificate says no in words to who has none", async () => {
    await using server = await startTls({ requestCert: true, rejectUnauthorized: true });
    const cluster = { ...authority, "tls-server-name": "api.test" };
    await assert.rejects(get(server.url, { cluster }), { kind: "unreachable" });
  });

  it("is no secure server where it speaks plain HTTP", async () => {
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, pod));
    await assert.rejects(get(server.url.replace("http:", "https:")), { kind: "unreachable" });
  });

  it("keeps the connection for the next request", async () => {
    await using server = await startTls();
    const source = sourceAt(server.url, { cluster: { ...authority, "tls-server-name": "api.test" } });
    for (let i = 0; i < 3; i++) await source.get(pods, "shop", "web", signal);
    assert.equal(server.sockets.size, 1);
  });
});

/** A CONNECT proxy that notes where it was asked to go. */
class Proxy {
  readonly asked: string[] = [];
  readonly sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(answer: (socket: Socket, host: string, auth: string | undefined) => void) {
    this.#server = createServer();
    this.#server.on("connect", (request, socket: Socket) => {
      this.sockets.add(socket);
      socket.on("error", () => undefined);
      this.asked.push(request.url ?? "");
      answer(socket, request.url ?? "", request.headers["proxy-authorization"]);
    });
  }

  static passing(credentials?: string): Proxy {
    return new Proxy((socket, host, auth) => {
      if (credentials !== undefined && auth !== `Basic ${Buffer.from(credentials).toString("base64")}`) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
      }
      const [name = "", port = ""] = host.split(":");
      const onward = connect(Number(port), name, () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
    });
  }

  async url(credentials = ""): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return `http://${credentials}127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  [Symbol.dispose](): void {
    for (const socket of this.sockets) socket.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

describe("a proxy", () => {
  const named = { ...authority, "tls-server-name": "api.test" };

  it("named by the kubeconfig carries requests, with its own credentials", async () => {
    await using server = await startTls();
    using proxy = Proxy.passing("ann:s3cret");
    const cluster = { ...named, "proxy-url": await proxy.url("ann:s3cret@") };
    assert.equal(await get(server.url, { cluster }), "nobody");
    assert.deepEqual(proxy.asked, [new URL(server.url).host]);
  });

  it("that refuses is named as what refused, without its credentials", async () => {
    await using server = await startTls();
    using proxy = Proxy.passing("ann:s3cret");
    const cluster = { ...named, "proxy-url": await proxy.url("ann:wrong@") };
    await assert.rejects(
      get(server.url, { cluster }),
      (e) => MeshError.is(e, "unreachable") && /proxy.*407/.test(e.message) && !e.message.includes("wrong"),
    );
  });

  it("that never answers ends within the connection limit", async () => {
    await using server = await startTls();
    using proxy = new Proxy(() => undefined);
    const cluster = { ...named, "proxy-url": await proxy.url() };
    await assert.rejects(get(server.url, { cluster, options: { limits: { connectMs: 50 } } }), { kind: "timeout" });
  });

  it("of the environment is used for servers that are elsewhere", async () => {
    using proxy = new Proxy((socket) => socket.end("HTTP/1.1 503 No\r\n\r\n"));
    const env = { HTTPS_PROXY: await proxy.url() };
    await assert.rejects(get("https://api.test:6443", { options: { env } }), { kind: "unreachable" });
    assert.deepEqual(proxy.asked, ["api.test:6443"]);
  });

  const rules: readonly (readonly [string, Record<string, string>, string | undefined])[] = [
    ["https://k:6443", { HTTPS_PROXY: "http://p:1" }, "http://p:1"],
    ["https://k:6443", { https_proxy: "p:1" }, "http://p:1"],
    ["https://k:6443", { HTTP_PROXY: "http://p:1" }, undefined],
    ["http://k:8080", { HTTP_PROXY: "http://p:1" }, "http://p:1"],
    ["https://localhost", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://127.1.2.3", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://[::1]:6443", { HTTPS_PROXY: "http://p:1" }, undefined],
    ["https://a.corp.example", { HTTPS_PROXY: "http://p:1", NO_PROXY: "corp.example" }, undefined],
    ["https://corp.example", { HTTPS_PROXY: "http://p:1", NO_PROXY: "corp.example" }, undefined],
    ["https://xcorp.example", { HTTPS_PROXY: "http://p:1", NO_PROXY: "corp.example" }, "http://p:1"],
    ["https://corp.example", { HTTPS_PROXY: "http://p:1", NO_PROXY: ".corp.example" }, "http://p:1"],
    ["https://a.corp.example", { HTTPS_PROXY: "http://p:1", no_proxy: "x, .CORP.example" }, undefined],
    ["https://a.corp.example:6443", { HTTPS_PROXY: "http://p:1", NO_PROXY: "corp.example:443" }, "http://p:1"],
    ["https://a.corp.example", { HTTPS_PROXY: "http://p:1", NO_PROXY: "corp.example:443" }, undefined],
    ["https://10.1.2.3", { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.0/8" }, undefined],
    ["https://11.1.2.3", { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.0.0.0/8,10.0.0.0/99,nonsense/8" }, "http://p:1"],
    ["https://[fd00::7]", { HTTPS_PROXY: "http://p:1", NO_PROXY: "fd00::/8" }, undefined],
    ["https://10.1.2.3", { HTTPS_PROXY: "http://p:1", NO_PROXY: "10.1.2.3" }, undefined],
    ["https://k", { HTTPS_PROXY: "http://p:1", NO_PROXY: "*" }, undefined],
    ["https://k", {}, undefined],
  ];
  for (const [server, env, proxy] of rules) {
    it(`for ${server} with ${JSON.stringify(env)} is ${proxy ?? "none"}`, () => {
      assert.equal(proxyOfEnv(new URL(server), env), proxy);
    });
  }
});
