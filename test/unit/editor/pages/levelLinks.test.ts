import assert from "node:assert/strict";
import { test } from "node:test";
import type { LevelPath, LevelReading } from "../../../../src/mesh/drilldown/level.ts";
import { fake } from "../support/useFakeVscode.ts";

const { LevelLinks } = await import("../../../../src/editor/pages/levelLinks.ts");

function podIn(cluster: string): LevelPath {
  return [{ level: "pod", ref: { cluster, group: "", kind: "Pod", namespace: "shop", name: "reviews-0" } }];
}

/** Two clusters, each with a store of its own. */
function linksOfTwo() {
  const stores = ["eu", "us"].map((id) => ({ source: { id, label: `https://prometheus.${id}.example` } }));
  const live = { clusters: ["eu", "us"], meshes: [], drilldown: () => ({ stores }) };
  const settings = { prometheusLink: "", grafanaLink: "" };
  return new LevelLinks({ connection: { live, settings } } as unknown as ConstructorParameters<typeof LevelLinks>[0]);
}

function reading(cluster: string): LevelReading {
  const path = podIn(cluster);
  const provenance = [{ sourceId: cluster, query: "up", windowSeconds: 60, atMillis: 0 }];
  const figures = [{ origin: { source: cluster, provenance } }];
  const at = path[0];
  return { path, at, figures, actions: [], title: "", atMillis: 0, windowSeconds: 60 } as unknown as LevelReading;
}

test("a query that two clusters' stores were asked alike is opened in the store of the level's own cluster", async () => {
  const links = linksOfTwo();
  links.keep(reading("eu"));
  await assert.rejects(links.openQuery(podIn("us"), "up", "prometheus"));
  links.keep(reading("us"));
  await links.openQuery(podIn("eu"), "up", "prometheus");
  assert.equal(new URL(fake.opened.at(-1) ?? "").host, "prometheus.eu.example");
});
