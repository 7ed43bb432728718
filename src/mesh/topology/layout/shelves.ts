/** What takes room: an origin, and edges counted from it. The key decides where nothing else does. */
export interface Rectangle {
  readonly key: string;
  x: number;
  y: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Gap {
  readonly across: number;
  readonly down: number;
}

export function widthOf({ left, right }: Pick<Rectangle, "left" | "right">): number {
  return right - left;
}

export function heightOf({ top, bottom }: Pick<Rectangle, "top" | "bottom">): number {
  return bottom - top;
}

/** Row by row, the tallest first, each row at most `width` wide (or one item). Starts at 0, 0. */
export function packShelves(items: readonly Rectangle[], width: number, gap: Gap): void {
  let [x, y, rowHeight] = [0, 0, 0];
  const tallestFirst = [...items].sort((a, b) => heightOf(b) - heightOf(a) || (a.key < b.key ? -1 : 1));
  for (const item of tallestFirst) {
    if (x > 0 && x + widthOf(item) > width) {
      y += rowHeight + gap.down;
      x = 0;
      rowHeight = 0;
    }
    item.x = x - item.left;
    item.y = y - item.top;
    x += widthOf(item) + gap.across;
    rowHeight = Math.max(rowHeight, heightOf(item));
  }
}

/** Column by column in the given order, each at most `height` tall (or one item). Starts at 0, 0; returns the width. */
export function packColumns(items: readonly Rectangle[], height: number, gap: Gap): number {
  let [x, y, columnWidth] = [0, 0, 0];
  for (const item of items) {
    if (y > 0 && y + heightOf(item) > height) {
      x += columnWidth + gap.across;
      y = 0;
      columnWidth = 0;
    }
    item.x = x - item.left;
    item.y = y - item.top;
    y += heightOf(item) + gap.down;
    columnWidth = Math.max(columnWidth, widthOf(item));
  }
  return x + columnWidth;
}
