import { byKey, type Item } from "./tree.ts";

export function widthOf(item: Item): number {
  return item.right - item.left;
}

export function heightOf(item: Item): number {
  return item.bottom - item.top;
}

/** Row by row, the tallest first, each row at most `width` wide (or one item). Starts at 0, 0. */
export function packShelves(items: readonly Item[], width: number, gap: { across: number; down: number }): void {
  let [x, y, rowHeight] = [0, 0, 0];
  for (const item of [...items].sort((a, b) => heightOf(b) - heightOf(a) || byKey(a, b))) {
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
export function packColumns(items: readonly Item[], height: number, gap: { across: number; down: number }): number {
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
