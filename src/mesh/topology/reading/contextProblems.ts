import { fill, say, type Message } from "../../message.ts";
import type { GraphProblem } from "../graph/graph.ts";
import type { StoreEntry, TopologyInput } from "./topologyReading.ts";

/** What is known to be missing before any store is asked: clusters, stores, and what may not be read of a cluster. */
export function contextProblems({ stores, facts }: TopologyInput): readonly GraphProblem[] {
  const unread = facts?.meshes.flatMap((mesh) => mesh.clusters).flatMap(unreadOf) ?? [];
  return [...stores.flatMap(entryProblems), ...unread, ...unreadConfig(facts?.config.unread ?? [])];
}

function entryProblems({ source, cluster, status }: StoreEntry): readonly GraphProblem[] {
  const context = status?.context ?? cluster?.context;
  if (!status || context === undefined) return [];
  if (status.error) {
    const { words, hint } = status.error;
    return [problem(`context/${context}`, say("{0}: {1}", context, fill(words)), { hint, severity: "error" })];
  }
  if (source) return [];
  const { state, error } = status.telemetry;
  if (error) {
    const { words, hint } = error;
    return [problem(`store of/${context}`, say("{0}: {1}", context, fill(words)), { hint, severity: "error" })];
  }
  if (state === "none") {
    const words = say("{0}: no metrics store was found, so what its proxies report is missing", context);
    return [problem(`store of/${context}`, words, { hint: undefined, severity: "warning" })];
  }
  if (status.state !== "ready" && status.state !== "connecting") return [];
  const words = say("{0}: its metrics store is still being looked for", context);
  return [problem(`store of/${context}`, words, { hint: undefined, severity: "info" })];
}

interface ClusterUnread {
  readonly context: string;
  readonly unread: readonly { readonly namespace: string | undefined; readonly kind?: string; readonly error: Error }[];
}

/** One line for each namespace and reason, with the kinds that it is about. */
function unreadOf({ context, unread }: ClusterUnread): readonly GraphProblem[] {
  const byReason = new Map<string, { readonly namespace: string | undefined; readonly kinds: Set<string> }>();
  for (const { namespace, kind, error } of unread) {
    const id = JSON.stringify([namespace, error.message]);
    const there = byReason.get(id) ?? { namespace, kinds: new Set<string>() };
    if (kind !== undefined) there.kinds.add(kind);
    byReason.set(id, there);
  }
  return [...byReason].map(([id, { namespace, kinds }]) => {
    const [, reason = ""] = JSON.parse(id) as [unknown, string?];
    const what = [...kinds].sort().join(", ");
    const where = namespace ?? context;
    const words =
      what === "" ? say("{0}: {1}", where, reason) : say("{0}: {1} cannot be read. {2}", where, what, reason);
    return problem(`unread/${context}/${id}`, words, { hint: undefined, severity: "warning" });
  });
}

function unreadConfig(unread: readonly string[]): readonly GraphProblem[] {
  if (unread.length === 0) return [];
  const words = say("Some configuration cannot be read, so badges are missing: {0}", unread.join(", "));
  return [problem("unread configuration", words, { hint: undefined, severity: "info" })];
}

function problem(
  id: string,
  words: Message,
  { hint, severity }: { readonly hint: Message | undefined; readonly severity: GraphProblem["severity"] },
): GraphProblem {
  return { id, words, ...(hint ? { hint } : {}), canRetry: severity !== "info", severity };
}
