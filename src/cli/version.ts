import { readFile } from "node:fs/promises";

/** The version in the package.json that this file belongs to, as source or bundled. */
export async function packageVersion(): Promise<string> {
  for (let place = new URL(".", import.meta.url); ; place = new URL("..", place)) {
    try {
      const found: unknown = JSON.parse(await readFile(new URL("package.json", place), "utf8"));
      if (isForeyard(found)) return found.version;
    } catch (e) {
      if (!(e instanceof Error && "code" in e && e.code === "ENOENT")) throw e;
    }
    if (place.pathname === "/" || place.href === new URL("..", place).href) return "unknown";
  }
}

function isForeyard(found: unknown): found is { readonly version: string } {
  return (
    typeof found === "object" &&
    found !== null &&
    "name" in found &&
    found.name === "foreyard" &&
    "version" in found &&
    typeof found.version === "string"
  );
}
