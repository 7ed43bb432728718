import { say } from "../../src/mesh/message.ts";
import { connect } from "../../src/protocol/connect.ts";
import type { DrilldownContract } from "../../src/protocol/drilldown/drilldownContract.ts";
import { registerControls } from "../shared/controls.ts";
import { connectEditor } from "../shared/vscodeApi.ts";
import { words } from "../shared/words.ts";
import { DrilldownModel } from "./drilldownModel.ts";
import { parseDrilldownState } from "./drilldownState.ts";
import "./drilldown.css";
import "./fy-drilldown.ts";
import { readers } from "./readers.ts";

document.title = words(say("Drill-down"));
registerControls();
const editor = connectEditor();
const model = new DrilldownModel({
  host: connect<DrilldownContract>(editor.port, readers, {
    patient: new Set(["action.run", "csv.save", "way.take", "link.follow", "query.open"] as const),
    limitMillis: 60_000,
  }),
  kept: editor.stateStore(parseDrilldownState),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
});
const page = document.createElement("fy-drilldown");
Object.assign(page, { model });
(document.querySelector("#app") ?? document.body).replaceChildren(page);
void model.open();
