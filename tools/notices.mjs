// The licences of what the bundles carry, for the file that ships beside them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** @returns the text of THIRD_PARTY_NOTICES.txt for the packages that a metafile names */
export function notices(root, metafile) {
  const folders = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
    if (match) folders.add(match[0]);
  }
  const parts = [...folders].sort().map((folder) => describe(path.join(root, folder)));
  return `Foreyard contains the following packages.\n\n${parts.join("\n\n")}\n`;
}

function describe(folder) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((each) => /^(licen[sc]e|copying)/i.test(each));
  const text = file && existsSync(path.join(folder, file)) ? readFileSync(path.join(folder, file), "utf8").trim() : "";
  return `${"-".repeat(80)}\n${name} ${version} (${typeof license === "string" ? license : "see below"})\n\n${text}`;
}
