import { say } from "../../../message.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { textItems } from "../textItems.ts";
import { matchesText, operationsOf } from "./ruleParts.ts";

const httpMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

export const methods: Rule = {
  name: "kialiMethods",
  layer: "kiali",
  codes: [
    {
      code: "KIA0102",
      severity: "warning",
      title: "No HTTP method",
      explanation:
        "The text matches no HTTP method, so the rule matches no request by it. Methods may be exact, a prefix (P*), a suffix (*T) or *. A gRPC method is a path: its HTTP method is POST.",
      source:
        "security.istio.io AuthorizationPolicy, Operation.methods; Kiali's authorization/namespace_method_checker.go",
    },
  ],
  kinds: [kinds.AuthorizationPolicy],
  reads: [],
  *check({ object }) {
    for (const { value, path } of operationsOf(object)) {
      for (const [index, text] of textItems(value, "methods")) {
        if (httpMethods.some((method) => matchesText(text.toUpperCase(), method))) continue;
        yield {
          code: "KIA0102",
          path: [...path, "methods", index],
          message: text.includes("/")
            ? say("{0} is no HTTP method; a gRPC method belongs in paths", text)
            : say("{0} matches no HTTP method", text),
        };
      }
    }
  },
};
