import { nothing, svg, html, type TemplateResult } from "lit";
import type { ListSnapshot } from "../../src/protocol/lists/listsContract.ts";

const [width, height] = [72, 18];

/** A row's small line, from zero to its own most; gaps stay gaps. */
export function sparkLine(list: ListSnapshot, row: number): TemplateResult | typeof nothing {
  const path = sparkPath(list.sparks.subarray(row * list.sparkLength, (row + 1) * list.sparkLength));
  if (path === "") return nothing;
  return html`<svg class="fy-spark" viewBox="0 0 ${width} ${height}" aria-hidden="true">
    ${svg`<path d=${path}></path>`}
  </svg>`;
}

/** "" where nothing is known. A point between two gaps is a dot. */
export function sparkPath(points: Float64Array): string {
  let most = 0;
  for (const point of points) if (point > most) most = point;
  const step = points.length > 1 ? (width - 2) / (points.length - 1) : 0;
  let path = "";
  let isDown = false;
  for (const [i, point] of points.entries()) {
    if (!Number.isFinite(point)) {
      isDown = false;
      continue;
    }
    const y = height - 1.5 - (most > 0 ? (Math.max(0, point) / most) * (height - 3) : 0);
    path += `${isDown ? "L" : "M"}${(1 + i * step).toFixed(1)} ${y.toFixed(1)}`;
    if (!isDown && !Number.isFinite(points[i + 1])) path += "h0";
    isDown = true;
  }
  return path;
}
