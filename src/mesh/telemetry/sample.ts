/** One number of an answer with the labels it was grouped by. The value may be NaN or infinite: unchecked input. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A label's value; "" where it is absent, as PromQL reads it. */
export function labelOf(sample: Sample, label: string): string {
  return sample.labels[label] ?? "";
}
