/** Milliseconds from the host's answer to the painted frame; without anything of the browser. */
export interface DrilldownFigures {
  readonly openings: readonly number[];
  /** The same level once more, with other numbers. */
  readonly refreshes: readonly number[];
  /** A list of all choices of one selector. */
  readonly lists: readonly number[];
  readonly complaints: readonly string[];
}
