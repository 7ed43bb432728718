import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import type { LevelReading } from "../../../../src/mesh/drilldown/level.ts";
import { pathTo } from "../../../../src/mesh/drilldown/pathTo.ts";
import { readLevel } from "../../../../src/mesh/drilldown/readLevel.ts";
import { openDemo, type OpenDemo } from "./openDemo.ts";

const { signal } = new AbortController();

/** The numbers of a table's column; NaN: no data. */
function numbersIn({ tables }: LevelReading, table: string, column: string): readonly number[] {
  const found = tables.find(({ id }) => id === table);
  const place = found?.columns.findIndex(({ id }) => id === column) ?? -1;
  return (found?.rows ?? []).flatMap(({ cells }) => {
    const cell = cells[place];
    return cell?.is === "number" ? [cell.value] : [];
  });
}

void describe("a level of another time or window than the lists", () => {
  let demo: OpenDemo | undefined;
  let input: DrilldownInput;
  before(async () => {
    demo = await openDemo({ seed: 1, services: 0 });
    input = demo.input;
  });
  after(() => demo?.dispose());

  void it("shows no numbers of the lists in its tables, and says why", async () => {
    const service = input.services.find(({ ref }) => ref.name === "reviews");
    assert.ok(service);
    const whole = pathTo(input, service.ref) ?? [];
    const now = { windowSeconds: 60, atMillis: undefined, signal };
    const then = { windowSeconds: 300, atMillis: undefined, signal };
    for (const [path, table] of [
      [whole, "workloads"],
      [whole.slice(0, 1), "members"],
    ] as const) {
      assert.ok(
        numbersIn(await readLevel(input, path, now), table, "rps").some((rps) => rps > 0),
        table,
      );
      const reading = await readLevel(input, path, then);
      for (const column of ["rps", "errors", "p95"]) {
        const numbers = numbersIn(reading, table, column);
        assert.ok(numbers.length > 0 && numbers.every(Number.isNaN), `${table} ${column}`);
      }
      assert.match(reading.tables.find(({ id }) => id === table)?.why?.text ?? "", /of now/);
    }
  });

  void it("suspects nobody of now under the header of a past time", async () => {
    const service = input.services.find(({ ref }) => ref.name === "reviews");
    assert.ok(service);
    const path = pathTo(input, service.ref) ?? [];
    const now = await readLevel(input, path, { windowSeconds: 60, atMillis: undefined, signal });
    assert.ok(now.suspects.length > 0);
    const atMillis = input.now() - 600_000;
    const then = await readLevel(input, path, { windowSeconds: 60, atMillis, signal });
    assert.deepEqual(then.suspects, []);
    assert.ok(then.tables.every(({ rows }) => rows.every(({ share }) => share === 0)));
    assert.ok(!then.reasons.some(({ words }) => /of the errors are/.test(words.text)));
  });

  void it("shows no cluster's numbers of now in the overview", async () => {
    const [mesh] = input.meshes;
    assert.ok(mesh);
    const ref = { cluster: "", group: "", kind: "Mesh", namespace: "", name: mesh.id };
    const reading = await readLevel(input, [{ level: "mesh", ref }], {
      windowSeconds: 300,
      atMillis: undefined,
      signal,
    });
    const numbers = numbersIn(reading, "clusters", "rps");
    assert.ok(numbers.length > 0 && numbers.every(Number.isNaN));
  });

  void it("takes no use of a node from metrics.k8s.io, which tells of now only", async () => {
    const stores = input.stores.map((store) => ({ ...store, source: undefined }));
    const [node] = input.nodes;
    assert.ok(node);
    const atMillis = input.now() - 3_600_000;
    const reading = await readLevel({ ...input, stores }, [{ level: "node", ref: node.ref }], {
      windowSeconds: 60,
      atMillis,
      signal,
    });
    const cpu = reading.figures.find(({ id }) => id === "cpu");
    assert.ok(cpu && Number.isNaN(cpu.value));
    assert.match(cpu.why?.text ?? "", /of that time/);
  });
});
