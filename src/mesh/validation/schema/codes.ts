import type { CodeInfo } from "../rule.ts";

const source = "OpenAPI schema of the kind's CustomResourceDefinition";

export const schemaCodes = {
  unknownField: {
    code: "FY0101",
    severity: "error",
    title: "Unknown field",
    explanation:
      "The kind has no such field in this version. kubectl refuses it; without its check the API server drops the field silently, and it has no effect.",
    source,
  },
  wrongType: {
    code: "FY0102",
    severity: "error",
    title: "Wrong type",
    explanation: "The API server refuses a value of another type than the field's. YAML scalars often need quotes.",
    source,
  },
  missing: {
    code: "FY0103",
    severity: "error",
    title: "Required field missing",
    explanation: "The API server refuses the object until the field is set.",
    source,
  },
  notAllowed: {
    code: "FY0104",
    severity: "error",
    title: "Value not allowed",
    explanation: "The field takes one of a fixed list of values, in exactly this spelling.",
    source,
  },
  outOfBounds: {
    code: "FY0105",
    severity: "error",
    title: "Value out of bounds",
    explanation: "The value is too small, too large, too short, too long, or has another form than the field asks for.",
    source,
  },
  conflict: {
    code: "FY0106",
    severity: "error",
    title: "Fields that do not go together",
    explanation: "Of these fields exactly or at most one may be set.",
    source,
  },
  duplicate: {
    code: "FY0107",
    severity: "error",
    title: "Duplicate list item",
    explanation: "Items of this list are told apart by a key or by their value, which may stand in it only once.",
    source,
  },
  notServed: {
    code: "FY0108",
    severity: "error",
    title: "Kind or version not served",
    explanation:
      "The cluster would not know this kind or version: the Istio or Gateway API version has no such one. Check spelling and apiVersion.",
    source: "CustomResourceDefinitions of the Istio version",
  },
  metadata: {
    code: "FY0109",
    severity: "error",
    title: "Invalid metadata",
    explanation: "The API server refuses the name, the namespace, a label or an annotation.",
    source: "apimachinery validation of ObjectMeta",
  },
} as const satisfies Record<string, CodeInfo>;
