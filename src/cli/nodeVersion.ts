import { MeshError } from "../mesh/meshError.ts";
import { say } from "../mesh/message.ts";

/** The oldest Node that the cluster client runs on. */
const oldest = [22, 15] as const;

/** Throws where this Node cannot talk to a cluster; the demo mesh needs no such thing. */
export function needClusterClient(version: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return;
  throw new MeshError(
    "unsupported",
    say("Talking to a cluster needs Node {0} or newer; this is {1}", oldest.join("."), version),
    {
      hint: say("Install a newer Node, or add --demo to look at the demo mesh"),
    },
  );
}
