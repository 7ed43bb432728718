import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { objectInYaml } from "../../../../src/editor/pages/objectInYaml.ts";

const two = `# The shop's routes
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  labels:
    name: not-this
  name: reviews # the service
  namespace: "shop"
spec:
  hosts: [reviews]
---
apiVersion: v1
kind: Service
metadata: 
    name: ratings
spec:
  ports: []
`;

const reviews = { kind: "VirtualService", namespace: "shop", name: "reviews" };
const ratings = { kind: "Service", namespace: "", name: "ratings" };

describe("objectInYaml", () => {
  for (const { line, expected, what } of [
    { line: 0, expected: reviews, what: "a comment above it" },
    { line: 8, expected: reviews, what: "its last line" },
    { line: 10, expected: ratings, what: "the line that begins the next document" },
    { line: 14, expected: ratings, what: "the next document" },
    { line: 99, expected: ratings, what: "a line after the end" },
  ]) {
    it(`finds the object of the document around ${what}`, () => assert.deepEqual(objectInYaml(two, line), expected));
  }

  it("finds an object in a text with Windows' line ends", () => {
    assert.deepEqual(objectInYaml(two.replaceAll("\n", "\r\n"), 12), ratings);
  });

  it("finds what is written before the rest is, whatever follows is broken", () => {
    const text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  ports: [{\n";
    assert.deepEqual(objectInYaml(text, 6), { kind: "Service", namespace: "shop", name: "cart" });
  });

  for (const [what, text] of [
    ["YAML that is no object of Kubernetes", "kind: Service\nname: a\n"],
    ["an object without a name", "apiVersion: v1\nkind: Service\nmetadata:\n  labels: {}\n"],
    ["a template", "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}-web\n"],
    ["an empty text", ""],
  ] as const) {
    it(`finds nothing in ${what}`, () => assert.equal(objectInYaml(text, 0), undefined));
  }

  it("answers for any text and line", () => {
    const line = fc.oneof(fc.string(), fc.constantFrom("kind: A", "apiVersion: v1", "metadata:", "  name: x", "---"));
    fc.assert(
      fc.property(fc.array(line), fc.nat(50), (lines, at) => {
        const found = objectInYaml(lines.join("\n"), at);
        assert.ok(found === undefined || (found.kind !== "" && found.name !== ""));
      }),
    );
  });
});
