import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { ChartMark, WriteUnit } from "./chartValues.ts";
import type { Palette } from "./palette.ts";
import type { TimeTexts } from "./timeTexts.ts";

/** What a card asks of the grid it stands in. */
export interface ChartsDesk {
  readonly palette: () => Palette;
  readonly texts: TimeTexts;
  readonly write: WriteUnit;
  readonly marks: readonly ChartMark[];
  /** Where a query can be opened. */
  readonly tools: readonly QueryTool[];
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
