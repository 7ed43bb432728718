import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { isAbort, MeshError } from "../../../src/mesh/meshError.ts";
import { commandAuthorization, fixedAuthorization } from "../../../src/sources/prometheus/http/authorization.ts";
import { HttpTransport, type HttpTarget } from "../../../src/sources/prometheus/http/httpTransport.ts";
import { eventually } from "../../support/eventually.ts";
import { sendJson, startFakeStore, type Answering, type FakeStore } from "./fakeStore.ts";
import { ManualClock, realClock } from "./surroundings.ts";

const ask = { method: "POST", path: "/api/v1/query", body: "query=up" } as const;
const never = new AbortController().signal;
const tlsFolder = fileURLToPath(new URL("../../fixtures/prometheus/tls/", import.meta.url));
const stores: FakeStore[] = [];
after(() => stores.forEach((store) => store.close()));

async function store(answer: Answering, tls?: Parameters<typeof startFakeStore>[1]): Promise<FakeStore> {
  const started = await startFakeStore(answer, tls);
  stores.push(started);
  return started;
}

function transportTo(url: string, part: Partial<HttpTarget> = {}, clock = realClock): HttpTransport {
  const target = {
    url: new URL(url),
    label: "the store",
    headers: {},
    authorization: fixedAuthorization(undefined),
    tls: {},
  };
  return new HttpTransport({ ...target, ...part }, clock, { milliseconds: 30_000, bytes: 1_000_000 });
}

async function failure(promise: Promise<unknown>): Promise<MeshError> {
  const e: unknown = await promise.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (MeshError.is(e)) return e;
  throw e;
}

describe("speaking HTTP with a store", () => {
  it("sends the form below the path of the address, with headers and credentials", async () => {
    const { url, asked } = await store((_, response) => sendJson(response, {}));
    const authorization = fixedAuthorization({ user: "me", password: "pä:ss" });
    await transportTo(`${url}/deep/down/`, { headers: { "X-Scope-OrgID": "team" }, authorization }).send(ask, never);
    const [{ method, path, params, headers } = assert.fail()] = asked;
    assert.deepEqual([method, path, params.get("query")], ["POST", "/deep/down/api/v1/query", "up"]);
    assert.equal(headers["x-scope-orgid"], "team");
    assert.equal(headers.authorization, `Basic ${Buffer.from("me:pä:ss").toString("base64")}`);
  });

  it("gives any status back as an answer", async () => {
    const { url } = await store((_, response) => response.writeHead(503).end("busy"));
    assert.deepEqual(await transportTo(url).send(ask, never), {
      status: 503,
      contentType: "",
      body: "busy",
    });
  });

  it("unpacks gzip", async () => {
    const { url } = await store((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("hello"));
    });
    assert.equal((await transportTo(url).send(ask, never)).body, "hello");
  });

  it("says that a broken gzip is broken", async () => {
    const { url } = await store((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("hello"));
    assert.equal((await failure(transportTo(url).send(ask, never))).kind, "bad-data");
  });

  it("stops reading an answer that is too large, packed or not", async () => {
    const endless = await store((_, response) => {
      const more = (): void => {
        if (response.writable) response.write("x".repeat(65_536), more);
      };
      response.on("error", () => undefined);
      more();
    });
    const packed = await store((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(50_000_000)));
    });
    for (const { url } of [endless, packed]) {
      const e = await failure(transportTo(url).send(ask, never));
      assert.deepEqual([e.kind, /more than 1 MB/.test(e.message)], ["bad-data", true]);
    }
  });

  it("says so when the connection is cut in the middle of the answer", async () => {
    for (const headers of [{ "content-length": "100" }, { "content-length": "100", "content-encoding": "gzip" }]) {
      const { url } = await store((_, response) => {
        response.writeHead(200, headers).write(gzipSync("half").subarray(0, 12));
        setImmediate(() => response.destroy());
      });
      assert.equal((await failure(transportTo(url).send(ask, never))).kind, "unreachable");
    }
  });

  it("says so when nobody listens", async () => {
    const gone = await store(() => undefined);
    gone.close();
    const e = await failure(transportTo(gone.url).send(ask, never));
    assert.deepEqual(
      [e.kind, e.message, e.hint !== undefined],
      ["unreachable", "the store cannot be reached: ECONNREFUSED.", true],
    );
  });

  it("gives up after the time limit on a server that never answers", async () => {
    const clock = new ManualClock();
    const silent = await store(() => undefined);
    const sent = failure(transportTo(silent.url, {}, clock).send(ask, never));
    await eventually("the question arrived", () => silent.asked.length > 0);
    clock.advance(30_000);
    assert.equal((await sent).kind, "timeout");
  });

  it("closes the socket when the caller aborts, and throws the abort itself", async () => {
    const abort = new AbortController();
    let isClosed = false;
    const silent = await store((_, response) => void response.on("close", () => (isClosed = true)));
    const sent = transportTo(silent.url).send(ask, abort.signal);
    await eventually("the question arrived", () => silent.asked.length > 0);
    abort.abort();
    await assert.rejects(sent, isAbort);
    await eventually("the server's side closed", () => isClosed);
  });

  it("asks nothing when it is aborted already", async () => {
    const { url, asked } = await store((_, response) => sendJson(response, {}));
    await assert.rejects(transportTo(url).send(ask, AbortSignal.abort()), isAbort);
    assert.deepEqual(asked, []);
  });

  it("closes its idle connections when disposed", async () => {
    let closed = 0;
    const { url } = await store((_, response) => {
      response.socket?.on("close", () => closed++);
      sendJson(response, {});
    });
    const transport = transportTo(url);
    await transport.send(ask, never);
    assert.equal(closed, 0);
    transport.dispose();
    await eventually("the connection closed", () => closed === 1);
  });

  it("follows a redirect within the address, with credentials", async () => {
    const { url, asked } = await store(({ path }, response) => {
      if (path.startsWith("/new")) sendJson(response, {});
      else response.writeHead(308, { location: `/new${path}` }).end();
    });
    const authorization = fixedAuthorization({ bearer: "t0ken" });
    assert.equal((await transportTo(url, { authorization }).send(ask, never)).status, 200);
    assert.deepEqual(
      asked.map(({ method, path, headers, params }) => [method, path, headers.authorization, params.get("query")]),
      ["/api/v1/query", "/new/api/v1/query"].map((path) => ["POST", path, "Bearer t0ken", "up"]),
    );
  });

  it("sends nothing to another host or port that a redirect names", async () => {
    const thief = await store((_, response) => sendJson(response, {}));
    const { url } = await store((_, response) => response.writeHead(307, { location: `${thief.url}/steal` }).end());
    const part = { headers: { "x-key": "secret" }, authorization: fixedAuthorization({ bearer: "t0ken" }) };
    const e = await failure(transportTo(url, part).send(ask, never));
    assert.deepEqual([e.kind, thief.asked.length], ["misconfigured", 0]);
    assert.match(e.message, new RegExp(`sends us on to ${thief.url}`));
  });

  it("ends a circle of redirects", async () => {
    const { url } = await store((_, response) => response.writeHead(302, { location: "/again" }).end());
    assert.match((await failure(transportTo(url).send(ask, never))).message, /circle/);
  });

  it("explains a header that HTTP does not allow, without its value", async () => {
    const { url } = await store((_, response) => sendJson(response, {}));
    const e = await failure(transportTo(url, { headers: { "x-key": "se\ncret" } }).send(ask, never));
    assert.deepEqual([e.kind, /cret/.test(e.message)], ["misconfigured", false]);
  });
});

describe("speaking HTTPS with a store", () => {
  const pem = (name: string): Buffer => readFileSync(`${tlsFolder}${name}`);
  const own = { cert: pem("server.pem"), key: pem("server.key") };
  const answer: Answering = (_, response) => sendJson(response, {});

  it("trusts an authority of the settings", async () => {
    const { url } = await store(answer, own);
    assert.equal((await transportTo(url, { tls: { caFile: `${tlsFolder}ca.pem` } }).send(ask, never)).status, 200);
  });

  it("refuses a certificate of an authority that it does not know, and says what to do", async () => {
    const { url, asked } = await store(answer, own);
    const e = await failure(transportTo(url).send(ask, never));
    assert.match(e.message, /cannot be trusted/);
    assert.deepEqual([e.kind, e.hint !== undefined, asked.length], ["unreachable", true, 0]);
  });

  it("accepts any certificate only when told to", async () => {
    const { url } = await store(answer, own);
    assert.equal((await transportTo(url, { tls: { insecureSkipVerify: true } }).send(ask, never)).status, 200);
  });

  it("shows a client certificate", async () => {
    const { url } = await store(answer, { ...own, ca: pem("ca.pem"), requestCert: true, rejectUnauthorized: true });
    const tls = { caFile: `${tlsFolder}ca.pem`, certFile: `${tlsFolder}client.pem`, keyFile: `${tlsFolder}client.key` };
    assert.equal((await transportTo(url, { tls }).send(ask, never)).status, 200);
    const { caFile } = tls;
    assert.equal((await failure(transportTo(url, { tls: { caFile } }).send(ask, never))).kind, "unreachable");
  });

  it("names the file it cannot read", async () => {
    const { url } = await store(answer, own);
    const e = await failure(transportTo(url, { tls: { caFile: "/no/such/file.pem" } }).send(ask, never));
    assert.deepEqual([e.kind, /\/no\/such\/file\.pem/.test(e.message)], ["misconfigured", true]);
  });
});

describe("a token command", () => {
  const script = (code: string): readonly string[] => [process.execPath, "-e", code];

  it("gives its token to the store, from one process for any number of questions", async () => {
    const { url, asked } = await store((_, response) => sendJson(response, {}));
    const authorization = commandAuthorization(script("console.log('t' + process.pid)"), realClock);
    const transport = transportTo(url, { authorization });
    await Promise.all([1, 2, 3].map(() => transport.send(ask, never)));
    await transport.send(ask, never);
    const tokens = new Set(asked.map(({ headers }) => headers.authorization));
    assert.deepEqual([asked.length, tokens.size], [4, 1]);
  });

  it("is started again after a 401, once", async () => {
    const { url, asked } = await store((_, response) => sendJson(response, {}, 401));
    const authorization = commandAuthorization(script("console.log('t' + process.pid)"), realClock);
    assert.equal((await transportTo(url, { authorization }).send(ask, never)).status, 401);
    assert.equal(new Set(asked.map(({ headers }) => headers.authorization)).size, 2);
    assert.equal(asked.length, 2);
  });

  it("is started again when its token is about to expire", async () => {
    const clock = new ManualClock();
    const expirationTimestamp = new Date(clock.now() + 60_000).toISOString();
    const credential = `{status: {token: 't' + process.pid, expirationTimestamp: '${expirationTimestamp}'}}`;
    const authorization = commandAuthorization(script(`console.log(JSON.stringify(${credential}))`), clock);
    const first = await authorization.header(never);
    clock.advance(40_000);
    assert.equal(await authorization.header(never), first);
    clock.advance(15_000);
    assert.notEqual(await authorization.header(never), first);
  });

  it("is given up after a minute", async () => {
    const clock = new ManualClock();
    const failed = failure(commandAuthorization(script("setInterval(() => {}, 1000)"), clock).header(never));
    clock.advance(60_000);
    assert.equal((await failed).kind, "timeout");
  });

  it("does not run through a shell", async () => {
    const authorization = commandAuthorization([process.execPath, "-p", "'a' + 'b'", "; echo c"], realClock);
    assert.equal(await authorization.header(never), "Bearer ab");
  });

  const bad: readonly (readonly [what: string, command: readonly string[], told: RegExp])[] = [
    ["does not exist", ["/no/such/program"], /ENOENT/],
    ["fails", script("console.error('s3cret'); process.exit(3)"), /exit code 3/],
    ["prints nothing", script(""), /no token/],
    ["prints two lines", script("console.log('a\\nb')"), /no token/],
    ["prints JSON without a token", script("console.log('{}')"), /no token/],
    ["prints too much", script("console.log('x'.repeat(3_000_000))"), /too much/],
  ];
  for (const [what, command, told] of bad) {
    it(`that ${what} is explained without what it printed`, async () => {
      const e = await failure(commandAuthorization(command, realClock).header(never));
      assert.match(e.message, told);
      assert.doesNotMatch(e.message, /s3cret/);
    });
  }
});
