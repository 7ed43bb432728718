import { isAbort, MeshError } from "../meshError.ts";
import { say, type Message } from "../message.ts";
import type { KindOnServer } from "../model/kubeObject.ts";
import type { AccessQuestion, Clock, ClusterSource } from "../ports.ts";

/** One thing that was tried on a cluster, how long it took, and what came of it. */
export interface DoctorStep {
  readonly tried: Message;
  readonly millis: number;
  /** What was found; undefined where it failed. */
  readonly found: Message | undefined;
  readonly error: MeshError | undefined;
}

/** What the user's account may do. */
export interface AccessFact {
  readonly question: AccessQuestion;
  /** undefined: the question itself could not be answered. */
  readonly isAllowed: boolean | undefined;
}

/** How far one context can be reached, and with which rights. */
export interface ContextFacts {
  readonly context: string;
  readonly steps: readonly DoctorStep[];
  readonly access: readonly AccessFact[];
}

export interface ContextToTry {
  readonly source: ClusterSource;
  readonly clock: Clock;
  /** Where rights are asked for that the whole cluster does not grant. */
  readonly namespaces: readonly string[];
}

/** Namespaces in which rights are asked for one by one. */
const namespacesAtMost = 3;

const reads: readonly AccessQuestion[] = [
  { verb: "list", group: "", resource: "namespaces" },
  { verb: "list", group: "", resource: "pods" },
  { verb: "list", group: "", resource: "services" },
  { verb: "list", group: "apps", resource: "deployments" },
  { verb: "get", group: "", resource: "nodes" },
  { verb: "get", group: "", resource: "services", subresource: "proxy" },
  { verb: "create", group: "", resource: "pods", subresource: "portforward" },
];

const clusterScoped = new Set(["namespaces", "nodes"]);

/** Tries what Foreyard needs of a cluster, step by step; a step that fails ends the steps. Throws only aborts. */
export async function gatherContextFacts(
  { source, clock, namespaces }: ContextToTry,
  signal: AbortSignal,
): Promise<ContextFacts> {
  const { context } = source;
  const steps: DoctorStep[] = [];
  async function attempt<T>(tried: Message, work: () => Promise<T>, found: (answer: T) => Message) {
    const startedAt = clock.now();
    const elapsed = () => clock.now() - startedAt;
    try {
      const answer = await work();
      steps.push({ tried, millis: elapsed(), found: found(answer), error: undefined });
      return answer;
    } catch (e) {
      steps.push({ tried, millis: elapsed(), found: undefined, error: asMeshError(e, signal) });
      return undefined;
    }
  }

  const identity = await attempt(
    say("Reach the API server and name the cluster"),
    () => source.identity(signal),
    ({ version }) => say("Kubernetes {0}", version),
  );
  if (!identity) return { context, steps, access: [] };
  const kinds = await attempt(
    say("Ask which kinds it has"),
    () => source.kinds(signal),
    (found) => say("{0} kinds, {1} of them Istio's", found.length, found.filter(isIstios).length),
  );
  const questions = [...reads, ...(kinds ?? []).filter(isIstios).map(toRead)];
  const access = await attempt(
    say("Ask what this account may do"),
    () => Promise.all(questions.map((question) => answersTo(question, { source, namespaces, signal }))),
    (found) => say("{0} questions", found.flat().length),
  );
  return { context, steps, access: access?.flat() ?? [] };
}

interface Asking {
  readonly source: ClusterSource;
  readonly namespaces: readonly string[];
  readonly signal: AbortSignal;
}

/** For the whole cluster; where that is refused, for single namespaces. */
async function answersTo(question: AccessQuestion, asking: Asking): Promise<readonly AccessFact[]> {
  const everywhere = await answerTo(question, asking);
  if (everywhere.isAllowed !== false || clusterScoped.has(question.resource)) return [everywhere];
  const places = asking.namespaces.slice(0, namespacesAtMost);
  const each = await Promise.all(places.map((namespace) => answerTo({ ...question, namespace }, asking)));
  return [everywhere, ...each];
}

async function answerTo(question: AccessQuestion, { source, signal }: Asking): Promise<AccessFact> {
  try {
    return { question, isAllowed: await source.mayI(question, signal) };
  } catch (e) {
    if (signal.aborted || isAbort(e) || !MeshError.is(e)) throw e;
    return { question, isAllowed: undefined };
  }
}

function isIstios({ group }: KindOnServer): boolean {
  return group.endsWith(".istio.io");
}

function toRead({ group, plural }: KindOnServer): AccessQuestion {
  return { verb: "list", group, resource: plural };
}

function asMeshError(e: unknown, signal: AbortSignal): MeshError {
  if (signal.aborted || isAbort(e) || !MeshError.is(e)) throw e;
  return e;
}
