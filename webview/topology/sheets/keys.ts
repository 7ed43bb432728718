import { say } from "../../../src/mesh/message.ts";
import type { KeyLine } from "../../shared/fy-help.ts";

/** Every shortcut of the page. */
export const keys: readonly KeyLine[] = [
  [["→", "←"], say("Follow the traffic downstream, upstream")],
  [["↑", "↓"], say("Siblings: others reached the same way, else those in the same box")],
  [["Shift+→", "Shift+←"], say("To the edge itself, out or in")],
  [["Home", "End"], say("First, last")],
  [["Space"], say("Select, and show its details")],
  [["Enter"], say("Drill down: to the service, workload, pod and node; of an edge to where it leads")],
  [["c"], say("Collapse or expand the box")],
  [["f", "Shift+F"], say("Focus here; again: one hop more, one hop fewer")],
  [["/"], say("Find")],
  [["t"], say("Table of nodes and edges")],
  [["+", "-", "0"], say("Zoom in, out, fit")],
  [["Shift+↑", "Shift+↓"], say("Move the view up, down")],
  [["l"], say("Legend")],
  [["?"], say("This sheet")],
  [["Esc"], say("Back: close, leave focus, clear the selection")],
];

export const pointerNote = say(
  "Pointer: drag to move the view or a node, wheel to zoom, double click opens details or a box.",
);
