// A reporter for node:test: a line for each failure with its reason, one for each skip with its reason, and the counts
// of the whole run in the file that FOREYARD_COUNTS names.

import { appendFileSync } from "node:fs";
import path from "node:path";
import { inspect } from "node:util";

export default async function* report(source) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    if (type === "test:stderr" || type === "test:stdout") yield data.message;
    if (type !== "test:pass" && type !== "test:fail") continue;
    // A suite counts only where it is skipped as a whole: then its tests never report.
    if (data.details?.type === "suite" && data.skip === undefined) continue;
    const where = data.file ? path.relative(process.cwd(), data.file) : "";
    if (type === "test:fail") {
      const error = data.details.error;
      // A suite that fails because a test in it failed says nothing new.
      if (error?.failureType === "subtestsFailed") continue;
      counts.failed++;
      yield `FAILED  ${where}: ${data.name}\n${indent(inspect(error?.cause ?? error, { depth: 6 }))}\n`;
    } else if (data.skip !== undefined) {
      counts.skipped++;
      yield `skipped ${where}: ${data.name}${typeof data.skip === "string" ? ` (${data.skip})` : ""}\n`;
    } else {
      counts.passed++;
    }
  }
  if (process.env.FOREYARD_COUNTS) appendFileSync(process.env.FOREYARD_COUNTS, `${JSON.stringify(counts)}\n`);
}

function indent(text) {
  return text.replace(/^/gm, "    ");
}
