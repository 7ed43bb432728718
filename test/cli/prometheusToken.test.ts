import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { FakeApiServer, sendJson, sendStatus, type Exchange } from "../sources/kubernetes/fakeApiServer.ts";
import { startFakeStore, type FakeStore } from "../sources/prometheus/fakeStore.ts";
import { startCli, type Ended } from "./runCli.ts";

// Looks like no token that is known by its looks, so that nothing but care keeps it out of what is printed.
const token = "tok-for-the-store";
const noEffect = /^FOREYARD_PROMETHEUS_TOKEN has no effect: .+\.$/m;

describe("FOREYARD_PROMETHEUS_TOKEN", () => {
  let home = "";
  let store: FakeStore;
  let cluster: FakeApiServer;
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
    store = await startFakeStore((asked, response) => {
      const body = { status: "error", errorType: "internal", error: `You sent ${asked.headers.authorization ?? ""}` };
      response.writeHead(503, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
    cluster = await FakeApiServer.start(clusterWithKiali(() => store.url));
    await writeFile(path.join(home, "kubeconfig"), kubeconfigFor(cluster.url));
  });
  after(async () => {
    store.close();
    await cluster.close();
    await rm(home, { recursive: true, force: true });
  });

  async function list(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    const line = ["list", "services", "--kubeconfig", path.join(home, "kubeconfig"), ...args];
    return startCli(line, home, { env: { FOREYARD_PROMETHEUS_TOKEN: token, ...env } }).ended;
  }

  for (const env of [{}, { FOREYARD_LOG: "debug" }]) {
    const loudly = "FOREYARD_LOG" in env ? ", with FOREYARD_LOG=debug" : "";

    it(`goes to the address that --prometheus names, and is never printed${loudly}`, async () => {
      const asked = store.asked.length;
      const { out, err } = await list(["--prometheus", store.url], env);
      const heard = store.asked.slice(asked);
      assert.ok(heard.length > 0, err);
      for (const { headers } of heard) assert.equal(headers.authorization, `Bearer ${token}`);
      assert.equal(`${out}${err}`.includes(token), false, err);
      assert.doesNotMatch(err, noEffect);
    });

    it(`goes to no store that was found in the cluster, and that is said${loudly}`, async () => {
      const asked = store.asked.length;
      const { out, err } = await list([], env);
      const heard = store.asked.slice(asked);
      assert.ok(heard.length > 0, err);
      for (const { headers } of heard) assert.equal(headers.authorization, undefined);
      assert.match(err, noEffect);
      assert.equal(`${out}${err}`.includes(token), false, err);
    });
  }

  it("goes to the store and never to the cluster", () => {
    assert.ok(cluster.headers.length > 0);
    for (const headers of cluster.headers) assert.equal(JSON.stringify(headers).includes(token), false);
  });
});

/** A cluster with nothing in it but Kiali's ConfigMap, which names the store's address. */
function clusterWithKiali(address: () => string): (exchange: Exchange) => void {
  return ({ response, url: { pathname, searchParams } }) => {
    if (searchParams.has("watch")) {
      response.writeHead(200, { "Content-Type": "application/json" }).flushHeaders();
      return;
    }
    const isOneService = /^\/api\/v1\/namespaces\/[^/]+\/services\/[^/]+$/.test(pathname);
    const body = fixed.get(pathname) ?? (isOneService ? undefined : listOf(pathname, address()));
    if (body) sendJson(response, body);
    else sendStatus(response, 404);
  };
}

const resource = (name: string, kind: string, namespaced: boolean) => ({
  ...{ name, kind, namespaced, singularName: kind.toLowerCase() },
  verbs: ["get", "list", "watch"],
});
const resources = [
  resource("namespaces", "Namespace", false),
  resource("services", "Service", true),
  resource("configmaps", "ConfigMap", true),
];
const fixed = new Map<string, object>([
  ["/version", { major: "1", minor: "35", gitVersion: "v1.35.2" }],
  ["/api", { kind: "APIVersions", versions: ["v1"] }],
  ["/apis", { kind: "APIGroupList", groups: [] }],
  ["/api/v1", { kind: "APIResourceList", groupVersion: "v1", resources }],
  ["/api/v1/namespaces/kube-system", { kind: "Namespace", metadata: { name: "kube-system", uid: "uid-of-it" } }],
]);

function listOf(pathname: string, address: string): object | undefined {
  if (!pathname.startsWith("/api/v1/")) return undefined;
  const kiali = {
    metadata: { name: "kiali", namespace: "istio-system", uid: "kiali", labels: { "app.kubernetes.io/name": "kiali" } },
    data: { "config.yaml": `external_services:\n  prometheus:\n    url: ${address}\n` },
  };
  const items = pathname.endsWith("/configmaps") ? [kiali] : [];
  return { kind: "List", apiVersion: "v1", metadata: { resourceVersion: "1" }, items };
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "k", cluster: { server } }],
    contexts: [{ name: "test", context: { cluster: "k", user: "u" } }],
    users: [{ name: "u", user: {} }],
    "current-context": "test",
  });
}
