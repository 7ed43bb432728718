import type { Format } from "../format/format.ts";
import type { AccessFact, ContextFacts } from "../live/doctorFacts.ts";
import type { ClusterStatus } from "../live/liveMesh.ts";
import { fill, say, type Message } from "../message.ts";
import { telemetryLines } from "../telemetry/telemetryLines.ts";
import { plainText, type Item } from "./markdown.ts";

/** Each step with what came of it and how long it took. */
export function stepItems({ steps }: ContextFacts): readonly Item[] {
  return steps.map(({ tried, millis, found, error }): Item => {
    const answer = error?.words ?? found ?? say("nothing");
    const value = say("{0} ({1} ms)", fill(answer), Math.round(millis));
    return { name: tried, value, mark: error ? "no" : "yes", hint: error?.hint };
  });
}

/** Each right as one would ask kubectl for it. */
export function accessItems({ access }: ContextFacts): readonly Item[] {
  return access.map((fact): Item => {
    const mark = fact.isAllowed === undefined ? "unknown" : fact.isAllowed ? "yes" : "no";
    return { name: plainText(kubectlQuestion(fact)), value: accessWords(fact), mark };
  });
}

function kubectlQuestion({ question }: AccessFact): string {
  const { verb, group, resource, subresource, namespace } = question;
  const what = `${resource}${group === "" ? "" : `.${group}`}`;
  const part = subresource === undefined ? "" : ` --subresource=${subresource}`;
  const where = namespace === undefined ? "--all-namespaces" : `--namespace=${namespace}`;
  return `kubectl auth can-i ${verb} ${what}${part} ${where}`;
}

function accessWords({ isAllowed }: AccessFact): Message {
  if (isAllowed === undefined) return say("unknown");
  return isAllowed ? say("allowed") : say("refused");
}

/** How the metrics store was looked for, and what it holds. */
export function telemetryItems({ telemetry }: ClusterStatus, format: Format): readonly Item[] {
  const { sourceLabel, error, capabilities, steps } = telemetry;
  const source = sourceLabel === undefined ? say("none found") : plainText(sourceLabel);
  return [
    { name: say("Source"), value: source },
    ...(error ? [{ name: say("Trouble"), value: error.words, mark: "no" as const, hint: error.hint }] : []),
    ...steps.map(({ tried, answer, found }): Item => ({ name: tried, value: answer, mark: found ? "yes" : "no" })),
    ...(capabilities ? telemetryLines(capabilities, format).map(({ name, value }) => ({ name, value })) : []),
  ];
}
