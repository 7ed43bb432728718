import type { GraphNodeKind } from "../../../src/mesh/topology/graph/graph.ts";
import { roundedRect, type Pen } from "./pen.ts";

/** Where a shape is on the screen: its middle, half its size, and the scale for round corners. */
export interface ShapeBox {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly scale: number;
}

/** Adds the outline of a node of this kind to the path. */
export function outline(pen: Pen, kind: GraphNodeKind, box: ShapeBox): void {
  const { x, y, halfWidth: w, halfHeight: h, scale } = box;
  switch (kind) {
    case "service": {
      polygon(
        pen,
        [x - w, y, x - w * 0.5, y - h, x + w * 0.5, y - h, x + w, y, x + w * 0.5, y + h, x - w * 0.5, y + h],
        10 * scale,
      );
      return;
    }
    case "waypoint": {
      polygon(
        pen,
        [x - w, y, x - w * 0.84, y - h, x + w * 0.84, y - h, x + w, y, x + w * 0.84, y + h, x - w * 0.84, y + h],
        1.5 * scale,
      );
      return;
    }
    case "gateway": {
      polygon(pen, [x - w, y - h, x + w, y - h * 0.55, x + w, y + h * 0.55, x - w, y + h], 3 * scale);
      return;
    }
    case "serviceEntry":
    case "external": {
      cloud(pen, box);
      return;
    }
    case "app":
    case "namespace": {
      roundedRect(pen, { x: x - w, y: y - h, width: 2 * w, height: 2 * h }, 2 * scale);
      return;
    }
    case "workload":
    case "unknown": {
      roundedRect(pen, { x: x - w, y: y - h, width: 2 * w, height: 2 * h }, 7 * scale);
      return;
    }
  }
}

/**
 * How far text must stay from a shape's left and right side (pixels at scale 1). A sign before it fits further into a
 * point than letters do.
 */
export function insets(kind: GraphNodeKind, hasSign: boolean): readonly [left: number, right: number] {
  switch (kind) {
    case "service":
      return [hasSign ? 14 : 24, 11];
    case "serviceEntry":
    case "external":
      return [hasSign ? 17 : 20, 15];
    case "waypoint":
      return [13, 12];
    case "gateway":
      return [10, 10];
    case "app":
    case "namespace":
    case "workload":
    case "unknown":
      return [10, 8];
  }
}

function polygon(pen: Pen, points: readonly number[], radius: number): void {
  const count = points.length / 2;
  const px = (i: number) => points[(i % count) * 2] ?? 0;
  const py = (i: number) => points[(i % count) * 2 + 1] ?? 0;
  pen.moveTo((px(0) + px(count - 1)) / 2, (py(0) + py(count - 1)) / 2);
  for (let i = 0; i < count; i++) {
    // Points at the sides stay sharp: edges end there.
    const isTip = Math.abs(py(i - 1 + count) - py(i + 1)) > 1 && px(i - 1 + count) === px(i + 1);
    pen.arcTo(px(i), py(i), px(i + 1), py(i + 1), isTip ? radius / 5 : radius);
  }
  pen.closePath();
}

/** Flat below, bumps above and at the sides. */
function cloud(pen: Pen, { x, y, halfWidth: w, halfHeight: h }: ShapeBox): void {
  const at = (fx: number, fy: number): [number, number] => [x + fx * w, y + fy * h];
  const curve = (a: readonly [number, number], b: readonly [number, number], c: readonly [number, number]) =>
    pen.bezierCurveTo(...at(...a), ...at(...b), ...at(...c));
  pen.moveTo(...at(-0.8, 1));
  curve([-1.04, 1], [-1.08, 0.05], [-0.88, -0.1]);
  curve([-0.92, -0.85], [-0.62, -0.98], [-0.5, -0.62]);
  curve([-0.36, -1.22], [0.12, -1.22], [0.24, -0.68]);
  curve([0.4, -1.08], [0.72, -0.95], [0.74, -0.32]);
  curve([1.06, -0.3], [1.08, 1], [0.8, 1]);
  pen.closePath();
}
