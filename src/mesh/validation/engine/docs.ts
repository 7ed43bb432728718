/** Where a code is explained. Istio and Kiali have a page for each of theirs, Foreyard one for its own. */
export function docsOf(code: string): string {
  if (code.startsWith("IST")) return `https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`;
  if (code.startsWith("KIA") || code === "GWAPI") {
    return `https://kiali.io/docs/features/validations/#${code.toLowerCase()}`;
  }
  return `https://github.com/foreyard/foreyard/blob/main/docs/rules.md#${code.toLowerCase()}`;
}
