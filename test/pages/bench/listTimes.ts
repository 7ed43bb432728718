/** Milliseconds; without anything of the browser, so that the bench knows it, too. */
export interface ListTimes {
  /** From the click on a head to the sorted rows in the document. */
  readonly sorts: readonly number[];
  /** Between frames while the list is scrolled. */
  readonly frames: readonly number[];
  readonly complaints: readonly string[];
}
