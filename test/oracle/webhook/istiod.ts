import { spawnSync } from "node:child_process";
import { goBuild } from "../../support/goBuild.ts";

/** A program that holds istiod's admission webhook, at the version of Istio that its go.mod names. */
export const istiodModule = { name: "istiod-webhook", folder: new URL("./go/", import.meta.url) };

/** What istiod's webhook says of a document; an empty error accepts. */
export interface Verdict {
  readonly error: string;
  readonly warnings?: readonly string[];
}

/** Asks istiod about objects, in their order. */
export async function askIstiod(objects: readonly object[]): Promise<readonly Verdict[]> {
  const built = await goBuild(istiodModule);
  if (built.skip !== false) throw new Error(built.skip);
  const input = objects.map((object) => `${JSON.stringify({ object })}\n`).join("");
  const { status, stdout, stderr } = spawnSync(built.binary, { input, encoding: "utf8", maxBuffer: 2 ** 28 });
  const lines = stdout.split("\n").slice(0, -1);
  if (status !== 0 || lines.length !== objects.length) {
    throw new Error(`istiod answered ${lines.length} of ${objects.length} documents (${status}): ${stderr}`);
  }
  return lines.map((line) => JSON.parse(line) as Verdict);
}
