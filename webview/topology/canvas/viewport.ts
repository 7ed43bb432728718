import type { Camera } from "./graphCanvas.ts";

/** How the scene's pixels become the screen's: `screen = scene * scale + offset`. */
export interface Viewport {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export const scaleExtent: readonly [number, number] = [0.01, 3];

/** A camera's x and y are the point of the scene in the middle of the view. */
export function viewportOf(camera: Camera, width: number, height: number): Viewport {
  const { x, y, scale } = camera;
  return { scale, left: width / 2 - x * scale, top: height / 2 - y * scale, width, height };
}

export function cameraOf({ scale, left, top, width, height }: Viewport): Camera {
  return { x: (width / 2 - left) / scale, y: (height / 2 - top) / scale, scale };
}

/** The part of the scene that is in sight, with so much of the view around it. */
export function sightOf({ scale, left, top, width, height }: Viewport, margin = 0): Bounds {
  return {
    left: (-left - width * margin) / scale,
    top: (-top - height * margin) / scale,
    right: (width - left + width * margin) / scale,
    bottom: (height - top + height * margin) / scale,
  };
}

export interface Bounds {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The camera that shows all of these with some room around, never larger than life. */
export function fitting(bounds: Bounds, width: number, height: number): Camera {
  const room = Math.max(16, Math.min(48, Math.min(width, height) * 0.06));
  const [wide, high] = [Math.max(1, bounds.right - bounds.left), Math.max(1, bounds.bottom - bounds.top)];
  const scale = Math.min((width - 2 * room) / wide, (height - 2 * room) / high, 1);
  return {
    x: (bounds.left + bounds.right) / 2,
    y: (bounds.top + bounds.bottom) / 2,
    scale: Math.min(scaleExtent[1], Math.max(scaleExtent[0], scale)),
  };
}
