/** Rates by response code or by Envoy flag. */
export type RatesByName = Record<string, number>;

/** For all that have none. */
export const noRatesByName: Readonly<RatesByName> = Object.freeze({});

/**
 * An empty record for rates by code. Codes are whole numbers, and for such keys V8 keeps a slot for every smaller number
 * too (6 kB for a "503"), unless the object has once had one that is far too high.
 */
export function ratesByName(): RatesByName {
  // The key is only there to make the object sparse; written out, since to turn a dense object into one takes V8 longer.
  const rates: RatesByName = { 4294967294: 0 };
  delete rates[4294967294];
  return rates;
}

export function addRate(rates: RatesByName, name: string, rate: number): void {
  const known = Object.hasOwn(rates, name) ? (rates[name] ?? 0) : 0;
  if (name !== "__proto__") rates[name] = known + rate;
  else
    Object.defineProperty(rates, name, { value: known + rate, configurable: true, enumerable: true, writable: true });
}
