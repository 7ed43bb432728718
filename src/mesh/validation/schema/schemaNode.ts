import { fieldsOf } from "../../model/fields.ts";

/** A rule (CEL) of a schema: `x-kubernetes-validations`. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly fieldPath?: string;
}

/** A structural schema of a custom resource, ready to be walked. */
export interface SchemaNode {
  readonly type: string | undefined;
  readonly nullable: boolean;
  readonly isIntOrString: boolean;
  readonly preservesUnknown: boolean;
  readonly properties: ReadonlyMap<string, SchemaNode>;
  readonly additional: SchemaNode | undefined;
  readonly items: SchemaNode | undefined;
  readonly required: readonly string[];
  readonly enum: readonly unknown[] | undefined;
  readonly pattern: string | undefined;
  readonly format: string | undefined;
  /** minimum, maxLength and their like, by name. */
  readonly bounds: Readonly<Record<string, number>>;
  readonly isExclusive: { readonly minimum: boolean; readonly maximum: boolean };
  readonly listType: "atomic" | "set" | "map";
  readonly listKeys: readonly string[];
  readonly oneOf: readonly SchemaNode[];
  readonly anyOf: readonly SchemaNode[];
  readonly allOf: readonly SchemaNode[];
  readonly not: SchemaNode | undefined;
  readonly default: unknown;
  readonly rules: readonly ValidationRule[];
  /** True if it or something below it has rules, so that all else need not be walked for them. */
  readonly hasRules: boolean;
  /** True if it or something below it has defaults. */
  readonly hasDefaults: boolean;
}

const boundNames = [
  "minimum",
  "maximum",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
  "multipleOf",
] as const;

/** How deep a schema may go; the API server itself refuses what has no end. */
const deepest = 100;

/** Reads a schema as OpenAPI v3 of a CustomResourceDefinition. `child` gives the node of what stands in a child's place. */
export function schemaNode(schema: unknown, child: (value: unknown) => SchemaNode): SchemaNode {
  const fields = fieldsOf(schema);
  const list = (name: string): readonly unknown[] => (Array.isArray(fields[name]) ? (fields[name] as unknown[]) : []);
  const text = (name: string): string | undefined => (typeof fields[name] === "string" ? fields[name] : undefined);
  const one = (value: unknown): SchemaNode | undefined =>
    value === undefined || typeof value === "boolean" ? undefined : child(value);
  const properties = new Map(Object.entries(fieldsOf(fields["properties"])).map(([name, at]) => [name, child(at)]));
  const items = one(fields["items"]);
  const additional = one(fields["additionalProperties"]);
  const rules = list("x-kubernetes-validations").filter(
    (rule): rule is ValidationRule => typeof fieldsOf(rule)["rule"] === "string",
  );
  const below = [...properties.values(), ...(items ? [items] : []), ...(additional ? [additional] : [])];
  const bounds = boundNames.filter((name) => typeof fields[name] === "number");
  const listType = text("x-kubernetes-list-type");
  return {
    type: text("type"),
    nullable: fields["nullable"] === true,
    isIntOrString: fields["x-kubernetes-int-or-string"] === true,
    preservesUnknown:
      fields["x-kubernetes-preserve-unknown-fields"] === true || fields["additionalProperties"] === true,
    properties,
    additional,
    items,
    required: list("required").filter((name) => typeof name === "string"),
    enum: Array.isArray(fields["enum"]) ? (fields["enum"] as unknown[]) : undefined,
    pattern: text("pattern"),
    format: text("format"),
    bounds: Object.fromEntries(bounds.map((name) => [name, fields[name] as number])),
    isExclusive: { minimum: fields["exclusiveMinimum"] === true, maximum: fields["exclusiveMaximum"] === true },
    listType: listType === "set" || listType === "map" ? listType : "atomic",
    listKeys: list("x-kubernetes-list-map-keys").filter((name) => typeof name === "string"),
    oneOf: list("oneOf").map(child),
    anyOf: list("anyOf").map(child),
    allOf: list("allOf").map(child),
    not: one(fields["not"]),
    default: fields["default"],
    rules,
    hasRules: rules.length > 0 || below.some((node) => node.hasRules),
    hasDefaults: fields["default"] !== undefined || below.some((node) => node.hasDefaults),
  };
}

/** The schema of a CustomResourceDefinition's object, read whole. */
export function readSchema(schema: unknown, depth = 0): SchemaNode {
  if (depth > deepest) return schemaNode({ "x-kubernetes-preserve-unknown-fields": true }, () => readSchema({}));
  return schemaNode(schema, (value) => readSchema(value, depth + 1));
}
