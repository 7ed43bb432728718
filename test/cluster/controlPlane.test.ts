import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { eventually } from "../support/eventually.ts";
import { output } from "../support/programOutput.ts";
import { listItems, type Item } from "./api.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "./controlPlane.ts";
import { applyIstioCrds } from "./istioCrds.ts";
import { watch } from "./watching.ts";

const skip = await controlPlaneSkip();

// One control plane for the file. Its tests build on each other's objects only where their names say so; each restart
// comes after those that would feel it.
describe("the control plane", { skip, timeout: 180_000 }, () => {
  let cluster: ControlPlane;
  let files: string;
  let backend: Server;

  before(async () => {
    files = await mkdtemp(path.join(tmpdir(), "foreyard-node-"));
    await mkdir(path.join(files, "logs/demo/web"), { recursive: true });
    await writeFile(path.join(files, "logs/demo/web/app.log"), "line one\nline two\nline three\n");
    await writeFile(path.join(files, "config_dump.json"), '{"configs":[]}\n');
    backend = createServer((_, response) => response.end("mapped backend"));
    await new Promise<void>((resolve) => backend.listen(0, "127.0.0.1", resolve));
    cluster = await startControlPlane({
      viewerNamespace: "demo",
      audit: true,
      apiServerFlags: ["--watch-cache-sizes=configmaps#0"], // so that compaction is felt at once
      nodeFlags: [
        `--logs=${files}/logs`,
        `--exec=pilot-agent request GET config_dump=${files}/config_dump.json`,
        `--map=demo/web:9090=127.0.0.1:${(backend.address() as AddressInfo).port}`,
      ],
    });
    // The container is called app, so that it is found under its log file's name.
    const containers = [{ name: "app", image: "none", ports: [{ containerPort: 8080 }] }];
    const { status } = await cluster.api("POST", "/apis/apps/v1/namespaces/demo/deployments", {
      metadata: { name: "web" },
      spec: {
        replicas: 3,
        selector: { matchLabels: { app: "web" } },
        template: { metadata: { labels: { app: "web" } }, spec: { containers } },
      },
    });
    assert.equal(status, 201);
    await cluster.kubectl("rollout", "status", "deployment/web", "-n", "demo", "--timeout=30s");
  });
  after(async () => {
    backend.close();
    await rm(files, { recursive: true });
    await cluster.stop();
    assert.equal(existsSync(cluster.folder), false);
  });

  const list = (url: string): Promise<readonly Item[]> => listItems(cluster.api, url);
  const webPods = () => list("/api/v1/namespaces/demo/pods?labelSelector=app=web");
  const statusFor = async (user: keyof ControlPlane["kubeconfigs"], url: string) => {
    const text = await readFile(cluster.kubeconfigs[user], "utf8");
    const { users } = JSON.parse(text) as { users: [{ user: { token: string } }] };
    return (await cluster.api("GET", url, undefined, { token: users[0].user.token })).status;
  };

  describe("workloads", () => {
    it("turns a Deployment into running pods with addresses of their own on both nodes", async () => {
      const pods = await webPods();
      assert.deepEqual(
        pods.map((pod) => pod.status?.phase),
        ["Running", "Running", "Running"],
      );
      assert.equal(new Set(pods.map((pod) => pod.spec?.nodeName)).size, 2);
      assert.equal(new Set(pods.map((pod) => pod.status?.podIP)).size, 3);
    });

    it("keeps EndpointSlices true while a Deployment is scaled", async () => {
      await cluster.kubectl("expose", "deployment", "web", "-n", "demo", "--port=80", "--target-port=8080");
      const ready = async () => {
        const slices = await list("/apis/discovery.k8s.io/v1/namespaces/demo/endpointslices");
        return slices.flatMap((slice) => slice.endpoints ?? []).filter(({ conditions }) => conditions.ready);
      };
      await eventually("3 endpoints", async () => (await ready()).length === 3);
      await cluster.kubectl("scale", "deployment/web", "-n", "demo", "--replicas=1");
      await eventually("1 endpoint", async () => (await ready()).length === 1);
      await eventually("1 pod", async () => (await webPods()).length === 1);
    });

    it("gives a pod the status that its annotation asks for", async () => {
      const status = JSON.stringify({ phase: "Failed", reason: "Evicted" });
      await cluster.api("POST", "/api/v1/namespaces/demo/pods", {
        metadata: { name: "evicted", annotations: { "node.test/status": status } },
        spec: { containers: [{ name: "app", image: "none" }] },
      });
      await eventually("an evicted pod", async () => {
        const pods = await list("/api/v1/namespaces/demo/pods?fieldSelector=metadata.name=evicted");
        return pods.some((pod) => pod.status?.reason === "Evicted");
      });
    });
  });

  describe("access", () => {
    it("lets the viewer read one namespace, but no secrets in it", async () => {
      assert.equal(await statusFor("viewer", "/api/v1/namespaces/demo/pods"), 200);
      assert.equal(await statusFor("viewer", "/api/v1/namespaces/demo/secrets"), 403);
      assert.equal(await statusFor("viewer", "/api/v1/namespaces/default/pods"), 403);
    });

    for (const user of ["invalid", "expired"] as const) {
      it(`does not know the ${user} token`, async () => {
        assert.equal(await statusFor(user, "/api/v1/namespaces/demo/pods"), 401);
      });
    }

    it("keeps an audit log of what users did, without the driver's own requests", async () => {
      await statusFor("admin", "/api/v1/namespaces/demo/services?limit=7");
      const event = await eventually("the request", async () =>
        (await cluster.auditEvents()).find(({ requestURI }) => requestURI.endsWith("/services?limit=7")),
      );
      assert.deepEqual([event.user.username, event.verb, event.responseStatus?.code], ["admin", "list", 200]);
      const users = new Set((await cluster.auditEvents()).map(({ user }) => user.username));
      assert.equal(users.has("driver") || users.has("components"), false);
    });
  });

  describe("containers", () => {
    const exec = (...command: readonly string[]) =>
      cluster.kubectl("exec", "-n", "demo", "deploy/web", "--", ...command);

    it("have the end of their log read", async () => {
      assert.equal(await cluster.kubectl("logs", "-n", "demo", "deploy/web", "--tail=2"), "line two\nline three\n");
    });

    it("have their log followed", async () => {
      const follow = kubectlInBackground(cluster, {}, "logs", "-f", "-n", "demo", "deploy/web", "--tail=1");
      const lines: string[] = [];
      for await (const line of follow.lines) if (lines.push(line) === 4) break;
      follow.child.kill();
      assert.deepEqual(lines, ["line three", "line one", "line two", "line three"]);
    });

    it("answer a known command from a file", async () => {
      assert.equal(await exec("pilot-agent", "request", "GET", "config_dump"), '{"configs":[]}\n');
    });

    it("give the exit code of a command", async () => {
      await assert.rejects(exec("exit", "3"), { code: 3 });
    });

    for (const websockets of ["true", "false"]) {
      const protocol = websockets === "true" ? "WebSocket" : "SPDY";

      it(`take input over ${protocol}`, async () => {
        const [command, ...args] = cluster.kubectlCommand;
        const flags = [`--kubeconfig=${cluster.kubeconfigs.admin}`, "exec", "-i", "-n", "demo", "deploy/web"];
        const env = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: websockets };
        assert.equal(await output(command, [...args, ...flags, "--", "cat"], { env, input: "typed" }), "typed");
      });

      it(`have a port forwarded to where it is mapped, over ${protocol}`, async () => {
        const env = { KUBECTL_PORT_FORWARD_WEBSOCKETS: websockets };
        const forward = kubectlInBackground(cluster, env, "port-forward", "-n", "demo", "deploy/web", ":9090");
        let port: string | undefined;
        for await (const line of forward.lines) {
          port = /127\.0\.0\.1:(\d+) ->/.exec(line)?.[1];
          if (port !== undefined) break;
        }
        const text = await (await fetch(`http://127.0.0.1:${port ?? ""}/`)).text();
        forward.child.kill();
        assert.equal(text, "mapped backend");
      });
    }
  });

  describe("Istio's kinds", () => {
    before(() => applyIstioCrds(cluster));

    const peerAuthentication = (selector: object) => ({
      apiVersion: "security.istio.io/v1",
      kind: "PeerAuthentication",
      metadata: { name: "test" },
      spec: { ...selector, portLevelMtls: { 8080: { mode: "STRICT" } } },
    });
    const url = "/apis/security.istio.io/v1/namespaces/demo/peerauthentications";

    it("refuse an object that breaks a CEL rule of their schema", async () => {
      const { status, body } = await cluster.api("POST", url, peerAuthentication({}));
      assert.equal(status, 422);
      assert.match(JSON.stringify(body), /portLevelMtls requires selector/);
    });

    it("take a good object", async () => {
      const good = peerAuthentication({ selector: { matchLabels: { app: "web" } } });
      assert.equal((await cluster.api("POST", url, good)).status, 201);
    });

    it("come with those of the Gateway API", async () => {
      assert.deepEqual(await list("/apis/gateway.networking.k8s.io/v1/httproutes"), []);
    });
  });

  describe("interruptions", () => {
    const objects = (kind: string, version: string) => `/api/v1/namespaces/demo/${kind}?resourceVersion=${version}`;
    const create = async (kind: string, name: string) => {
      const { status, body } = await cluster.api("POST", `/api/v1/namespaces/demo/${kind}`, { metadata: { name } });
      assert.equal(status, 201);
      return (body as Item).metadata.resourceVersion;
    };
    let secret: string;

    it("compaction: 410 for a watch and for a page of a kind without watch cache", async () => {
      const configMap = await create("configmaps", "before");
      secret = await create("secrets", "before");
      const pages = "/api/v1/namespaces/demo/configmaps?limit=1";
      const { metadata } = (await cluster.api("GET", pages)).body as { metadata: { continue: string } };
      await create("secrets", "after");
      await create("configmaps", "after");
      await cluster.compact();

      const watching = await watch(cluster, objects("configmaps", configMap));
      await watching.ended;
      assert.equal(watching.events[0]?.object.code, 410);
      assert.equal((await cluster.api("GET", `${pages}&continue=${metadata.continue}`)).status, 410);
    });

    it("compaction: a kind with a watch cache is still served from it", async () => {
      const watching = await watch(cluster, objects("secrets", secret));
      await eventually("an event", () => watching.events.length === 1);
      assert.equal(watching.events[0]?.type, "ADDED");
    });

    it("a restart ends an open watch, and what was compacted is then gone from the cache", async () => {
      const open = await watch(cluster, objects("secrets", secret));
      await eventually("an event", () => open.events.length === 1);
      await cluster.restartApiServer();
      await open.ended;
      const expired = await watch(cluster, objects("secrets", secret));
      await expired.ended;
      assert.equal(expired.events[0]?.object.code, 410);
    });

    it("after a crash a watch resumes from its last version without loss", async () => {
      const open = await watch(cluster, objects("configmaps", await create("configmaps", "resume-0")));
      const last = await create("configmaps", "resume-1");
      await eventually("an event", () => open.events.length === 1);
      await cluster.restartApiServer("SIGKILL");
      await open.ended;
      const missed = await create("configmaps", "resume-2");
      const resumed = await watch(cluster, objects("configmaps", last));
      await eventually("the missed event", () => resumed.events.length === 1);
      assert.equal(resumed.events[0]?.object.metadata.resourceVersion, missed);
    });
  });

  it("deletes a namespace with all that is in it", async () => {
    await cluster.kubectl("delete", "namespace", "demo", "--timeout=60s");
    assert.deepEqual(await list("/api/v1/pods"), []);
  });
});

describe("the bare control plane", { skip: await controlPlaneSkip({ bare: true }) }, () => {
  it("runs beside another one, takes pods without service accounts, and lets the viewer read them", async () => {
    const [one, two] = await Promise.all([startControlPlane({ bare: true }), startControlPlane({ bare: true })]);
    try {
      assert.notEqual(one.server, two.server);
      const pods = "/api/v1/namespaces/default/pods";
      const pod = { metadata: { name: "web" }, spec: { containers: [{ name: "app", image: "none" }] } };
      assert.equal((await one.api("POST", pods, pod)).status, 201);
      const kubectl = [...one.kubectlCommand.slice(1), `--kubeconfig=${one.kubeconfigs.viewer}`];
      assert.equal(await output(one.kubectlCommand[0], [...kubectl, "get", "pods", "-o", "name"]), "pod/web\n");
      assert.deepEqual(await listItems(two.api, pods), []);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });
});

interface BackgroundKubectl {
  readonly child: ChildProcess;
  readonly lines: AsyncIterable<string>;
}

function kubectlInBackground(
  cluster: ControlPlane,
  env: Readonly<Record<string, string>>,
  ...args: readonly string[]
): BackgroundKubectl {
  const [command, ...first] = cluster.kubectlCommand;
  const child = spawn(command, [...first, `--kubeconfig=${cluster.kubeconfigs.admin}`, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return { child, lines: createInterface(child.stdout) };
}
