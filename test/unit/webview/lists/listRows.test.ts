import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { columnsAtFirst, movedColumn, toggledColumn, type ColumnId } from "../../../../webview/lists/columns.ts";
import { step } from "../../../../webview/lists/gridKeys.ts";
import { listCsv } from "../../../../webview/lists/listCsv.ts";
import { filteredRows, orderedRows } from "../../../../webview/lists/listRows.ts";
import { firstState, parseListsState } from "../../../../webview/lists/listsState.ts";
import { readList } from "../../../../webview/lists/readers.ts";
import { sparkPath } from "../../../../webview/lists/sparkLine.ts";
import { listOf, type RowParts } from "./listOf.ts";

function sorted(parts: readonly RowParts[], column: ColumnId, isDescending: boolean): readonly string[] {
  const list = listOf("services", parts);
  const rows = orderedRows(list, Uint32Array.from(parts.keys()), { column, isDescending }, "en");
  return Array.from(rows, (row) => parts[row]?.name ?? "");
}

describe("The order of a list", () => {
  const parts: readonly RowParts[] = [
    { name: "dark" },
    { name: "still", isIdle: true, rps: 0, members: 9 },
    { name: "two", rps: 2, members: 1 },
    { name: "none", rps: 0, members: 2 },
    { name: "ten", rps: 10, members: 1 },
  ];

  it("puts idle rows behind the numbers and rows without data last, whichever way a number is sorted", () => {
    assert.deepEqual(sorted(parts, "rps", true), ["ten", "two", "none", "still", "dark"]);
    assert.deepEqual(sorted(parts, "rps", false), ["none", "two", "ten", "still", "dark"]);
  });

  it("sorts what is no traffic by its number, idle or not", () => {
    assert.deepEqual(sorted(parts, "members", true), ["still", "none", "dark", "two", "ten"]);
  });

  it("keeps the order of rows that are equal, whichever way", () => {
    const equal = ["c", "a", "b"].map((name): RowParts => ({ name, rps: 1 }));
    assert.deepEqual(sorted(equal, "rps", true), ["c", "a", "b"]);
    assert.deepEqual(sorted(equal, "rps", false), ["c", "a", "b"]);
  });

  it("sorts names as a person counts, and empty texts last either way", () => {
    const named = ["v10", "v9", "V1"].map((name): RowParts => ({ name, note: name === "v9" ? "" : name }));
    assert.deepEqual(sorted(named, "name", false), ["V1", "v9", "v10"]);
    assert.deepEqual(sorted(named, "notes", true), ["v10", "V1", "v9"]);
    assert.deepEqual(sorted(named, "notes", false), ["V1", "v10", "v9"]);
  });

  it("puts the worst state first", () => {
    const states = ["healthy", "idle", "failing", "unknown", "degraded"] as const;
    const rows = states.map((state): RowParts => ({ name: state, state }));
    assert.deepEqual(sorted(rows, "state", true), ["failing", "degraded", "unknown", "idle", "healthy"]);
  });
});

describe("The filter of a list", () => {
  const parts: readonly RowParts[] = [
    { name: "reviews", namespace: "shop", configuration: ["VirtualService"] },
    { name: "ratings", namespace: "shop", state: "failing" },
    { name: "batch", namespace: "jobs", context: "prod-us", note: "owned by Team Orange" },
  ];
  const list = listOf("services", parts);
  const found = (text: string, hiddenStates: Parameters<typeof filteredRows>[1]["hiddenStates"] = []) =>
    Array.from(filteredRows(list, { text, hiddenStates }), (row) => parts[row]?.name);

  it("finds texts in names, namespaces, clusters, configuration and notes, in any case", () => {
    assert.deepEqual(found("RAT"), ["ratings"]);
    assert.deepEqual(found("jobs"), ["batch"]);
    assert.deepEqual(found("prod-us"), ["batch"]);
    assert.deepEqual(found("virtual"), ["reviews"]);
    assert.deepEqual(found("orange"), ["batch"]);
  });

  it("wants every word, wherever it stands, and no word more than its letters", () => {
    assert.deepEqual(found(" shop  re "), ["reviews"]);
    assert.deepEqual(found("shop orange"), []);
    assert.deepEqual(found(".*"), []);
  });

  it("leaves out states that are hidden", () => {
    assert.deepEqual(found("shop", ["healthy"]), ["ratings"]);
  });
});

describe("The columns of a list", () => {
  it("move one place, but never before the name", () => {
    assert.deepEqual(movedColumn(["name", "rps", "p95"], "p95", -1), ["name", "p95", "rps"]);
    assert.deepEqual(movedColumn(["name", "rps", "p95"], "rps", -1), ["name", "rps", "p95"]);
    assert.deepEqual(movedColumn(["name", "rps", "p95"], "name", 1), ["name", "rps", "p95"]);
    assert.deepEqual(movedColumn(["name", "rps", "p95"], "p95", 1), ["name", "rps", "p95"]);
  });

  it("come and go, but for the name", () => {
    assert.deepEqual(toggledColumn(["name", "rps"], "rps"), ["name"]);
    assert.deepEqual(toggledColumn(["name"], "p50"), ["name", "p50"]);
    assert.deepEqual(toggledColumn(["name"], "name"), ["name"]);
  });

  it("hold notes at first only where there are any", () => {
    assert.ok(!columnsAtFirst(listOf("services", [{ name: "a" }])).includes("notes"));
    assert.ok(columnsAtFirst(listOf("services", [{ name: "a", note: "b" }])).includes("notes"));
  });

  it("are written to a CSV with raw numbers, empty where there is no data, without lines", () => {
    const list = listOf("workloads", [{ name: "=1+1", rps: 1.25, members: 3 }, { name: "b" }]);
    assert.equal(
      listCsv(list, Uint32Array.of(1, 0), ["name", "spark", "rps", "members"]),
      "Name,Requests (rps),Pods ready\r\nb,,1\r\n'=1+1,1.25,3\r\n",
    );
  });
});

describe("What the lists page keeps", () => {
  it("is read back as it was written", () => {
    const look = { order: { column: "p95", isDescending: false }, columns: ["name", "p95"] } as const;
    const state = {
      ...firstState,
      what: "workloads",
      text: "a",
      looks: { ...firstState.looks, workloads: look },
    } as const;
    assert.deepEqual(parseListsState(JSON.parse(JSON.stringify(state))), state);
  });

  it("is left alone where another version or a stranger wrote it", () => {
    for (const kept of [
      null,
      1,
      {},
      { ...firstState, version: 2 },
      { ...firstState, text: 1 },
      { ...firstState, looks: {} },
    ]) {
      assert.equal(parseListsState(kept), undefined);
    }
  });

  it("loses columns that no longer are, and has the name first", () => {
    const services = { order: { column: "rps", isDescending: true }, columns: ["gone", "rps", "name", "rps"] };
    const parsed = parseListsState({ ...firstState, looks: { ...firstState.looks, services } });
    assert.deepEqual(parsed?.looks.services.columns, ["name", "rps"]);
  });
});

describe("A list from the wire", () => {
  const list = listOf("services", [{ name: "a", spark: [1, 2] }, { name: "b" }]);

  it("is taken when its columns fit", () => {
    assert.deepEqual(readList(list), list);
  });

  it("is refused when a column is short, points outside, or two rows are one", () => {
    const wrong = [
      { ...list, names: list.names.subarray(1) },
      { ...list, names: Uint32Array.of(0, 999) },
      { ...list, states: Uint8Array.of(0, 5) },
      { ...list, sparks: list.sparks.subarray(1) },
      { ...list, ids: Uint32Array.of(1, 1) },
      { ...list, numbers: { ...list.numbers, rps: [1, 2] } },
      { ...list, length: -1 },
    ];
    for (const each of wrong) assert.throws(() => readList(each), TypeError);
  });
});

describe("Keys and lines of a list", () => {
  const size = { rows: 100, columns: 5, page: 20 };

  it("walk by cells, pages and to both ends, and stop at the edges", () => {
    assert.deepEqual(step("ArrowUp", { row: 0, column: 1 }, size), { row: -1, column: 1 });
    assert.deepEqual(step("ArrowLeft", { row: 0, column: 0 }, size), { row: 0, column: 0 });
    assert.deepEqual(step("PageDown", { row: 90, column: 0 }, size), { row: 99, column: 0 });
    assert.deepEqual(step("PageUp", { row: 5, column: 0 }, size), { row: 0, column: 0 });
    assert.deepEqual(step("End", { row: -1, column: 4 }, size), { row: 99, column: 4 });
    assert.equal(step("a", { row: 0, column: 0 }, size), undefined);
  });

  it("break a line at a gap and draw nothing where nothing is known", () => {
    assert.equal(sparkPath(Float64Array.of(NaN, NaN)), "");
    assert.equal(sparkPath(Float64Array.of(1, NaN, 1)).match(/M/gu)?.length, 2);
    assert.ok(!sparkPath(Float64Array.of(0, 0)).includes("NaN"));
  });
});
