import type { Badge } from "../../../src/mesh/topology/graph/graph.ts";
import type { Pen } from "./pen.ts";

// Small signs as paths, in a square from -1 to 1 around a point, so that they look the same on screen and in files.

type Draw = (pen: Pen, x: number, y: number, r: number) => void;

const line = (...points: readonly number[]): Draw => {
  return (pen, x, y, r) => {
    for (let i = 0; i < points.length; i += 2) {
      const [px, py] = [x + (points[i] ?? 0) * r, y + (points[i + 1] ?? 0) * r];
      if (i === 0) pen.moveTo(px, py);
      else pen.lineTo(px, py);
    }
  };
};

const circle = (cx: number, cy: number, radius: number): Draw => {
  return (pen, x, y, r) => {
    pen.moveTo(x + (cx + radius) * r, y + cy * r);
    pen.arc(x + cx * r, y + cy * r, radius * r, 0, Math.PI * 2);
  };
};

const arc = ([cx, cy]: readonly [number, number], radius: number, from: number, to: number): Draw => {
  return (pen, x, y, r) => {
    pen.moveTo(x + (cx + radius * Math.cos(from)) * r, y + (cy + radius * Math.sin(from)) * r);
    pen.arc(x + cx * r, y + cy * r, radius * r, from, to);
  };
};

const all = (...parts: readonly Draw[]): Draw => {
  return (pen, x, y, r) => {
    for (const part of parts) part(pen, x, y, r);
  };
};

/** By the order of `states`: what is stroked. Each has a shape of its own, for whoever does not see the colour. */
export const stateGlyphs: readonly Draw[] = [
  all(circle(0, 0, 1), line(-0.45, 0.05, -0.12, 0.4, 0.48, -0.35)),
  all(line(0, -0.95, 1.05, 0.85, -1.05, 0.85, 0, -0.95), line(0, -0.3, 0, 0.3), line(0, 0.5, 0, 0.62)),
  all(circle(0, 0, 1), line(-0.38, -0.38, 0.38, 0.38), line(0.38, -0.38, -0.38, 0.38)),
  circle(0, 0, 0.9),
  all(circle(0, 0, 1), arc([0, -0.2], 0.36, -Math.PI, Math.PI * 0.5), line(0, 0.16, 0, 0.28), line(0, 0.55, 0, 0.62)),
];

/** An open lock: mutual TLS is wanted and lacking. */
export const openLock: Draw = all(
  line(-0.8, -0.05, 0.8, -0.05, 0.8, 0.95, -0.8, 0.95, -0.8, -0.05),
  arc([-0.1, -0.45], 0.45, -Math.PI, 0),
  line(-0.55, -0.45, -0.55, -0.05),
);

export const badgeGlyphs: Readonly<Record<Badge, Draw>> = {
  trafficShifting: all(
    line(-0.9, 0, -0.2, 0, 0.8, -0.7),
    line(-0.2, 0, 0.8, 0.7),
    circle(0.8, -0.7, 0.14),
    circle(0.8, 0.7, 0.14),
  ),
  routing: all(line(-0.8, 0.8, -0.8, -0.1, 0.8, -0.1), line(0.35, -0.55, 0.8, -0.1, 0.35, 0.35)),
  fault: line(0.2, -0.95, -0.5, 0.15, 0.1, 0.15, -0.2, 0.95, 0.5, -0.15, -0.1, -0.15, 0.2, -0.95),
  mirroring: all(
    line(0, -0.9, 0, 0.9),
    line(-0.25, -0.6, -0.9, 0.5, -0.25, 0.5, -0.25, -0.6),
    line(0.25, -0.6, 0.9, 0.5, 0.25, 0.5, 0.25, -0.6),
  ),
  timeout: all(circle(0, 0, 0.9), line(0, -0.5, 0, 0, 0.4, 0.2)),
  circuitBreaker: all(circle(-0.75, 0.2, 0.15), circle(0.75, 0.2, 0.15), line(-0.62, 0.12, 0.45, -0.7)),
  missingSidecar: all(
    line(-0.9, -0.6, -0.1, -0.6, -0.1, 0.6, -0.9, 0.6, -0.9, -0.6),
    line(0.3, -0.3, 0.9, 0.3),
    line(0.9, -0.3, 0.3, 0.3),
  ),
  mtls: all(line(-0.75, -0.05, 0.75, -0.05, 0.75, 0.9, -0.75, 0.9, -0.75, -0.05), arc([0, -0.1], 0.45, -Math.PI, 0)),
  idle: all(line(-0.35, -0.6, -0.35, 0.6), line(0.35, -0.6, 0.35, 0.6)),
  dead: all(line(-0.7, -0.7, 0.7, 0.7), line(0.7, -0.7, -0.7, 0.7)),
  ambient: all(
    arc([0, 0.5], 0.9, -Math.PI * 0.85, -Math.PI * 0.15),
    arc([0, 0.5], 0.45, -Math.PI * 0.85, -Math.PI * 0.15),
    circle(0, 0.5, 0.1),
  ),
  outside: all(
    line(-0.1, -0.75, -0.8, -0.75, -0.8, 0.75, 0.7, 0.75, 0.7, 0.1),
    line(-0.1, 0.1, 0.8, -0.8),
    line(0.25, -0.8, 0.8, -0.8, 0.8, -0.25),
  ),
};
