import { say } from "../../src/mesh/message.ts";
import type { KeyLine } from "../shared/fy-help.ts";

/** Every shortcut of the page. */
export const keys: readonly KeyLine[] = [
  [["Alt+↑"], say("One level up")],
  [["Alt+↓"], say("One level down: to what explains most, else the first row")],
  [["[", "]"], say("Back, forward")],
  [["↑", "↓"], say("Rows of a table")],
  [["Home", "End"], say("First row, last row")],
  [["Enter"], say("Open the row")],
  [["Shift+F10"], say("What can be done with the row")],
  [["?"], say("This sheet")],
  [["Esc"], say("Close a menu or sheet")],
];

export const pointerNote = say("Pointer: click a row to open it; drag across a chart to choose a time.");
