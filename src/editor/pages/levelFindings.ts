import type { LevelFinding, LevelReading } from "../../mesh/drilldown/level.ts";
import { say } from "../../mesh/message.ts";
import { groupOf } from "../../mesh/model/kubeObject.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import { translate } from "../words.ts";

/** A person reads a level; the Problems view has all of them. */
const mostFindings = 20;

/** A level with what validation found of its object and of what acts on it, after what is amiss with it by itself. */
export function withFindings(reading: LevelReading, found: readonly Finding[]): LevelReading {
  if (found.length === 0) return reading;
  const shown = found.slice(0, mostFindings).map(levelFinding);
  const left = found.length - shown.length;
  const more: readonly LevelFinding[] =
    left === 0 ? [] : [{ severity: "info", words: say("and {0} more findings", left), ref: undefined }];
  return { ...reading, findings: [...reading.findings, ...shown, ...more] };
}

function levelFinding({ severity, code, message, object }: Finding): LevelFinding {
  const ref = object && {
    cluster: object.cluster,
    group: groupOf(object.object.apiVersion),
    kind: object.object.kind,
    namespace: object.namespace,
    name: object.name,
  };
  return {
    severity: severity === "hint" ? "info" : severity,
    words: say("{0} ({1})", translate(message), code),
    ref,
  };
}
