/**
 * What pictures are drawn with: the part of a canvas' 2D context that they need, so that the same code draws the screen,
 * the PNG and the SVG.
 */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | "beginPath"
  | "moveTo"
  | "lineTo"
  | "quadraticCurveTo"
  | "bezierCurveTo"
  | "arc"
  | "arcTo"
  | "rect"
  | "closePath"
  | "fill"
  | "stroke"
  | "fillText"
  | "setLineDash"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "lineCap"
  | "lineJoin"
  | "globalAlpha"
  | "font"
  | "textAlign"
  | "textBaseline"
>;

/** A rectangle with round corners. */
export function roundedRect(pen: Pen, { x, y, width, height }: Rect, radius: number): void {
  const r = Math.max(0, Math.min(radius, width / 2, height / 2));
  pen.moveTo(x + r, y);
  pen.lineTo(x + width - r, y);
  pen.arcTo(x + width, y, x + width, y + r, r);
  pen.lineTo(x + width, y + height - r);
  pen.arcTo(x + width, y + height, x + width - r, y + height, r);
  pen.lineTo(x + r, y + height);
  pen.arcTo(x, y + height, x, y + height - r, r);
  pen.lineTo(x, y + r);
  pen.arcTo(x, y, x + r, y, r);
  pen.closePath();
}

/** Left, top and size in the pixels of whatever is drawn on. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
