import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LabelPool } from "../../../src/mesh/inventory/facts/labelPool.ts";
import { Selection } from "../../../src/mesh/inventory/facts/selection.ts";

type Labels = Readonly<Record<string, string>>;

const labels: fc.Arbitrary<Labels> = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"));
const namespace = fc.constantFrom("n", "m");
const id = fc.constantFrom("x", "y", "z");

const step = fc.oneof(
  fc.record({ does: fc.constant("member" as const), id, namespace, labels }),
  fc.record({ does: fc.constant("leave" as const), id }),
  fc.record({ does: fc.constant("select" as const), id, namespace, labels }),
  fc.record({ does: fc.constant("deselect" as const), id }),
);

interface Placed {
  readonly namespace: string;
  readonly labels: Labels;
}

function isSelected(member: Placed, service: Placed): boolean {
  const pairs = Object.entries(service.labels);
  return (
    pairs.length > 0 &&
    member.namespace === service.namespace &&
    pairs.every(([key, value]) => member.labels[key] === value)
  );
}

test("whatever the order of changes, each service has just the members that its selector matches", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const pool = new LabelPool();
      const selection = new Selection<string>();
      const members = new Map<string, Placed>();
      const services = new Map<string, Placed>();
      const leave = (member: string) => {
        const before = members.get(member);
        if (before !== undefined) selection.remove(before.namespace, pool.labels(before.labels), member);
        members.delete(member);
      };
      for (const next of steps) {
        if (next.does === "leave" || next.does === "member") leave(next.id);
        if (next.does === "member") {
          selection.add(next.namespace, pool.labels(next.labels), next.id);
          members.set(next.id, next);
        } else if (next.does === "select") {
          selection.select(next.id, next.namespace, next.labels);
          services.set(next.id, next);
        } else if (next.does === "deselect") {
          selection.deselect(next.id);
          services.delete(next.id);
        }
      }
      for (const [service, placed] of services) {
        const expected = [...members].filter(([, member]) => isSelected(member, placed)).map(([name]) => name);
        assert.deepEqual([...selection.membersOf(service)].sort(), expected.sort());
      }
      for (const member of members.values()) {
        const expected = [...services].filter(([, service]) => isSelected(member, service)).map(([name]) => name);
        assert.deepEqual(
          [...selection.servicesOf(member.namespace, pool.labels(member.labels))].sort(),
          expected.sort(),
        );
      }
    }),
    { numRuns: 500 },
  );
});
