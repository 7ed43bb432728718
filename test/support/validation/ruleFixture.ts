import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { assumedObjects } from "../../../src/mesh/validation/world/assumedObjects.ts";
import type { WorldSettings } from "../../../src/mesh/validation/world/world.ts";
import type { WorldStore } from "../../../src/mesh/validation/world/worldStore.ts";
import { worldOf, type WorldText } from "./worldOf.ts";

const folder = path.join(import.meta.dirname, "../../fixtures/rules");

/** An example of a code: YAML that fires it, or YAML close to it that does not. */
export interface RuleFixture {
  readonly file: string;
  readonly code: string;
  readonly isFiring: boolean;
  readonly text: string;
}

interface Header extends Partial<WorldSettings> {
  /** All objects are live ones. */
  readonly live?: boolean;
  /** With what Istio assumes where only files are known: the default ingress gateway. */
  readonly defaultResources?: boolean;
}

export function ruleFixtures(): readonly RuleFixture[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".yaml"))
    .sort()
    .map((file) => {
      const [code = "", sort] = file.split(".");
      if (sort !== "fires" && sort !== "quiet") throw new Error(`${file} is neither .fires nor .quiet.`);
      return { file, code, isFiring: sort === "fires", text: readFileSync(path.join(folder, file), "utf8") };
    });
}

/**
 * The world of a fixture. Its first line may say `# world: {...}` (settings, `live`, `defaultResources`); after a `---`
 * the lines `# cluster: NAME` and `# live: true` say it of what follows.
 */
export function worldOfFixture({ file, text }: RuleFixture): WorldStore {
  const { live = false, defaultResources = false, ...settings } = headerOf(text);
  const store = worldOf(partsOf(file, text, live), settings);
  if (defaultResources) store.replace("assumed", assumedObjects(""));
  return store;
}

function headerOf(text: string): Header {
  const [, json] = /^# world: (\{.*\})$/mu.exec(text) ?? [];
  return json === undefined ? {} : (JSON.parse(json) as Header);
}

function partsOf(file: string, text: string, isLive: boolean): readonly WorldText[] {
  const parts: { text: string; cluster: string; from: "file" | "live" }[] = [];
  let cluster = "";
  let from: "file" | "live" = isLive ? "live" : "file";
  for (const document of text.split(/^---[ \t]*\n/mu)) {
    cluster = /^# cluster: (\S+)$/mu.exec(document)?.[1] ?? cluster;
    if (/^# live: true$/mu.test(document)) from = "live";
    const last = parts.at(-1);
    if (last !== undefined && last.cluster === cluster && last.from === from) last.text += `---\n${document}`;
    else parts.push({ text: document, cluster, from });
  }
  return parts.map((part, index) => ({ name: index === 0 ? file : `${file} ${index}`, ...part }));
}
