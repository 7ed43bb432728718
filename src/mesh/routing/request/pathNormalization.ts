import type { RoutingSettings } from "../config/meshSettings.ts";

/**
 * The path as the proxy matches and forwards it; undefined where it answers 400. Envoy resolves "." and "..", decodes
 * escaped unreserved characters and takes "\" for "/"; "//" and "%2F" stay unless the mesh says otherwise
 * (MeshConfig.pathNormalization). The query is left as it is.
 */
export function normalizedPath(path: string, form: RoutingSettings["pathNormalization"]): string | undefined {
  if (path.includes("#")) return undefined;
  if (form === "NONE") return path;
  const query = path.indexOf("?");
  const [own, rest] = query < 0 ? [path, ""] : [path.slice(0, query), path.slice(query)];
  const decoded = form === "DECODE_AND_MERGE_SLASHES" ? own.replaceAll(/%2f|%5c/giu, "/") : own;
  const canonical = resolved(decodedUnreserved(decoded).replaceAll("\\", "/"));
  return (form === "BASE" ? canonical : canonical.replaceAll(/\/{2,}/gu, "/")) + rest;
}

function decodedUnreserved(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/giu, (escape, hex: string) => {
    const character = String.fromCodePoint(Number.parseInt(hex, 16));
    return /[\w.~-]/u.test(character) ? character : escape;
  });
}

function resolved(path: string): string {
  const segments: string[] = [];
  const parts = path.split("/").slice(1);
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    if (part === "..") {
      segments.pop();
      if (isLast) segments.push("");
    } else if (part !== ".") segments.push(part);
    else if (isLast) segments.push("");
  }
  return `/${segments.join("/")}`;
}
