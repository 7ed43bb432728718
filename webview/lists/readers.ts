import type { Readers } from "../../src/protocol/connect.ts";
import {
  listNumbers,
  type ListNumber,
  type ListsContract,
  type ListSnapshot,
} from "../../src/protocol/lists/listsContract.ts";
import { listStates } from "../../src/protocol/lists/listSnapshotOf.ts";
import {
  columnIn,
  fieldsOf,
  flagIn,
  nothing,
  numberIn,
  numbersIn,
  oneOf,
  textIn,
  textsByName,
  textsIn,
  wordsIn,
  type Fields,
} from "../shared/readFields.ts";

export const listNames = ["services", "workloads"] as const;

export const readers: Readers<ListsContract> = {
  results: {
    "page.open": (value) => {
      const fields = fieldsOf(value);
      return {
        ...wordsIn(fields, ["meshId", "meshName", "locale"]),
        translations: textsByName(fields["translations"]),
        refreshSeconds: numberIn(fields, "refreshSeconds"),
        what: oneOf(listNames, fields["what"], "what"),
      };
    },
    "list.load": readList,
    ...{ "row.open": nothing, "row.act": nothing, "text.copy": nothing },
    "csv.save": (value) => ({ saved: flagIn(fieldsOf(value), "saved") }),
  },
  events: {
    "mesh.changed": (value) => ({ meshId: textIn(fieldsOf(value), "meshId") }),
    "list.changed": () => ({}),
    "list.show": (value) => ({ what: oneOf(listNames, fieldsOf(value)["what"], "what"), path: null }),
  },
};

/** A list whose columns fit each other; throws on one that does not, since its numbers would stand in foreign rows. */
export function readList(value: unknown): ListSnapshot {
  const fields = fieldsOf(value);
  const length = wholeIn(fields, "length");
  const sparkLength = wholeIn(fields, "sparkLength");
  const strings = textsIn(fields, "strings");
  const textNames = ["ids", "names", "namespaces", "clusters", "kinds", "reasons", "configuration", "notes"] as const;
  const texts = Object.fromEntries(
    textNames.map((name) => {
      const column = fields[name];
      if (!(column instanceof Uint32Array)) throw new TypeError(`${name} is no column of texts`);
      return [name, fitting(column, { name, length, below: strings.length })];
    }),
  ) as Record<(typeof textNames)[number], Uint32Array>;
  if (new Set(texts.ids).size !== length) throw new TypeError("two rows have one id");
  const numbers = fieldsOf(fields["numbers"]);
  const columns = listNumbers.map((name) => [name, fitting(columnIn(numbers, name), { name, length })] as const);
  return {
    what: oneOf(listNames, fields["what"], "what"),
    ...{ length, strings, sparkLength },
    ...texts,
    states: fitting(bytesIn(fields, "states"), { name: "states", length, below: listStates.length }),
    idle: fitting(bytesIn(fields, "idle"), { name: "idle", length, below: 2 }),
    numbers: Object.fromEntries(columns) as Readonly<Record<ListNumber, Float64Array>>,
    sparks: fitting(columnIn(fields, "sparks"), { name: "sparks", length: length * sparkLength }),
    totals: numbersIn(fieldsOf(fields["totals"]), ["rps", "errorRate", "receivedBytesPerSecond", "sentBytesPerSecond"]),
    ...numbersIn(fields, ["windowSeconds", "atMillis", "staleSince"]),
    queries: textsIn(fields, "queries"),
    problems: textsIn(fields, "problems"),
  };
}

type Column = Uint8Array | Uint32Array | Float64Array;

function fitting<C extends Column>(
  column: C,
  { name, length, below }: { readonly name: string; readonly length: number; readonly below?: number },
): C {
  if (column.length !== length) throw new TypeError(`${name} has ${column.length} entries for ${length}`);
  if (below !== undefined && column.some((entry: number) => entry >= below)) {
    throw new TypeError(`${name} points at something that was not sent`);
  }
  return column;
}

function bytesIn(fields: Fields, name: string): Uint8Array {
  const value = fields[name];
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} is no column of bytes`);
  return value;
}

function wholeIn(fields: Fields, name: string): number {
  const value = numberIn(fields, name);
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError(`${name} is no count`);
  return value;
}
