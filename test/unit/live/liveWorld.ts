import { createLiveMesh } from "../../../src/mesh/live/createLiveMesh.ts";
import type { LiveChange, LiveMesh } from "../../../src/mesh/live/liveMesh.ts";
import type { KindOnServer } from "../../../src/mesh/model/kubeObject.ts";
import type { FindTelemetry } from "../../../src/mesh/ports.ts";
import { ManualClock } from "./manualClock.ts";
import { aDeployment, aNamespace, aPod, aService, CountedLog } from "./objects.ts";
import { aKind, coreKinds, RecordedCluster } from "./recordedCluster.ts";
import { findNothing } from "./recordedTelemetry.ts";

export const meshKinds: readonly KindOnServer[] = [...coreKinds, aKind("networking.istio.io/v1", "ServiceEntry")];

/** Two namespaces in the mesh (shop with reviews and ratings, and pay with charge), and one outside of it. */
export function aShop(context = "prod", kinds: readonly KindOnServer[] = meshKinds): RecordedCluster {
  const enrolled = { "istio-injection": "enabled" };
  const apps = [
    { namespace: "shop", app: "reviews" },
    { namespace: "shop", app: "ratings" },
    { namespace: "pay", app: "charge" },
    { namespace: "batch", app: "report" },
  ];
  return new RecordedCluster(
    context,
    [
      ...[aNamespace("shop", enrolled), aNamespace("pay", enrolled), aNamespace("batch")],
      ...apps.flatMap(({ namespace, app }) => [
        aService(namespace, app),
        aDeployment(namespace, app),
        aPod({ namespace, app }),
      ]),
    ],
    kinds,
  );
}

export interface WorldDraft {
  readonly clusters?: readonly RecordedCluster[];
  readonly find?: FindTelemetry;
  readonly namespaces?: readonly string[];
  readonly defaultNamespace?: string;
  readonly expectedKey?: string;
}

export interface LiveWorld {
  readonly live: LiveMesh;
  readonly clock: ManualClock;
  readonly log: CountedLog;
  readonly changes: LiveChange[];
  readonly never: AbortSignal;
}

/** A live mesh on recorded clusters and a clock that stands still. */
export function aLiveWorld({ clusters = [aShop()], find, ...draft }: WorldDraft = {}): LiveWorld {
  const { namespaces, defaultNamespace, expectedKey } = draft;
  const clock = new ManualClock();
  const log = new CountedLog();
  const changes: LiveChange[] = [];
  const live = createLiveMesh({
    clusters: clusters.map((source) => ({ source, findTelemetry: find ?? findNothing, defaultNamespace, expectedKey })),
    clock,
    log,
    settings: {
      windowSeconds: 60,
      refreshSeconds: 15,
      appLabels: ["app"],
      versionLabels: ["version"],
      namespaces,
      locale: "en",
    },
  });
  live.onChange((change) => changes.push(change));
  return { live, clock, log, changes, never: new AbortController().signal };
}
