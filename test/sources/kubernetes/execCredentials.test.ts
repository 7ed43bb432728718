import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fill } from "../../../src/mesh/message.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { openCluster } from "../../../src/sources/kubernetes/openCluster.ts";
import type { ExecFields } from "../../../src/sources/kubernetes/kubeconfig/kubeconfigFile.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeApiServer, kubeconfigOf, sendJson, sendStatus, sourceAt } from "./fakeApiServer.ts";
import { HandClock } from "./handClock.ts";
import { pods } from "./kinds.ts";
import { quietLog } from "./quietLog.ts";

const { signal } = new AbortController();
const v1 = "client.authentication.k8s.io/v1";
const pod = { metadata: { name: "web" } };
const hintOf = (e: MeshError) => (e.hint ? fill(e.hint) : "");
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("an exec credential plugin", { skip: process.platform === "win32" && "its plugins are shell scripts" }, () => {
  let folder: string;
  let runs: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-exec-"));
    runs = path.join(folder, "runs");
  });
  after(() => rm(folder, { recursive: true }));

  // Each run adds a line to the file; the script sees $RUNS as its own count.
  const plugin = async (body: string, more: Partial<ExecFields> = {}): Promise<ExecFields> => {
    await writeFile(runs, "");
    const file = path.join(folder, `plugin-${body.length}-${Object.keys(more).length}`);
    await writeFile(
      file,
      `#!/bin/sh\necho "$$ $KUBERNETES_EXEC_INFO" >> ${runs}\nRUNS=$(wc -l < ${runs} | tr -d " ")\n${body}\n`,
    );
    await chmod(file, 0o755);
    return { command: file, apiVersion: v1, ...more };
  };
  const gives = (status: string, apiVersion = v1) =>
    `cat <<END\n{"kind":"ExecCredential","apiVersion":"${apiVersion}","status":${status}}\nEND`;
  const ran = async () => (await readFile(runs, "utf8")).split("\n").filter((line) => line !== "");
  const wanted = (token: string) =>
    FakeApiServer.start(({ request, response }) =>
      request.headers.authorization === `Bearer ${token}` ? sendJson(response, pod) : sendStatus(response, 401),
    );

  it("runs once for twenty parallel calls", async () => {
    await using server = await wanted("t1");
    const exec = await plugin(`sleep 0.2\n${gives('{"token":"t$RUNS"}')}`);
    const source = sourceAt(server.url, { user: { exec } });
    await Promise.all(Array.from({ length: 20 }, () => source.get(pods, "shop", "web", signal)));
    assert.equal((await ran()).length, 1);
  });

  it("runs once for two contexts of one kubeconfig that share its user", async () => {
    await using server = await wanted("t1");
    const kubeconfig = kubeconfigOf({ server: server.url }, { exec: await plugin(gives('{"token":"t$RUNS"}')) });
    const two = {
      ...kubeconfig,
      contexts: [...kubeconfig.contexts, { ...kubeconfig.contexts[0], name: "again" }],
    } as typeof kubeconfig;
    const options = { log: quietLog(), clock: systemClock, mayRun: () => true, env: {} };
    await Promise.all(
      ["test", "again"].map((name) => openCluster(two, name, options).get(pods, "shop", "web", signal)),
    );
    assert.equal((await ran()).length, 1);
  });

  for (const apiVersion of [v1, "client.authentication.k8s.io/v1beta1"]) {
    it(`of ${apiVersion} is told that nobody can be asked, and about the cluster where it wants`, async () => {
      await using server = await wanted("t1");
      const exec = await plugin(gives('{"token":"t$RUNS"}', apiVersion), { apiVersion, provideClusterInfo: true });
      const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "x" } }];
      const source = sourceAt(server.url, { user: { exec }, cluster: { extensions, "tls-server-name": "api" } });
      await source.get(pods, "shop", "web", signal);
      const info: unknown = JSON.parse(((await ran())[0] ?? "").replace(/^\d+ /, ""));
      assert.deepEqual(info, {
        kind: "ExecCredential",
        apiVersion,
        spec: {
          interactive: false,
          cluster: { server: server.url, "tls-server-name": "api", config: { audience: "x" } },
        },
      });
    });
  }

  it("gets its arguments and its own environment on top of the process's", async () => {
    await using server = await wanted("one-two three-outer");
    const exec = await plugin(gives('{"token":"$1-$2-$OUTER"}'), {
      args: ["one", "two three"],
      env: [{ name: "INNER", value: "x" }],
    });
    const source = sourceAt(server.url, { user: { exec }, options: { env: { ...process.env, OUTER: "outer" } } });
    await source.get(pods, "shop", "web", signal);
  });

  it("runs again ten seconds before its token expires, not earlier", async () => {
    const clock = new HandClock();
    const expiry = new Date(clock.now() + 60_000).toISOString();
    await using server = await FakeApiServer.start(({ response }) => sendJson(response, pod));
    const exec = await plugin(gives(`{"token":"t$RUNS","expirationTimestamp":"${expiry}"}`));
    const source = sourceAt(server.url, { user: { exec }, clock });
    for (const step of [0, 49_000, 2000]) {
      clock.advance(step);
      await source.get(pods, "shop", "web", signal);
    }
    assert.deepEqual(
      server.headers.map(({ authorization }) => authorization),
      ["Bearer t1", "Bearer t1", "Bearer t2"],
    );
  });

  it("runs once more when the server answers 401, for all who were refused together", async () => {
    await using server = await wanted("t2");
    const exec = await plugin(gives('{"token":"t$RUNS"}'));
    const source = sourceAt(server.url, { user: { exec } });
    await Promise.all([1, 2, 3, 4].map(() => source.get(pods, "shop", "web", signal)));
    assert.equal((await ran()).length, 2);
  });

  it("whose new token is refused too is not run for ever", async () => {
    await using server = await wanted("never");
    const exec = await plugin(gives('{"token":"t$RUNS"}'));
    await assert.rejects(sourceAt(server.url, { user: { exec } }).get(pods, "shop", "web", signal), {
      kind: "unauthorized",
    });
    assert.equal((await ran()).length, 2);
  });

  it("that hangs is killed with what it started after its time limit", async () => {
    const clock = new HandClock();
    const exec = await plugin(`sleep 600 & echo "$! child" >> ${runs}; wait`);
    const got = sourceAt("http://127.0.0.1:1", { user: { exec }, clock }).get(pods, "shop", "web", signal);
    await eventually("the plugin runs", async () => (await ran()).length === 2);
    clock.advance(60_000);
    await assert.rejects(got, (e) => MeshError.is(e, "timeout") && /did not finish within 60 s/.test(e.message));
    const pids = (await ran()).map((line) => Number.parseInt(line, 10));
    await eventually("both processes are gone", () => !pids.some(isAlive));
  });

  it("is killed when everybody who waits for it has given up, and not before", async () => {
    const stops = [new AbortController(), new AbortController()];
    const exec = await plugin("exec sleep 600");
    const source = sourceAt("http://127.0.0.1:1", { user: { exec } });
    const got = stops.map((stop) =>
      assert.rejects(source.get(pods, "shop", "web", stop.signal), { name: "AbortError" }),
    );
    await eventually("the plugin runs", async () => (await ran()).length === 1);
    const pid = Number.parseInt((await ran())[0] ?? "", 10);
    stops[0]?.abort();
    await got[0];
    assert.ok(isAlive(pid));
    stops[1]?.abort();
    await got[1];
    await eventually("the process is gone", () => !isAlive(pid));
  });

  it("that is not installed is reported with its install hint", async () => {
    const exec = { command: "foreyard-no-such-plugin", apiVersion: v1, installHint: "brew install it" };
    await assert.rejects(sourceAt("http://127.0.0.1:1", { user: { exec } }).get(pods, "shop", "web", signal), (e) => {
      assert.ok(MeshError.is(e, "misconfigured"));
      assert.match(e.message, /foreyard-no-such-plugin of user u was not found/);
      assert.equal(hintOf(e), "brew install it");
      return true;
    });
  });

  it("without a hint is said to have been looked for in PATH", async () => {
    const exec = { command: "foreyard-no-such-plugin", apiVersion: v1 };
    const got = sourceAt("http://127.0.0.1:1", { user: { exec } }).get(pods, "shop", "web", signal);
    await assert.rejects(got, (e) => MeshError.is(e) && /PATH/.test(hintOf(e)));
  });

  it("that fails is reported with its last words, without the secrets in them", async () => {
    const exec = await plugin('echo "token=SECRET123 expired, log in" >&2; exit 7');
    await assert.rejects(sourceAt("http://127.0.0.1:1", { user: { exec } }).get(pods, "shop", "web", signal), (e) => {
      assert.ok(MeshError.is(e, "unauthorized"));
      assert.match(e.message, /code 7: .*expired, log in/);
      assert.doesNotMatch(e.message, /SECRET123/);
      return true;
    });
  });

  for (const [what, body] of [
    ["no JSON", "echo hello"],
    ["another API version", gives('{"token":"t"}', "client.authentication.k8s.io/v1beta1")],
    ["no credential", gives("{}")],
    ["null", "echo null"],
  ] as const) {
    it(`that prints ${what} is bad data`, async () => {
      const exec = await plugin(body);
      const got = sourceAt("http://127.0.0.1:1", { user: { exec } }).get(pods, "shop", "web", signal);
      await assert.rejects(got, { kind: "bad-data" });
    });
  }

  it("that prints without end is stopped", async () => {
    const exec = await plugin("yes");
    await assert.rejects(sourceAt("http://127.0.0.1:1", { user: { exec } }).get(pods, "shop", "web", signal), (e) =>
      MeshError.is(e),
    );
    const [line = ""] = await ran();
    await eventually("the process is gone", () => !isAlive(Number.parseInt(line, 10)));
  });

  it("that needs a terminal is not run", async () => {
    const exec = await plugin(gives('{"token":"t"}'), { interactiveMode: "Always" });
    const got = sourceAt("http://127.0.0.1:1", { user: { exec } }).get(pods, "shop", "web", signal);
    await assert.rejects(got, { kind: "unsupported" });
    assert.deepEqual(await ran(), []);
  });

  it("of a kubeconfig that is not trusted is not run", async () => {
    const exec = await plugin(gives('{"token":"t"}'));
    const asked: string[] = [];
    const mayRun = (file: string) => asked.push(file) < 0;
    const got = sourceAt("http://127.0.0.1:1", { user: { exec }, options: { mayRun } }).get(
      pods,
      "shop",
      "web",
      signal,
    );
    await assert.rejects(got, (e) => MeshError.is(e, "misconfigured") && /not trusted/.test(e.message));
    assert.deepEqual(asked, ["/home/dev/config"]);
    assert.deepEqual(await ran(), []);
  });
});
