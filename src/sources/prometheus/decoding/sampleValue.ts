const special: Readonly<Record<string, number>> = { NaN, "+Inf": Infinity, Inf: Infinity, "-Inf": -Infinity };

/** The number that a sample's text stands for (NaN and infinite ones too); undefined where it is none. */
export function sampleValue(text: string): number | undefined {
  const value = special[text] ?? (/^[-+]?\d/.test(text) ? Number(text) : undefined);
  return value === undefined || (Number.isNaN(value) && text !== "NaN") ? undefined : value;
}
