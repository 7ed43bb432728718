/** Milliseconds; without anything of the browser, so that the bench knows it, too. */
export interface ChartFigures {
  /** From the values to the painted frame, each in a fresh page. */
  readonly firstPaints: readonly number[];
  /** Script of each update. */
  readonly updates: readonly number[];
  readonly canvasesLeft: number;
  readonly complaints: readonly string[];
}
