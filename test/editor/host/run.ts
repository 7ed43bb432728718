import { writeFileSync } from "node:fs";
import { inspect } from "node:util";
import type { HostResult } from "./hostTest.ts";
import { commandTests } from "./commandTests.ts";
import { documentTests } from "./documentTests.ts";
import { leakTests } from "./leakTests.ts";
import { lifeTests } from "./lifeTests.ts";
import { settingTests } from "./settingTests.ts";

/**
 * What VS Code calls with `extensionTestsPath`: runs every host test in order and writes the results, a JSON list of
 * HostResult, to the file that FOREYARD_HOST_REPORT names. Rejects if one failed.
 */
export async function run(): Promise<void> {
  const results: HostResult[] = [];
  const file = process.env["FOREYARD_HOST_REPORT"];
  // Those about a host in which nobody has touched Foreyard come first.
  for (const { name, run: runTest } of [
    ...lifeTests,
    ...commandTests,
    ...documentTests,
    ...settingTests,
    ...leakTests,
  ]) {
    try {
      await withinReason(runTest());
      results.push({ name, failure: undefined });
    } catch (error) {
      results.push({ name, failure: inspect(error, { depth: 4 }) });
    }
    if (file) writeFileSync(file, JSON.stringify(results));
  }
  const failed = results.filter(({ failure }) => failure !== undefined);
  for (const { name, failure } of failed) console.error(`FAILED ${name}\n${failure ?? ""}`);
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) throw new Error(`${failed.length} of ${results.length} host tests failed`);
}

/** Fails what hangs, so that the others still run. */
async function withinReason(test: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("It did not end within 40 s.")), 40_000);
  });
  await Promise.race([test, late]).finally(() => clearTimeout(timer));
}
