import { say } from "../../message.ts";
import { groupOf } from "../../model/kubeObject.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { checkMetadata } from "./checkMetadata.ts";
import { structureFindings } from "./structureFindings.ts";
import { schemaCodes } from "./codes.ts";
import { nearest } from "./nearest.ts";
import { kindSchemaOf, kindsOfGroup } from "./schemaOf.ts";

/** What the API server refuses before it looks at rules: kind and version, metadata, structure. */
export const structure: Rule = {
  name: "structure",
  layer: "schema",
  codes: Object.values(schemaCodes),
  kinds: ["*"],
  reads: [kinds.CustomResourceDefinition],
  runsOn: "declaration",
  *check(object, world) {
    const kind = kindSchemaOf(world, object.kind);
    const schema = kind?.versions.get(object.version)?.();
    if (kind === undefined) yield* unknownKind(object, world);
    else if (schema === undefined) {
      const served = [...kind.versions.keys()].join(", ");
      const message = say("{0} has no version {1} here; {2} is served.", object.object.kind, object.version, served);
      yield { code: schemaCodes.notServed.code, message, path: ["apiVersion"] };
    } else {
      yield* checkMetadata(object.object);
      yield* structureFindings(object.object, schema);
    }
  },
};

function* unknownKind({ object }: WorldObject, world: World): Generator<RuleFinding> {
  const group = groupOf(object.apiVersion);
  const known = kindsOfGroup(world, group);
  if (known === undefined) return;
  const meant = nearest(object.kind, known);
  const message =
    meant === undefined
      ? say("{0} has no kind {1} in Istio {2}.", group, object.kind, world.settings.istioVersion)
      : say(
          "{0} has no kind {1} in Istio {2}; did you mean {3}?",
          group,
          object.kind,
          world.settings.istioVersion,
          meant,
        );
  yield { code: schemaCodes.notServed.code, message, path: ["kind"] };
}
