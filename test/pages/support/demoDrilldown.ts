import "../../unit/editor/support/useFakeVscode.ts";
import type { LevelPath } from "../../../src/mesh/drilldown/level.ts";
import { levelReader } from "../../../src/editor/pages/levelReader.ts";
import { createLiveMesh } from "../../../src/mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "../../../src/mesh/live/liveMesh.ts";
import { createDemoMesh } from "../../../src/sources/demo/demoMesh.ts";
import { faultTruth } from "../../../src/sources/demo/faultTruth.ts";
import type { FaultName } from "../../../src/sources/demo/world/faults.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { readMesh } from "../../../src/cli/readMesh.ts";
import type { DrilldownMesh } from "./drilldownHost.ts";

// These see the editor's API, which is a stand-in here.
const { actionTitle, wireLevel } = await import("../../../src/editor/pages/wireLevel.ts");
const { wireCharts } = await import("../../../src/editor/pages/wireCharts.ts");

const never = new AbortController().signal;

/** The demo mesh behind a page: levels and charts as the editor would send them. */
export class DemoDrilldown implements DrilldownMesh {
  readonly #live: LiveMesh;
  /** The way to what was planted: mesh, mesh service, service, workload, pod, node. */
  readonly way: LevelPath;

  static async open(fault: FaultName): Promise<DemoDrilldown> {
    const { clusters, findTelemetry, history } = createDemoMesh({ clock: systemClock, fault });
    const live = createLiveMesh({
      clusters: clusters.map((source) => ({ source, findTelemetry, defaultNamespace: undefined })),
      clock: systemClock,
      log: { debug: () => undefined, info: () => undefined, error: (what, error) => console.error(what, error) },
      settings: {
        ...{ windowSeconds: 300, refreshSeconds: 0, namespaces: undefined, locale: "en" },
        ...{ appLabels: ["app"], versionLabels: ["version"] },
      },
    });
    live.drilldown();
    await readMesh(live, never, (signal) => live.readConfig(signal));
    const truth = faultTruth({ history });
    const input = live.drilldown();
    const service = input.services.find(
      ({ ref }) =>
        ref.namespace === truth?.namespace && ref.name === truth.service && ref.cluster === truth.ref.cluster,
    );
    const mesh = input.meshes[0];
    if (!service || !mesh) throw new Error(`The demo mesh has no service that suffers of ${fault}.`);
    let path: LevelPath = [
      { level: "mesh", ref: { cluster: "", group: "", kind: "Mesh", namespace: "", name: mesh.id } },
      { level: "meshService", ref: { ...service.ref, cluster: "" } },
    ];
    for (;;) {
      const { suspects } = await levelReader.level(input, path, { windowSeconds: 300, atMillis: undefined }, never);
      const next = suspects[0]?.to;
      if (!next || path.some(({ level }) => level === next.level)) break;
      path = [...path, next];
    }
    return new DemoDrilldown(live, path);
  }

  constructor(live: LiveMesh, way: LevelPath) {
    this.#live = live;
    this.way = way;
  }

  async level({ path, windowSeconds, atMillis }: Parameters<DrilldownMesh["level"]>[0]) {
    const time = { windowSeconds, atMillis: atMillis ?? undefined };
    const reading = await levelReader.level(this.#live.drilldown(), path, time, never);
    return wireLevel(
      reading,
      reading.actions.map((action) => ({ action, title: actionTitle(action), detail: reading.title })),
    );
  }

  async charts({ path, charts, windowSeconds, atMillis, rangeSeconds }: Parameters<DrilldownMesh["charts"]>[0]) {
    const wanted = { windowSeconds, atMillis: atMillis ?? undefined, rangeSeconds, charts };
    return wireCharts(await levelReader.charts(this.#live.drilldown(), path, wanted, never));
  }

  dispose(): void {
    this.#live.dispose();
  }
}
