const suffixes: Readonly<Record<string, number>> = {
  "": 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const quantity = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i)?)$/u;

/**
 * A quantity as Kubernetes writes it (resource.Quantity): "250m" is 0.25 (cores), "512Mi" is 536870912 (bytes), "1e3" is
 * 1000. undefined for whatever is none.
 */
export function parseQuantity(value: unknown): number | undefined {
  // The API server writes texts; manifests and other servers may hold plain numbers.
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const [, digits, exponent, suffix = ""] = quantity.exec(value) ?? [];
  if (digits === undefined) return undefined;
  if (exponent !== undefined) return finite(Number(`${digits}e${exponent}`));
  const worth = suffixes[suffix] ?? NaN;
  // Dividing keeps "100m" at 0.1: 1e-3 itself is no binary fraction.
  return finite(worth < 1 ? Number(digits) / Math.round(1 / worth) : Number(digits) * worth);
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}
