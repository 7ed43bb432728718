const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
};

/** One of the demo's own Kubernetes quantities as a number: "100m" is 0.1, "1Gi" is 1073741824. NaN where it is none. */
export function quantityOf(text: unknown): number {
  const [, digits = "", suffix = "?"] = (typeof text === "string" && /^(\d+(?:\.\d+)?)([a-zA-Z]*)$/.exec(text)) || [];
  return Number(digits) * (factors[suffix] ?? NaN);
}
