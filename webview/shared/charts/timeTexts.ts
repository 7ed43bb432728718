/** Between two times on an axis (seconds). */
export const timeSteps = [
  ...[5, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200],
  ...[86_400, 172_800, 604_800],
];

/** The locale's times; making a formatter costs more than a hundred uses of it. */
export class TimeTexts {
  readonly #minutes: Intl.DateTimeFormat;
  readonly #seconds: Intl.DateTimeFormat;
  readonly #days: Intl.DateTimeFormat;
  readonly #whole: Intl.DateTimeFormat;

  constructor(locale: string) {
    this.#minutes = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
    this.#seconds = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this.#days = new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" });
    this.#whole = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  }

  /** Labels of an axis: the day where steps are days, or where a day begins. */
  axis(seconds: readonly number[], step: number): string[] {
    return seconds.map((at) => {
      const date = new Date(at * 1000);
      const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
      if (step >= 86_400 || (isMidnight && step >= 3600)) return this.#days.format(date);
      return (step < 60 ? this.#seconds : this.#minutes).format(date);
    });
  }

  /** "12:04:35", or with its day where that is not the day of `reference` (seconds since 1970 both). */
  at(seconds: number, reference: number = seconds): string {
    const date = new Date(seconds * 1000);
    const isSameDay = date.toDateString() === new Date(reference * 1000).toDateString();
    return (isSameDay ? this.#seconds : this.#whole).format(date);
  }

  whole(seconds: number): string {
    return this.#whole.format(new Date(seconds * 1000));
  }
}
