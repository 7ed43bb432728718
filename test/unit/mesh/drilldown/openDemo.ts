import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { createLiveMesh } from "../../../../src/mesh/live/createLiveMesh.ts";
import { whenSettled } from "../../../../src/mesh/live/whenSettled.ts";
import type { Disposable } from "../../../../src/mesh/disposer.ts";
import { createDemoMesh, type DemoMesh, type DemoOptions } from "../../../../src/sources/demo/demoMesh.ts";
import { readDemoProxyStatus } from "../../../../src/sources/demo/proxyStatus.ts";
import { systemClock } from "../../../../src/sources/kubernetes/systemClock.ts";

export interface OpenDemo extends Disposable {
  readonly mesh: DemoMesh;
  readonly input: DrilldownInput;
}

const quiet = { debug: () => undefined, info: () => undefined, error: () => undefined };

/** The demo as a LiveMesh has read it once, with what a drill-down is read from. */
export async function openDemo(options: Pick<DemoOptions, "seed" | "services" | "fault">): Promise<OpenDemo> {
  const mesh = createDemoMesh({ clock: systemClock, ...options });
  const live = createLiveMesh({
    clusters: mesh.clusters.map((source) => ({
      source,
      findTelemetry: mesh.findTelemetry,
      defaultNamespace: undefined,
    })),
    clock: systemClock,
    log: quiet,
    settings: {
      windowSeconds: 60,
      refreshSeconds: 600,
      appLabels: ["service.istio.io/canonical-name", "app.kubernetes.io/name", "app"],
      versionLabels: ["service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"],
      namespaces: undefined,
      locale: "en",
    },
    readProxyStatus: readDemoProxyStatus,
  });
  const limit = AbortSignal.timeout(60_000);
  live.drilldown();
  const watching = live.watch();
  await Promise.all([whenSettled(live, limit), live.readConfig(limit)]);
  watching.dispose();
  return { mesh, input: live.drilldown(), dispose: () => live.dispose() };
}
