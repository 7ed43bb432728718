import type { Format } from "../format/format.ts";
import type { AccessFact, ContextFacts } from "../live/doctorFacts.ts";
import type { ClusterStatus, ConnectionState } from "../live/liveMesh.ts";
import { fill, say, type Message } from "../message.ts";
import type { MeshError } from "../meshError.ts";
import { telemetryLines } from "../telemetry/telemetryLines.ts";
import { plainText, type Item } from "./markdown.ts";

const unanswered = say("not asked: the cluster did not answer");
const unadmitted = say("not asked: the cluster refused the sign-in");

/** Each step with what came of it and how long it took. */
export function stepItems({ steps }: ContextFacts): readonly Item[] {
  return steps.map(({ tried, millis, found, error }): Item => {
    const answer = error?.words ?? found ?? say("nothing");
    const value = say("{0} ({1} ms)", fill(answer), Math.round(millis));
    return { name: tried, value, mark: error ? "no" : "yes", hint: error?.hint };
  });
}

/** Each right as one would ask kubectl for it. None is asked for where a step before has failed, which says nothing. */
export function accessItems({ access, steps }: ContextFacts): readonly Item[] {
  const failure = steps.find(({ error }) => error)?.error;
  if (access.length === 0) return [{ name: say("Rights"), value: notAskedAfter(failure), mark: "unknown" }];
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

function notAskedAfter(failure: MeshError | undefined): Message {
  if (failure?.kind === "unreachable" || failure?.kind === "timeout") return unanswered;
  return failure?.kind === "unauthorized" ? unadmitted : say("not asked");
}

/** How the metrics store was looked for, and what it holds. */
export function telemetryItems({ state, telemetry }: ClusterStatus, format: Format): readonly Item[] {
  const { error, capabilities, steps } = telemetry;
  return [
    { name: say("Source"), value: sourceWords(telemetry, state) },
    ...(error ? [{ name: say("Trouble"), value: error.words, mark: "no" as const, hint: error.hint }] : []),
    ...steps.map(({ tried, answer, found }): Item => ({ name: tried, value: answer, mark: found ? "yes" : "no" })),
    ...(capabilities ? telemetryLines(capabilities, format).map(({ name, value }) => ({ name, value })) : []),
  ];
}

/** "none found" is said only where a search has ended without one. */
function sourceWords({ sourceLabel, state }: ClusterStatus["telemetry"], connection: ConnectionState): Message {
  if (sourceLabel !== undefined) return plainText(sourceLabel);
  if (state === "none") return say("none found");
  if (state !== "unknown") return say("unknown");
  switch (connection) {
    case "unreachable":
      return unanswered;
    case "unauthorized":
      return unadmitted;
    case "otherCluster":
      return say("not asked: the context leads to another cluster");
    case "noKubeconfig":
    case "noContext":
      return say("not asked");
    case "connecting":
    case "noIstio":
    case "ready":
      return say("not known yet");
  }
}
