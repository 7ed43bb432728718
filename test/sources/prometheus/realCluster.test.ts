import assert from "node:assert/strict";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import type { ClusterSource, Forward, FoundTelemetry, TelemetrySource } from "../../../src/mesh/ports.ts";
import type { Summaries } from "../../../src/mesh/telemetry/summaries.ts";
import { fill } from "../../../src/mesh/message.ts";
import { serveDemo } from "../../../src/sources/demo/serveDemo.ts";
import { readKubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import { openCluster } from "../../../src/sources/kubernetes/openCluster.ts";
import { createFindPrometheus, openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import type { PrometheusSettings } from "../../../src/sources/prometheus/settings.ts";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../../cluster/controlPlane.ts";
import { eventually } from "../../support/eventually.ts";
import type { MetricsEngine } from "../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../support/prometheus.ts";
import { realClock as clock, silentLog as log } from "./surroundings.ts";

// A person who may read one namespace and forward ports, but not use the service proxy, on a real API server. What
// stands behind the forwarded port is a real Prometheus that scrapes the demo.

const skip = (await controlPlaneSkip()) || prometheusSkip();
const { signal } = new AbortController();
const namespace = "monitoring";
const pathPrefix = "/mon/prom";
const windowSeconds = 20;
const settledSeconds = 3;

describe("the store behind a forwarded port of a real cluster", { skip, timeout: 180_000 }, () => {
  let plane: ControlPlane;
  let engine: MetricsEngine;
  let prefixed: MetricsEngine;
  let relay: Relay;
  let demo: Awaited<ReturnType<typeof serveDemo>>;
  const busyPort = createServer();
  const ends: (() => unknown)[] = [];

  before(async () => {
    // Whoever holds it, 9090 is not free from now on.
    await new Promise<void>((resolve) => busyPort.once("error", () => resolve()).listen(9090, "127.0.0.1", resolve));
    demo = await serveDemo({ port: 0, clock, log });
    const targets = [{ address: `127.0.0.1:${demo.port}` }];
    engine = await startPrometheus({ targets });
    prefixed = await startPrometheus({ targets, pathPrefix });
    relay = await openRelay(engine.port);
    plane = await startControlPlane({
      viewerNamespace: namespace,
      nodes: 1,
      nodeFlags: [
        `--map=${namespace}/prometheus-server:9090=127.0.0.1:${relay.port}`,
        `--map=${namespace}/prefixed:9090=127.0.0.1:${prefixed.port}`,
      ],
    });
    await mayForward(plane);
    await install(plane, "prometheus-server", { "app.kubernetes.io/name": "prometheus" });
    await install(plane, "prefixed", {}, [`--web.route-prefix=${pathPrefix}`]);
    await eventually(
      "a window full of scrapes",
      async () => {
        const counts = await Promise.all([engine, prefixed].map((each) => each.query("count_over_time(up[120s])")));
        return counts.every(([count]) => count && count.value > windowSeconds + settledSeconds + 2);
      },
      { everyMs: 500 },
    );
  });
  after(async () => {
    for (const end of ends) end();
    busyPort.close();
    await plane.stop();
    relay.server.close();
    await Promise.all([engine.stop(), prefixed.stop()]);
    await demo.close();
  });

  const open = async (): Promise<Observed> => {
    const kubeconfig = await readKubeconfig({ files: [plane.kubeconfigs.viewer], env: {}, home: "/nowhere" });
    const cluster = openCluster(kubeconfig, "viewer", { log, clock, mayRun: () => false, env: {} });
    ends.push(() => cluster.dispose());
    return observe(cluster);
  };
  const find = async ({ cluster }: Observed, settings: PrometheusSettings = {}): Promise<FoundTelemetry> => {
    const found = await createFindPrometheus(settings, { log, clock })(cluster, signal);
    ends.push(() => found.source?.dispose());
    return found;
  };
  const found = async (observed: Observed, settings?: PrometheusSettings): Promise<TelemetrySource> => {
    const { source, steps } = await find(observed, settings);
    assert.ok(source, steps.map(({ tried, answer }) => `${fill(tried)}: ${fill(answer)}`).join("\n"));
    return source;
  };
  const now = () => clock.now() - settledSeconds * 1000;
  const ask = (source: TelemetrySource, atMillis = now()) =>
    source.summaries({ windowSeconds, atMillis, namespaces: undefined }, signal);
  const askDirectly = async (url: string, atMillis: number): Promise<Summaries> => {
    const source = openPrometheus({ url }, { log, clock });
    try {
      return await ask(source, atMillis);
    } finally {
      source.dispose();
    }
  };

  it("is found by its label, after the service proxy refused and by a local port that is not 9090", async () => {
    const observed = await open();
    const { source, steps } = await find(observed);
    assert.equal(source?.label, `Prometheus ${namespace}/prometheus-server`);
    assert.deepEqual(
      steps.map(({ tried, found: isFound }) => [fill(tried), isFound]),
      [
        ["Service prometheus in namespace istio-system", false],
        ["Services labelled app.kubernetes.io/name=prometheus", true],
      ],
    );
    assert.deepEqual(observed.calls, ["proxy prometheus-server:http: forbidden", "forward prometheus-server-0:9090"]);
    assert.notEqual(observed.forwards[0]?.localPort, 9090);
  });

  it("gives the numbers that it gives when asked directly", async () => {
    const source = await found(await open());
    // A store that has just begun to scrape knows few rates yet.
    await eventually("rates of more than 15 services", async () => {
      const { services } = await askDirectly(engine.url, now());
      return services.filter(({ requests }) => requests && requests.rps > 0).length > 15;
    });
    const atMillis = now();
    const [forwarded, direct] = [await ask(source, atMillis), await askDirectly(engine.url, atMillis)];
    assert.deepEqual([forwarded.services, forwarded.workloads], [direct.services, direct.workloads]);
  });

  it("serves two windows at once, each by a local port of its own", async () => {
    const windows = await Promise.all([open(), open()]);
    const sources = await Promise.all(windows.map((observed) => found(observed)));
    const atMillis = now();
    const [one, other] = await Promise.all(sources.map((source) => ask(source, atMillis)));
    assert.deepEqual(one?.services, other?.services);
    assert.equal(new Set(windows.flatMap(({ forwards }) => forwards.map(({ localPort }) => localPort))).size, 2);
  });

  it("holds no local port any longer once it is disposed", async () => {
    const observed = await open();
    const source = await found(observed);
    const [forward] = observed.forwards;
    assert.ok(forward);
    assert.equal(await listens(forward.localPort), true);
    source.dispose();
    await eventually("the port is closed", async () => !(await listens(forward.localPort)));
  });

  it("is found below the path prefix that its program was started with", async () => {
    const source = await found(await open(), { url: `http://prefixed.${namespace}.svc:59090` });
    const atMillis = now();
    assert.deepEqual((await ask(source, atMillis)).services, (await askDirectly(prefixed.url, atMillis)).services);
  });

  it("is asked through another pod when its own was replaced", async () => {
    const observed = await open();
    const source = await found(observed);
    await createPod(plane, "prometheus-server", 1);
    await plane.kubectl("delete", "pod/prometheus-server-0", "-n", namespace, "--grace-period=0", "--force");
    relay.cut();
    assert.ok((await ask(source)).services.length > 15);
    assert.equal(observed.calls.at(-1), "forward prometheus-server-1:9090");
  });
});

interface Observed {
  readonly cluster: ClusterSource;
  /** What was asked of the service proxy and of port-forward, and what came of it where that was an error. */
  readonly calls: readonly string[];
  readonly forwards: readonly Forward[];
}

/** Writes down, and changes nothing. */
function observe(cluster: ClusterSource): Observed {
  const calls: string[] = [];
  const forwards: Forward[] = [];
  const [proxy, forward] = [cluster.proxy.bind(cluster), cluster.forward.bind(cluster)];
  cluster.proxy = async (query, stop) => {
    try {
      return await proxy(query, stop);
    } catch (e) {
      calls.push(`proxy ${query.service}: ${(e as { kind?: string }).kind}`);
      throw e;
    }
  };
  cluster.forward = async (target, stop) => {
    calls.push(`forward ${target.pod}:${target.port}`);
    const made = await forward(target, stop);
    forwards.push(made);
    return made;
  };
  return { cluster, calls, forwards };
}

/** The viewer's own rights hold neither the service proxy nor port-forward. */
async function mayForward({ api }: ControlPlane): Promise<void> {
  const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}`;
  const metadata = { name: "forwarder" };
  const rules = [{ apiGroups: [""], resources: ["pods/portforward"], verbs: ["get", "create"] }];
  assert.equal((await api("POST", `${rbac}/roles`, { metadata, rules })).status, 201);
  const binding = {
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "forwarder" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "viewer" }],
  };
  assert.equal((await api("POST", `${rbac}/rolebindings`, binding)).status, 201);
}

/** A Service whose port is 59090 by number, "http" by name, and "web" in the pod. */
async function install(
  plane: ControlPlane,
  name: string,
  labels: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<void> {
  const service = {
    metadata: { name, labels },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 59_090, targetPort: "web" }] },
  };
  assert.equal((await plane.api("POST", `/api/v1/namespaces/${namespace}/services`, service)).status, 201);
  await createPod(plane, name, 0, args);
}

async function createPod(plane: ControlPlane, app: string, index: number, args: readonly string[] = []): Promise<void> {
  const name = `${app}-${index}`;
  const container = { name: "server", image: "none", args, ports: [{ name: "web", containerPort: 9090 }] };
  const pod = { metadata: { name, labels: { app } }, spec: { containers: [container] } };
  await eventually("the namespace takes pods", async () => {
    const { status } = await plane.api("POST", `/api/v1/namespaces/${namespace}/pods`, pod);
    return status === 201;
  });
  await plane.kubectl("wait", `pod/${name}`, "-n", namespace, "--for=condition=Ready", "--timeout=30s");
}

interface Relay {
  readonly port: number;
  readonly server: Server;
  /** Ends the connections there are, as a container's end does. */
  readonly cut: () => void;
}

async function openRelay(to: number): Promise<Relay> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    sockets.add(near);
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return { port: (server.address() as AddressInfo).port, server, cut };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
