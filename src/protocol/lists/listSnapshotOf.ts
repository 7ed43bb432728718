import type { Health } from "../../mesh/health/verdict.ts";
import type { ListRow, ListValues } from "../../mesh/lists/listValues.ts";
import type { Message } from "../../mesh/message.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import { listNumbers, type ListNumber, type ListSnapshot } from "./listsContract.ts";

/** The order of `ListSnapshot.states`: worst first. */
export const listStates = ["failing", "degraded", "healthy", "idle", "unknown"] as const satisfies readonly Health[];

export interface ListWords {
  readonly say: (message: Message) => string;
  /** What third parties say of a row in one line. */
  readonly noteOf: (ref: ObjectRef) => string;
}

/** A list as it crosses to its page: columns and a table of strings. */
export function listSnapshotOf(values: ListValues, { say, noteOf }: ListWords): ListSnapshot {
  const { rows, sparkLength, what, totals, windowSeconds, atMillis, staleSince } = values;
  const strings = new Map<string, number>([["", 0]]);
  const intern = (text: string): number => {
    let index = strings.get(text);
    if (index === undefined) strings.set(text, (index = strings.size));
    return index;
  };
  const texts = (of: (row: ListRow) => string): Uint32Array => Uint32Array.from(rows, (row) => intern(of(row)));
  const sparks = new Float64Array(rows.length * sparkLength).fill(NaN);
  for (const [i, { spark }] of rows.entries()) if (spark?.length === sparkLength) sparks.set(spark, i * sparkLength);
  const numbers = listNumbers.map((name): [ListNumber, Float64Array] => [
    name,
    Float64Array.from(rows, (row) => row[name]),
  ]);
  const columns = {
    ids: texts(({ id }) => id),
    names: texts(({ ref }) => ref.name),
    namespaces: texts(({ ref }) => ref.namespace),
    clusters: texts(({ context }) => context),
    kinds: texts(({ ref }) => ref.kind),
    reasons: texts(({ reasons }) => reasons.map(say).join("\n")),
    configuration: texts(({ configuration }) => configuration.join(", ")),
    notes: texts(({ ref }) => noteOf(ref)),
  };
  return {
    what,
    length: rows.length,
    ...columns,
    strings: [...strings.keys()],
    states: Uint8Array.from(rows, ({ state }) => listStates.indexOf(state)),
    idle: Uint8Array.from(rows, ({ isIdle }) => Number(isIdle)),
    numbers: Object.fromEntries(numbers) as Readonly<Record<ListNumber, Float64Array>>,
    sparkLength,
    sparks,
    totals,
    windowSeconds,
    atMillis,
    staleSince: staleSince ?? NaN,
    queries: [...new Set(values.provenance.map(({ query }) => query))],
    problems: [...new Set(values.problems.map(say))],
  };
}
