import { say } from "../../message.ts";
import type { Rule } from "../rule.ts";

/** An object that files declare more than once: what is applied last wins, and the rest is lost. */
export const duplicateObject: Rule = {
  name: "duplicateObject",
  layer: "foreyard",
  codes: [
    {
      code: "FY1001",
      severity: "hint",
      title: "Object declared twice",
      explanation:
        "Two documents declare the same kind, namespace and name. Whichever is applied last replaces the other whole. In " +
        "one file that is surely a mistake; in several it may be meant, e.g. as variants of which one is applied.",
      source: "Kubernetes: an object is known by kind, metadata.namespace and metadata.name",
    },
  ],
  kinds: ["*"],
  reads: [],
  runsOn: "declaration",
  *check(object, world) {
    if (object.origin.from !== "file" || object.name === "") return;
    const declared = world
      .declarations(object.kind, object.namespace, object.name)
      .filter(({ origin }) => origin.from === "file");
    const [first] = declared;
    if (first === undefined || declared.indexOf(object) < 1) return;
    const isSameFile = first.origin.from === "file" && first.origin.file === object.origin.file;
    yield {
      code: "FY1001",
      ...(isSameFile ? { severity: "warning" as const } : {}),
      message: isSameFile
        ? say("{0} is declared more than once in this file: what is applied last replaces the other", object.name)
        : say("{0} is also declared in another file: what is applied last replaces the other", object.name),
      path: ["metadata", "name"],
      related: [{ object: first, path: ["metadata", "name"], message: say("First declared here") }],
    };
  },
};
