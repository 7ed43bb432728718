import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { ChartMark, WriteUnit } from "./chartValues.ts";
import type { Palette } from "./palette.ts";
import type { TimeTexts } from "./timeTexts.ts";

/** Where a plot is to stand. */
export interface Room {
  /** CSS pixels. */
  readonly width: number;
  /** It is in the window, or nearly. */
  readonly isNear: boolean;
}

export interface Drawable {
  readonly room: Room;
  make(room: Room): void;
}

/** What a card asks of the grid it stands in. */
export interface ChartsDesk {
  readonly palette: () => Palette;
  readonly texts: TimeTexts;
  readonly write: WriteUnit;
  readonly writeThreshold: WriteUnit;
  readonly marks: readonly ChartMark[];
  /** Where a query can be opened. */
  readonly tools: readonly QueryTool[];
  /** Calls `card.make` before the next frame is painted. */
  draw(card: Drawable): void;
  /** For listeners: what the keyboard's cursor stands on. */
  speak(text: string): void;
  /** All charts show this time by its index; null: none, the last. */
  point(at: number | null): void;
  /** All charts mark this part by the indexes of its ends. */
  select(part: readonly [from: number, to: number] | null): void;
  /** Seconds since 1970. */
  range(from: number, to: number): void;
  group(id: string, by: Grouping): void;
  toggleStacked(id: string): void;
  toggleTable(id: string): void;
  saveCsv(id: string): void;
  query(query: string, act: "copy" | QueryTool): void;
}

export type QueryTool = "prometheus" | "grafana";
