// The process that explorer.bench.ts measures: kubeconfig in, three trees out, as in the extension host.
// Arguments: kubeconfig file, then the namespaces to choose (none: as nobody chose).

import { createLiveMesh } from "../../src/mesh/live/createLiveMesh.ts";
import type { LiveMesh, TreeName } from "../../src/mesh/live/liveMesh.ts";
import { fill } from "../../src/mesh/message.ts";
import type { Log, TelemetrySource } from "../../src/mesh/ports.ts";
import type { TrafficRow } from "../../src/mesh/telemetry/summaries.ts";
import { readKubeconfig } from "../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import { openCluster } from "../../src/sources/kubernetes/openCluster.ts";
import { systemClock } from "../../src/sources/kubernetes/systemClock.ts";
import { aRow, RecordedTelemetry } from "../unit/live/recordedTelemetry.ts";
import { heapMegabytes, preciseNow } from "./figures.ts";
import type { FromProbe, Loaded, Moment, ToProbe } from "./probeMessages.ts";

const [file = "", ...namespaces] = process.argv.slice(2);
const send = (message: FromProbe) => process.send?.(message);
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  error: (what, error) => console.error(what, error),
};

const telemetry = new RecordedTelemetry("bench");
const heapBefore = heapMegabytes();
const kubeconfig = await readKubeconfig({ files: [file], env: {}, home: "/nonexistent" });
const context = kubeconfig.currentContext ?? "";
const live = createLiveMesh({
  clusters: [
    {
      source: openCluster(kubeconfig, context, { log, clock: systemClock, mayRun: () => true }),
      findTelemetry: () => Promise.resolve({ source: telemetry satisfies TelemetrySource, steps: [] }),
      defaultNamespace: undefined,
    },
  ],
  clock: systemClock,
  log,
  settings: {
    windowSeconds: 60,
    refreshSeconds: 3600,
    appLabels: ["service.istio.io/canonical-name", "app.kubernetes.io/name", "app"],
    versionLabels: ["service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"],
    namespaces: namespaces.length > 0 ? namespaces : undefined,
    locale: "en",
  },
});

const loaded = await load(live);
openAll(live);
send({ ...loaded, heapOpened: heapMegabytes() });

let ids: readonly string[] = [];
let notices = 0;
let followed: { readonly id: string; text: string } | undefined;
live.onChange(({ trees }) => {
  notices++;
  ids = [...idsOf("services"), ...idsOf("workloads")];
  if (followed) {
    const text = textOf("workloads", followed.id);
    if (text !== followed.text) {
      followed.text = text;
      send({ type: "changed", at: preciseNow(), text });
    }
  }
  function idsOf(tree: TreeName): readonly string[] {
    const touched = trees[tree] ?? [];
    return touched === "all" ? ["all"] : touched;
  }
});

process.on("message", (message: ToProbe) => {
  switch (message.type) {
    case "follow": {
      const id = podId(message.pod);
      followed = { id, text: textOf("workloads", id) };
      send({ type: "changed", at: 0, text: followed.text });
      return;
    }
    case "count":
      if (!message.on) send({ type: "counted", notices });
      notices = 0;
      return;
    case "ticks":
      void ticks(message);
      return;
    case "end":
      live.dispose();
      process.disconnect();
  }
});

/** Watches until everything is in, and notes when what was there. */
async function load(mesh: LiveMesh): Promise<Loaded> {
  const moments: Partial<Record<Moment, number>> = {};
  const began = preciseNow();
  const cpu = process.cpuUsage();
  const look = () => {
    const [status] = mesh.clusters;
    const [scope] = mesh.scopes;
    const isThere: Readonly<Record<Moment, boolean>> = {
      connected: status?.key !== undefined,
      firstRows: mesh.tree("services").roots().length > 0,
      servicesListed: mesh.services.length >= expected,
      workloadsListed: mesh.workloads.length >= expected,
      ready: status?.state === "ready",
      complete: scope?.isComplete === true,
    };
    for (const [moment, is] of Object.entries(isThere) as [Moment, boolean][]) {
      if (is) moments[moment] ??= preciseNow() - began;
    }
  };
  const expected = Number(process.env["FOREYARD_BENCH_SERVICES"]);
  await new Promise<void>((resolve) => {
    const listening = mesh.onChange(() => {
      look();
      if (moments.complete === undefined) return;
      listening.dispose();
      resolve();
    });
    mesh.watch();
    void mesh.refresh(new AbortController().signal);
  });
  const { user, system } = process.cpuUsage(cpu);
  return {
    type: "loaded",
    moments: moments as Record<Moment, number>,
    cpuMillis: (user + system) / 1000,
    heapBefore,
    heapLoaded: heapMegabytes(),
    heapOpened: 0,
    services: mesh.services.length,
    workloads: mesh.workloads.length,
    pods: mesh.workloads.reduce((sum, { pods }) => sum + pods.length, 0),
  };
}

/** As if a person had opened every namespace, which makes each row one that may have to be redrawn. */
function openAll(mesh: LiveMesh): void {
  for (const tree of ["services", "workloads"] as const) {
    for (const { id } of mesh.tree(tree).roots()) mesh.tree(tree).children(id);
  }
  mesh.tree("meshes").roots();
}

/** Opens the row of the pod's workload and gives the pod's own row. */
function podId(pod: string): string {
  const tree = live.tree("workloads");
  for (const namespace of tree.roots()) {
    for (const workload of tree.children(namespace.id)) {
      if (workload.ref === undefined || !pod.startsWith(`${workload.ref.name}-`)) continue;
      const row = tree.children(workload.id).find(({ label }) => label === pod);
      if (row) return row.id;
    }
  }
  throw new Error(`No row for the pod ${pod}`);
}

function textOf(tree: TreeName, id: string): string {
  const node = live.tree(tree).find(id);
  return node ? [node.state, ...node.facts.map(fill)].join(" · ") : "gone";
}

/** Metrics of all services, of which a few say something else at each tick. */
async function ticks({ rows, changed, times }: Extract<ToProbe, { type: "ticks" }>): Promise<void> {
  const names = live.services.slice(0, rows).map(({ ref }) => ref);
  const numbers = names.map(({ namespace, name }, i) => aRow(namespace, name, 1 + (i % 90)));
  const touched: number[] = [];
  const millis: number[] = [];
  for (let tick = 0; tick <= times; tick++) {
    telemetry.rows = numbers.map((row, i): TrafficRow => {
      const isNew = i >= tick * changed && i < (tick + 1) * changed;
      return isNew ? aRow(row.namespace, row.name, 500 + tick) : { ...row };
    });
    for (const [i, row] of telemetry.rows.entries()) numbers[i] = row;
    ids = [];
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = process.cpuUsage();
    await live.refresh(new AbortController().signal);
    const { user, system } = process.cpuUsage(began);
    // The first tick gives every row its first number.
    if (tick === 0) continue;
    touched.push(ids.length);
    millis.push((user + system) / 1000);
  }
  send({ type: "ticked", touched, millis });
}
