import type { CanvasEvents, GraphCanvas } from "../canvas/graphCanvas.ts";

/** Stands in for the canvas. */
export function canvasOf(host: HTMLElement, _events: CanvasEvents): GraphCanvas {
  const nothing = () => undefined;
  host.replaceChildren();
  return {
    show: nothing,
    select: nothing,
    highlight: nothing,
    reveal: nothing,
    fit: nothing,
    zoomBy: nothing,
    panBy: nothing,
    camera: { x: 0, y: 0, scale: 1 },
    toSvg: () => "",
    toPng: () => Promise.resolve(""),
    dispose: nothing,
  };
}
