import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { Log } from "../../mesh/ports.ts";
import type { WireError } from "../../protocol/contract.ts";
import { explainAny, translate } from "../words.ts";

/** A failure as a page shows it; a bug is logged, and the page is told of no detail of it. */
export function describeFailure(log: Log, error: unknown): WireError {
  if (!MeshError.is(error)) {
    log.error("a request of a page failed", error);
    return { kind: "bad-data", message: explainAny(error) };
  }
  const hint = error.hint && { hint: translate(error.hint) };
  return { kind: error.kind, message: translate(error.words), ...hint };
}

export function notConnected(): MeshError {
  return new MeshError("unreachable", say("This window is not connected to a mesh."), {
    hint: say("Choose contexts in the Foreyard view, or open the demo mesh."),
  });
}

export function otherMesh(): MeshError {
  return new MeshError("conflict", say("This window shows another mesh than the page does."), {
    hint: say("The page is read anew in a moment."),
  });
}

export function leadsNowhere(): MeshError {
  return new MeshError("not-found", say("This link leads nowhere any more."));
}
