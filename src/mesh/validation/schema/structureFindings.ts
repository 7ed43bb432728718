import type { RuleFinding } from "../finding.ts";
import { checkStructure } from "./checkStructure.ts";
import type { SchemaNode } from "./schemaNode.ts";

/** More helps nobody, and bounds what hostile input can cost. */
const most = 200;

const known = new WeakMap<object, { readonly schema: SchemaNode; readonly findings: readonly RuleFinding[] }>();

/** What the structure of an object breaks; rules (CEL) run only if that is nothing. Worked out once for an object. */
export function structureFindings(object: object, schema: SchemaNode): readonly RuleFinding[] {
  const last = known.get(object);
  if (last?.schema === schema) return last.findings;
  const findings: RuleFinding[] = [];
  for (const finding of checkStructure(object, schema, [])) {
    findings.push(finding);
    if (findings.length === most) break;
  }
  known.set(object, { schema, findings });
  return findings;
}
