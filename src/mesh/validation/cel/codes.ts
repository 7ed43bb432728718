import type { CodeInfo } from "../rule.ts";

const source = "x-kubernetes-validations of the kind's CustomResourceDefinition";

export const celCodes = {
  broken: {
    code: "FY0201",
    severity: "error",
    title: "A rule of the kind is broken",
    explanation: "The API server refuses the object by a rule (CEL) that stands in the kind's definition.",
    source,
  },
  notChecked: {
    code: "FY0202",
    severity: "info",
    title: "A rule of the kind was not checked",
    explanation:
      "Foreyard cannot read this rule (CEL) of the kind's definition, so only the API server will judge by it.",
    source,
  },
  tooCostly: {
    code: "FY0203",
    severity: "warning",
    title: "A rule of the kind costs too much",
    explanation:
      "The rule (CEL) would walk these lists too often, so it was not run. The API server has a limit of its own and may refuse the object.",
    source,
  },
} as const satisfies Record<string, CodeInfo>;
