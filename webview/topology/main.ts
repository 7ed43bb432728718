import { connect } from "../../src/protocol/connect.ts";
import type { TopologyContract } from "../../src/protocol/topology/topologyContract.ts";
import { registerControls } from "../shared/controls.ts";
import { connectEditor } from "../shared/vscodeApi.ts";
import "./fy-topology.ts";
import { createLayoutClient } from "./layoutClient.ts";
import { PageModel } from "./pageModel.ts";
import { readers } from "./readers.ts";
import { parsePageState } from "./savedState.ts";
import "./topology.css";

registerControls();
const editor = connectEditor();
const model = new PageModel({
  host: connect<TopologyContract>(editor.port, readers, {
    patient: new Set(["graph.export", "way.take", "link.follow"] as const),
    limitMillis: 60_000,
  }),
  kept: editor.stateStore(parsePageState),
  layout: createLayoutClient(),
});
const page = document.createElement("fy-topology");
Object.assign(page, { model });
(document.querySelector("#app") ?? document.body).replaceChildren(page);
void model.open();
