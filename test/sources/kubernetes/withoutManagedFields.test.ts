import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { withoutManagedFields } from "../../../src/sources/kubernetes/reading/withoutManagedFields.ts";

const trimmed = (text: string) => withoutManagedFields(Buffer.from(text)).toString();

/** Text that looks like what is searched for, and what ends it. */
const trap = fc.constantFrom('"managedFields":[', "managedFields", "}]", '\\"', "]", "[", '{"', '"', "\\", "ü", "name");
const tricky = fc.array(trap, { maxLength: 5 }).map((parts) => parts.join(""));
const fields = fc.array(fc.dictionary(tricky, fc.oneof(tricky, fc.constant({}), fc.array(tricky))), { maxLength: 3 });
const item = fc.record({
  metadata: fc.record({ name: tricky, managedFields: fields, annotations: fc.dictionary(tricky, tricky) }),
  spec: fc.dictionary(fc.constantFrom("a", "b"), fc.array(tricky)),
});

describe("leaving managed fields out of a list", () => {
  it("changes nothing but them, whatever names and values look like", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 4 }), (items) => {
        const wanted = items.map((each) => ({ ...each, metadata: { ...each.metadata, managedFields: null } }));
        assert.equal(trimmed(JSON.stringify({ items })), JSON.stringify({ items: wanted }));
      }),
    );
  });

  it("gives back what was cut off within them", () => {
    const cut = '{"items":[{"metadata":{"name":"a","managedFields":[{"manager":"kubectl","fiel';
    assert.equal(trimmed(cut), cut);
  });

  it("keeps a text that speaks of them", () => {
    const text = JSON.stringify({ metadata: { annotations: { last: '{"managedFields":[1]}' } } });
    assert.equal(trimmed(text), text);
  });
});
