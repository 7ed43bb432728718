import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { shop } from "../../../pages/support/meshCalls.ts";
import { labelText } from "../../../../webview/topology/labelText.ts";
import { edgeRows, nodeRows, sorted } from "../../../../webview/topology/twin/tableRows.ts";
import { pictureOfLines } from "./pictures.ts";

const format = createFormat("en");
const texts = (rows: readonly { readonly cells: readonly { readonly text: string }[] }[], column: number) =>
  rows.map((row) => row.cells[column]?.text);

describe("The table twin", () => {
  it("lists each node with what its box and its traffic say", () => {
    const rows = nodeRows(pictureOfLines(shop), format);
    const row = rows.find(({ target }) => target.id === "workload/demo-eu/shop/reviews-v2");
    assert.deepEqual(row?.cells.map((cell) => cell.text).slice(0, 8), [
      ...["reviews-v2", "workload", "shop", "demo-eu", "failing"],
      ...["1.2 rps", "0.04 rps", "50%"],
    ]);
  });

  it("lists what is in collapsed boxes, too", () => {
    const open = nodeRows(pictureOfLines(shop), format);
    const folded = nodeRows(pictureOfLines(shop, ["box/demo-eu/shop"]), format);
    assert.deepEqual(texts(folded, 0), texts(open, 0));
  });

  it("gives TCP its bytes both ways, from the caller's side", () => {
    const rows = edgeRows(pictureOfLines(shop), format, labelText("rate", format));
    const row = rows.find(({ target }) => target.id.startsWith("workload/demo-eu/payments/charge-v1>"));
    assert.deepEqual(row?.cells.map((cell) => cell.text).slice(0, 6), [
      ...["charge-v1", "ledger-db", "TCP", "healthy"],
      ...["↓0.9 kB/s ↑1.6 kB/s", "0%"],
    ]);
  });

  it("sorts by numbers, not by how they read, with no data last either way", () => {
    const rows = nodeRows(pictureOfLines(shop), format);
    const down = texts(sorted(rows, { column: 7, isDescending: true }, "en"), 7);
    assert.deepEqual(down.slice(0, 3), ["50%", "5%", "0%"]);
    assert.equal(down.at(-1), "–");
    const up = texts(sorted(rows, { column: 7, isDescending: false }, "en"), 7);
    assert.equal(up[0], "0%");
    assert.equal(up.at(-1), "–");
  });

  it("sorts requests among themselves, then bytes, then what has no data", () => {
    const bytes = (from: string, to: string, bytesPerSecond: number) => ({
      ...{ from, to, protocol: "tcp" as const },
      ...{ sentBytesPerSecond: bytesPerSecond, receivedBytesPerSecond: 0 },
    });
    const lines = [
      { from: "a/web-v1", to: "a/few", rps: 2 },
      { from: "a/web-v1", to: "a/many", rps: 30 },
      bytes("a/few-v1", "a/disk", 5),
      bytes("a/many-v1", "a/store", 9000),
    ];
    const rows = nodeRows(pictureOfLines(lines), format).filter(({ target }) => target.id.startsWith("workload"));
    const names = (isDescending: boolean) => texts(sorted(rows, { column: 5, isDescending }, "en"), 0);
    assert.deepEqual(names(true), ["many-v1", "few-v1", "store-v1", "disk-v1", "web-v1"]);
    assert.deepEqual(names(false), ["few-v1", "many-v1", "disk-v1", "store-v1", "web-v1"]);
    const edges = edgeRows(pictureOfLines(lines), format, labelText("rate", format));
    const first = texts(sorted(edges, { column: 4, isDescending: true }, "en"), 2);
    assert.deepEqual(first, ["HTTP", "HTTP", "HTTP", "HTTP", "TCP", "TCP", "TCP", "TCP"]);
  });

  it("sorts names as people do: 2 before 10", () => {
    const lines = ["app-10", "app-2"].map((name) => ({ from: `shop/${name}`, to: "shop/hub", rps: 1 }));
    const rows = sorted(nodeRows(pictureOfLines(lines), format), { column: 0, isDescending: false }, "en");
    assert.deepEqual(texts(rows, 0).slice(0, 2), ["app-2", "app-10"]);
  });
});
