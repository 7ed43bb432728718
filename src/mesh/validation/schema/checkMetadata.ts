import { fieldsOf } from "../../model/fields.ts";
import { say, type Message } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { problems } from "../problems.ts";
import { schemaCodes } from "./codes.ts";

// As apimachinery judges ObjectMeta of a custom resource.
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/u;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/u;
const qualified = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/u;

/** The most that all annotations of an object may hold, in bytes. */
const mostAnnotations = 256 * 1024;

/** The fields of ObjectMeta. */
const metadataFields: ReadonlySet<string> = new Set([
  ...["name", "generateName", "namespace", "selfLink", "uid", "resourceVersion", "generation", "creationTimestamp"],
  ...["deletionTimestamp", "deletionGracePeriodSeconds", "labels", "annotations", "ownerReferences", "finalizers"],
  "managedFields",
]);

/** What the API server refuses in a custom resource's metadata. */
export function* checkMetadata(object: unknown): Generator<RuleFinding> {
  const metadata = fieldsOf(fieldsOf(object)["metadata"]);
  const { name, generateName, namespace } = metadata;
  if (name === undefined || name === null || name === "") {
    if (generateName === undefined || generateName === "") {
      yield invalid(["metadata", "name"], say("The object needs a name."), problems.missingField);
    }
  } else if (typeof name !== "string") yield notText(["metadata", "name"]);
  else if (name.length > 253 || !subdomain.test(name)) {
    const message = say(
      "{0} is no valid name: lower-case letters, digits, - and . may stand in it.",
      name.slice(0, 80),
    );
    yield invalid(["metadata", "name"], message, problems.badName);
  }
  if (namespace !== undefined && namespace !== null && namespace !== "") {
    if (typeof namespace !== "string") yield notText(["metadata", "namespace"]);
    else if (namespace.length > 63 || !label.test(namespace)) {
      const message = say(
        "{0} is no valid namespace: lower-case letters, digits and - may stand in it.",
        namespace.slice(0, 80),
      );
      yield invalid(["metadata", "namespace"], message, problems.badName);
    }
  }
  yield* checkMap(metadata, "labels");
  yield* checkMap(metadata, "annotations");
  for (const name of Object.keys(metadata)) {
    if (metadataFields.has(name)) continue;
    const message = say("There is no field {0} here.", name);
    const path: FieldPath = ["metadata", name];
    yield { code: schemaCodes.unknownField.code, message, path, at: "key", problem: problems.unknownField };
  }
}

function* checkMap(
  metadata: Readonly<Record<string, unknown>>,
  field: "labels" | "annotations",
): Generator<RuleFinding> {
  const map = metadata[field];
  if (map === undefined || map === null) return;
  const at: FieldPath = ["metadata", field];
  if (typeof map !== "object" || Array.isArray(map)) {
    yield invalid(at, say("This must be an object of texts."), problems.badValue);
    return;
  }
  let size = 0;
  for (const [key, value] of Object.entries(map)) {
    const path = [...at, key];
    if (!isQualified(field === "annotations" ? key.toLowerCase() : key)) {
      const message = say(
        "{0} is no valid key: an optional DNS prefix and /, then at most 63 letters, digits, - _ or .",
        key,
      );
      yield { ...invalid(path, message, problems.badName), at: "key" };
    }
    if (typeof value !== "string") {
      // An absent text: the API server reads null as an empty one.
      if (value !== null) yield notText(path);
    } else if (field === "annotations") size += key.length + value.length;
    else if (value !== "" && (value.length > 63 || !qualified.test(value))) {
      const message = say(
        "A label's value has at most 63 letters, digits, - _ or . and starts and ends with a letter or digit.",
      );
      yield invalid(path, message, problems.badValue);
    }
  }
  if (size > mostAnnotations)
    yield invalid(at, say("The annotations are {0} bytes; at most {1} fit.", size, mostAnnotations), problems.badValue);
}

function isQualified(key: string): boolean {
  const slash = key.indexOf("/");
  const name = slash < 0 ? key : key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (name.length > 63 || !qualified.test(name)) return false;
  return prefix === undefined || (prefix.length <= 253 && subdomain.test(prefix));
}

function notText(path: FieldPath): RuleFinding {
  return invalid(path, say("This must be text; put it in quotes."), problems.badValue);
}

function invalid(path: FieldPath, message: Message, problem: string): RuleFinding {
  return { code: schemaCodes.metadata.code, message, path, problem };
}
