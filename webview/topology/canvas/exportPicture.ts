import { paint, type FrameParts } from "./paint.ts";
import { SvgPen } from "./svgPen.ts";
import type { Viewport } from "./viewport.ts";

const margin = 32;
/** Chromium's canvases end at 16,384 pixels a side; a picture of 64 million pixels is as much as a page can hold. */
const longestSide = 16_000;
const mostPixels = 64_000_000;

/** Everything, at its full size. */
export function pictureAsSvg(parts: FrameParts): string {
  const pen = new SvgPen();
  const view = wholeView(parts, 1);
  paint({ ...parts, pen, view, selected: null, hovered: null, fade: null }, true);
  return pen.document(view.width, view.height, parts.palette.background);
}

/** Everything as a data URL: at its full size, or as large as a bitmap can be. */
export async function pictureAsPng(parts: FrameParts): Promise<string> {
  const { width, height } = wholeView(parts, 1);
  const scale = Math.min(2, longestSide / width, longestSide / height, Math.sqrt(mostPixels / (width * height)));
  const view = wholeView(parts, scale);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(view.width);
  canvas.height = Math.ceil(view.height);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("No canvas can be drawn on here.");
  pen.fillStyle = parts.palette.background;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  paint({ ...parts, pen, view, selected: null, hovered: null, fade: null }, scale >= 0.38);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("The picture is too large for a bitmap.");
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(typeof reader.result === "string" ? reader.result : ""));
    reader.addEventListener("error", () => reject(reader.error ?? new Error("The picture could not be read.")));
    reader.readAsDataURL(blob);
  });
}

function wholeView({ stage: { bounds } }: FrameParts, scale: number): Viewport {
  const room = margin * Math.min(1, scale);
  return {
    scale,
    left: room - bounds.left * scale,
    top: room - bounds.top * scale,
    width: (bounds.right - bounds.left) * scale + 2 * room,
    height: (bounds.bottom - bounds.top) * scale + 2 * room,
  };
}
