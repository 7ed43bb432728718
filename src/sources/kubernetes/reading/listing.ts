import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { KindOnServer, KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { ListPage, ListQuery, Unread } from "../../../mesh/ports.ts";
import { acceptOf, arrivalOf } from "./arrivals.ts";
import { badAnswer } from "../http/failures.ts";
import { attemptOf, kindPath, withQuery } from "./kubePaths.ts";
import { Mailbox } from "./mailbox.ts";
import { TooLarge, type Answer, type Transport } from "../http/transport.ts";
import { withoutManagedFields } from "./withoutManagedFields.ts";

/** One namespace of a scope; undefined is the whole cluster. */
export type Part = string | undefined;

const pageSize = 500;
const pagesAhead = 2;
const restartsAtMost = 3;

export interface Page {
  readonly objects: readonly KubeObject[];
  /** Of the list; to watch from. */
  readonly resourceVersion: string;
}

/**
 * The pages of one part, in the server's order. The next page is asked for while this one is read. Throws an "expired"
 * MeshError where the list went stale on the way.
 */
export async function* pagesOf(
  transport: Transport,
  query: ListQuery,
  part: Part,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const { kind, labelSelector, fieldSelector } = query;
  const attempt = attemptOf("list", kind, part);
  const accept = acceptOf(query.metadataOnly, true);
  const trimming = isBuiltIn(kind) ? { trim: withoutManagedFields } : {};
  let limit = pageSize;
  const ask = (next: string | undefined): Promise<Answer> => {
    const path = withQuery(kindPath(kind, part), { limit, continue: next, labelSelector, fieldSelector });
    const answer = transport.send({ method: "GET", path, attempt, accept, ...trimming }, signal);
    // Awaited below unless the reader leaves, and then nobody wants to know.
    answer.catch(() => undefined);
    return answer;
  };
  let next: string | undefined;
  let coming = ask(next);
  for (;;) {
    let answer: Answer;
    try {
      answer = await coming;
    } catch (e) {
      // Some kinds hold a megabyte each: ask for fewer at a time before giving up.
      if (!(MeshError.is(e) && e.cause instanceof TooLarge) || limit === 1) throw e;
      limit = Math.max(1, Math.floor(limit / 8));
      coming = ask(next);
      continue;
    }
    const foretold = nextOf(answer.text);
    if (foretold !== undefined) coming = ask(foretold);
    const page = pageOf(transport.parse(answer, attempt), query);
    if (!page) throw badAnswer(say("It sent JSON that is no list of {0}.", kind.kind), attempt, transport.wire.place);
    yield page;
    if (page.next === undefined) return;
    if (page.next !== foretold) coming = ask(page.next);
    next = page.next;
  }
}

/** The continue token where the list's metadata come first, as built-in kinds are written; undefined: not known yet. */
function nextOf(text: string): string | undefined {
  const found = /^\{"kind":"\w+","apiVersion":"[\w./]+","metadata":\{[^{}]*?"continue":"([\w=-]+)"[^{}]*\},/.exec(
    text.slice(0, 4000),
  );
  return found?.[1];
}

/** Kinds of Kubernetes itself, which have no field `managedFields` but the one of their metadata. */
function isBuiltIn({ group }: KindOnServer): boolean {
  return !group.includes(".") || group === "admissionregistration.k8s.io";
}

function pageOf(answer: unknown, { kind, metadataOnly }: ListQuery): (Page & { next: string | undefined }) | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const { items, metadata } = answer as { items?: unknown; metadata?: unknown };
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const { resourceVersion, continue: next } = metadata as { resourceVersion?: unknown; continue?: unknown };
  // metrics.k8s.io has no versions; of such a kind nothing can be watched.
  if (resourceVersion !== undefined && typeof resourceVersion !== "string") return undefined;
  if (items !== null && !Array.isArray(items)) return undefined;
  const objects = ((items as unknown[] | null) ?? [])
    .map((item) => arrivalOf(item, kind, metadataOnly === true))
    .filter((object) => object !== undefined);
  return {
    objects,
    resourceVersion: resourceVersion ?? "",
    next: typeof next === "string" && next !== "" ? next : undefined,
  };
}

/** All pages of a scope, each object once, even where the server forgot the list half-way and it was begun again. */
export async function* listPages(
  transport: Transport,
  query: ListQuery,
  signal: AbortSignal,
): AsyncGenerator<ListPage> {
  const pages = new Mailbox<ListPage>(pagesAhead);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const reading = readParts(query, async (part) => {
    const seen = new Set<string>();
    for (let restarts = 0; ; restarts++) {
      try {
        for await (const { objects } of pagesOf(transport, query, part, both)) {
          const fresh = objects.filter(({ metadata: { namespace, name } }) => !seen.has(`${namespace ?? ""}/${name}`));
          for (const { metadata } of fresh) seen.add(`${metadata.namespace ?? ""}/${metadata.name}`);
          if (fresh.length > 0) await pages.put({ objects: fresh });
        }
        return;
      } catch (e) {
        if (!MeshError.is(e, "expired") || restarts === restartsAtMost) throw e;
      }
    }
  });
  reading.then(
    () => pages.end(),
    (e: unknown) => pages.fail(e),
  );
  try {
    yield* pages;
  } finally {
    stop.abort();
    pages.close();
  }
}

/** The parts to read first, and those to read where the first are forbidden. */
export function partsOf({ kind, scope }: ListQuery): {
  readonly first: readonly Part[];
  readonly otherwise: readonly string[];
} {
  if (!kind.namespaced) return { first: [undefined], otherwise: [] };
  if ("all" in scope) return { first: [undefined], otherwise: [...new Set(scope.otherwise)] };
  return { first: [...new Set(scope.namespaces)], otherwise: [] };
}

/**
 * Reads all parts of a scope, several at a time, and gives back what could not be read for lack of rights. Throws where
 * nothing at all could be read.
 */
export async function readParts(
  query: ListQuery,
  read: (part: Part) => Promise<void>,
): Promise<{ readonly parts: readonly Part[]; readonly unread: readonly Unread[] }> {
  const { first, otherwise } = partsOf(query);
  const tried = await tryParts(first, read);
  if (tried.unread.length === 0 || tried.parts.length > 0) return tried;
  const again = otherwise.length > 0 ? await tryParts(otherwise, read) : tried;
  if (again.parts.length === 0) throw (tried.unread[0] as Unread).error;
  return { parts: again.parts, unread: [...tried.unread, ...again.unread] };
}

async function tryParts(parts: readonly Part[], read: (part: Part) => Promise<void>) {
  const done = await Promise.allSettled(parts.map(read));
  const unread: Unread[] = [];
  const readable: Part[] = [];
  for (const [i, result] of done.entries()) {
    const namespace = parts[i];
    if (result.status === "fulfilled") readable.push(namespace);
    else if (MeshError.is(result.reason, "forbidden")) unread.push({ namespace, error: result.reason });
    else throw result.reason;
  }
  return { parts: readable, unread };
}
