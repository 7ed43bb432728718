import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cameraNear, firstCamera } from "../../../../webview/topology/stage/firstCamera.ts";
import type { Scene } from "../../../../webview/topology/scene/scene.ts";
import { largeMesh, shop, type CallLine } from "../../../pages/support/meshCalls.ts";
import { pictureOfLines } from "./pictures.ts";

const size = { width: 1000, height: 600 };

function sceneOfLines(lines: readonly CallLine[]): Scene {
  const { scene } = pictureOfLines(lines);
  assert.ok(scene);
  return scene;
}

/** A chain as long as no view is wide: gateway, then one service after another. */
function chain(length: number, cluster = "demo-eu", rps = 10): CallLine[] {
  const app = (i: number) => `shop/step-${i}`;
  return Array.from({ length }, (_, i) => ({ cluster, from: `${app(i)}-v1`, to: app(i + 1), rps }));
}

/** Pixels of the view from its left and top. */
function onScreen(scene: Scene, node: number, camera: { x: number; y: number; scale: number }) {
  return {
    x: ((scene.placement.nodeX[node] ?? 0) - camera.x) * camera.scale + size.width / 2,
    y: ((scene.placement.nodeY[node] ?? 0) - camera.y) * camera.scale + size.height / 2,
  };
}

function isInView({ x, y }: { x: number; y: number }): boolean {
  return x >= 0 && y >= 0 && x <= size.width && y <= size.height;
}

describe("The first look at a picture", () => {
  it("is at all of it where names can be read so", () => {
    assert.equal(firstCamera(sceneOfLines(shop.slice(0, 2)), size), undefined);
  });

  it("is at all of a large mesh, however small", () => {
    assert.equal(firstCamera(sceneOfLines(largeMesh(8, 15)), size), undefined);
  });

  it("is at where traffic enters, with names, where all of it would be too small", () => {
    const scene = sceneOfLines(chain(14));
    const camera = firstCamera(scene, size);
    assert.ok(camera && camera.scale >= 0.38, String(camera?.scale));
    const leftmost = scene.placement.nodeX.indexOf(Math.min(...scene.placement.nodeX));
    assert.ok(isInView(onScreen(scene, leftmost, camera)));
  });

  it("is at the cluster with the most traffic", () => {
    const scene = sceneOfLines([...chain(12, "quiet", 1), ...chain(12, "busy", 50)]);
    const camera = firstCamera(scene, size);
    assert.ok(camera && camera.scale >= 0.38);
    const { nodes, boxes, strings } = scene.snapshot;
    const clusterOf = (node: number) => {
      let box = nodes.box[node] ?? 0;
      while (boxes.kind[box] !== 0) box = boxes.parent[box] ?? 0;
      return strings[boxes.name[box] ?? 0];
    };
    const seen = Array.from(nodes.kind.keys()).filter((node) => isInView(onScreen(scene, node, camera)));
    assert.ok(seen.length > 0);
    assert.ok(seen.filter((node) => clusterOf(node) === "busy").length > seen.length / 2);
  });
});

describe("The look at one node", () => {
  it("is close enough for its name, with its neighbours where they fit", () => {
    const scene = sceneOfLines(chain(14));
    for (let node = 0; node < scene.nodeShown.length; node++) {
      const camera = cameraNear(scene, node, size);
      assert.ok(camera && camera.scale >= 0.7);
      assert.ok(isInView(onScreen(scene, node, camera)));
      for (let edge = 0; edge < scene.edges.count; edge++) {
        if (scene.edges.source[edge] !== node) continue;
        assert.ok(isInView(onScreen(scene, scene.edges.target[edge] ?? 0, camera)));
      }
    }
  });

  it("is at the node itself where its neighbours are too far away", () => {
    const scene = sceneOfLines(
      Array.from({ length: 30 }, (_, i) => ({ from: "a/hub-v1", to: `a/spoke-${i}`, rps: 1 })),
    );
    const { nodes, strings } = scene.snapshot;
    const hub = nodes.name.findIndex((name) => strings[name] === "hub-v1");
    const camera = cameraNear(scene, hub, size);
    assert.ok(camera && camera.scale >= 0.7);
    assert.deepEqual(onScreen(scene, hub, camera), { x: 500, y: 300 });
  });
});
