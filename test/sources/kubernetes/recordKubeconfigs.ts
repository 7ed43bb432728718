// Records what the real kubectl makes of the cases in kubeconfigCases.ts:
//
//   node tools/node24.mjs test/sources/kubernetes/recordKubeconfigs.ts

import { writeFile } from "node:fs/promises";
import { findPrograms } from "../../cluster/controlPlanePrograms.ts";
import { askCurrentContext, askKubectl } from "./askKubectl.ts";
import { recordedCases, type KubectlAnswer } from "./kubeconfigCases.ts";

const found = await findPrograms(["kubectl"]);
if (found.skip !== false) throw new Error(found.skip);
const answers: Record<string, unknown> = {};
const { kubectl } = found.programs;
for (const asked of recordedCases) {
  const answer: KubectlAnswer = {
    view: await askKubectl(kubectl, asked),
    currentContext: await askCurrentContext(kubectl, asked),
  };
  answers[asked.name] = answer;
}
const file = new URL("../../fixtures/kubeconfig/kubectl.json", import.meta.url);
await writeFile(file, `${JSON.stringify(answers, null, 1)}\n`);
console.log(`${recordedCases.length} cases recorded`);
