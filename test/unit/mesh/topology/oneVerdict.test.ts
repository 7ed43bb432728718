import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { pathTo } from "../../../../src/mesh/drilldown/pathTo.ts";
import { readLevel } from "../../../../src/mesh/drilldown/readLevel.ts";
import type { TreeModel, TreeNode } from "../../../../src/mesh/explorer/node.ts";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { readTolerances } from "../../../../src/mesh/health/tolerances.ts";
import { readList } from "../../../../src/mesh/lists/readList.ts";
import { createLiveMesh } from "../../../../src/mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "../../../../src/mesh/live/liveMesh.ts";
import { whenSettled } from "../../../../src/mesh/live/whenSettled.ts";
import { fill, say } from "../../../../src/mesh/message.ts";
import { refId, type ObjectRef } from "../../../../src/mesh/model/refs.ts";
import type { GraphNode } from "../../../../src/mesh/topology/graph/graph.ts";
import { graphOf } from "../../../../src/mesh/topology/graph/graphOf.ts";
import { readTopology } from "../../../../src/mesh/topology/reading/readTopology.ts";
import { createDemoMesh } from "../../../../src/sources/demo/demoMesh.ts";
import { systemClock } from "../../../../src/sources/kubernetes/systemClock.ts";

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const signal = new AbortController().signal;

interface Seen {
  readonly state: string;
  readonly reasons: readonly string[];
}

/** The demo with one service that a rule judges, one by its annotation, and one that a third party warns of. */
class Places {
  readonly live: LiveMesh;
  #graph: readonly GraphNode[] = [];

  constructor(live: LiveMesh) {
    this.live = live;
  }

  static async open(): Promise<Places> {
    const demo = createDemoMesh({ clock: systemClock });
    const [eu] = demo.clusters;
    const kinds = (await eu?.kinds(signal)) ?? [];
    const kind = kinds.find((each) => each.kind === "Service" && each.group === "");
    assert.ok(eu && kind);
    const service = await eu.get(kind, "shop", "search", signal);
    const annotations = { ...service.metadata.annotations, "health.kiali.io/rate": "200,1,100,http,inbound" };
    await eu.apply(
      { ...service, metadata: { ...service.metadata, annotations } },
      kind,
      { dryRun: false, force: true },
      signal,
    );
    const tolerances = readTolerances([
      { namespace: "shop", kind: "service", name: "front", tolerances: [{ code: "200", degraded: 0, failure: 1 }] },
    ]);
    const live = createLiveMesh({
      clusters: demo.clusters.map((source) => {
        return { source, findTelemetry: demo.findTelemetry, defaultNamespace: undefined };
      }),
      clock: systemClock,
      log,
      settings: {
        ...{ windowSeconds: 60, refreshSeconds: 600, namespaces: undefined, locale: "en", tolerances },
        appLabels: ["service.istio.io/canonical-name", "app.kubernetes.io/name", "app"],
        versionLabels: ["service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"],
      },
    });
    live.setNotes?.(({ kind: of, name }) =>
      of === "Service" && name === "cart" ? [{ words: say("Costs too much"), severity: "error" }] : [],
    );
    const watching = live.watch();
    const limit = AbortSignal.timeout(60_000);
    await Promise.all([whenSettled(live, limit), live.readConfig(limit)]);
    watching.dispose();
    return new Places(live);
  }

  get input(): DrilldownInput {
    return this.live.drilldown();
  }

  tree(ref: ObjectRef): Seen {
    const model = this.live.tree(ref.kind === "Service" ? "services" : "workloads");
    const row = findRow(model, model.roots(), ref);
    const because = model.tooltip(row?.id ?? "").filter(({ name }) => name.text === "Because");
    return { state: row?.state ?? "none", reasons: because.map(({ value }) => fill(value)) };
  }

  async list(ref: ObjectRef): Promise<Seen> {
    const { rows } = await readList(this.input, ref.kind === "Service" ? "services" : "workloads", signal);
    const row = rows.find(({ id }) => id === refId(ref));
    return { state: row?.state ?? "none", reasons: row?.reasons.map(fill) ?? [] };
  }

  async level(ref: ObjectRef): Promise<Seen> {
    const { state, reasons } = await readLevel(this.input, pathTo(this.input, ref) ?? [], {
      ...{ windowSeconds: 60, atMillis: undefined, signal },
    });
    return { state, reasons: reasons.map(({ words }) => fill(words)) };
  }

  async graph(ref: ObjectRef): Promise<Seen> {
    const input = this.live.topology();
    if (this.#graph.length === 0) {
      for (const view of ["service", "workload"] as const) {
        const query = {
          ...{ view, windowSeconds: 60, atMillis: undefined, isAligned: false, namespaces: undefined },
          ...{ ambient: "total" as const, withIdleEdges: false, withLatency: false },
        };
        const reading = await readTopology(input, query, { clock: systemClock, log, previous: undefined }, signal);
        const { nodes } = graphOf(reading, input.facts, { withIdleNodes: true, format: createFormat("en") });
        this.#graph = [...this.#graph, ...nodes];
      }
    }
    const node = this.#graph.find(({ refs }) => refs[0] && refId(refs[0]) === refId(ref));
    return { state: node?.state ?? "none", reasons: node?.reasons.map(fill) ?? [] };
  }

  service(name: string): ObjectRef {
    const { context, key } = this.live.clusters[0] ?? {};
    const found = this.live.services.find(
      ({ ref }) => ref.cluster === key && ref.namespace === "shop" && ref.name === name,
    );
    assert.ok(found, `${context}: ${name}`);
    return found.ref;
  }
}

function findRow(model: TreeModel, nodes: readonly TreeNode[], ref: ObjectRef): TreeNode | undefined {
  for (const node of nodes) {
    const isIt = node.ref && refId(node.ref) === refId(ref);
    if (isIt) return node;
    const isOnTheWay = node.kind === "namespace" ? node.label === ref.namespace : node.label === ref.name;
    const below = isOnTheWay && node.hasChildren ? findRow(model, model.children(node.id), ref) : undefined;
    if (below) return below;
  }
  return undefined;
}

describe("the verdict on one thing", () => {
  let places: Places;
  before(async () => {
    places = await Places.open();
  });
  after(() => places.live.dispose());

  async function isEverywhere(ref: ObjectRef, state: string, because: RegExp): Promise<void> {
    const seen = {
      tree: places.tree(ref),
      list: await places.list(ref),
      graph: await places.graph(ref),
      level: await places.level(ref),
    };
    for (const [place, one] of Object.entries(seen)) {
      assert.equal(one.state, state, `${place}: ${JSON.stringify(one)}`);
      assert.ok(
        one.reasons.some((reason) => because.test(reason)),
        `${place}: ${JSON.stringify(one)}`,
      );
    }
  }

  it("is that of the first rule that names it, in tree, list, graph and drill-down", async () => {
    await isEverywhere(places.service("front"), "failing", /end with 200/);
  });

  it("is that of its annotation in all of them", async () => {
    await isEverywhere(places.service("search"), "failing", /health\.kiali\.io\/rate/);
  });

  it("is a third party's in all of them", async () => {
    await isEverywhere(places.service("cart"), "failing", /^Costs too much$/);
  });

  it("tells of the node's pressure in all of them, and stays well where all pods answer", async () => {
    const { live } = places;
    const pressed = new Set(
      places.input.nodes.filter(({ pressures }) => pressures.length > 0).map(({ ref }) => `${ref.cluster} ${ref.name}`),
    );
    const onIt = live.workloads.filter(
      ({ pods, id }) =>
        pods.some(({ ref, node }) => pressed.has(`${ref.cluster} ${node}`)) &&
        live.assessment(id).reading.kind === "flowing" &&
        live.assessment(id).reading.isForwarded !== true &&
        live.assessment(id).verdict.state === "healthy",
    );
    const [one] = onIt;
    assert.ok(one, "the demo has a node under pressure with workloads that are well");
    await isEverywhere(one.ref, "healthy", /the node is under memory pressure/);
  });
});
