import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";

/** One clear error for all that is not as agreed; `part` is the field's name. */
export function unreadable(part: string): MeshError {
  return new MeshError("bad-data", say("The picture cannot be read: its part {0} is not as agreed.", part));
}
