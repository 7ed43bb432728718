import { connect } from "../../src/protocol/connect.ts";
import type { ListsContract } from "../../src/protocol/lists/listsContract.ts";
import { registerControls } from "../shared/controls.ts";
import { connectEditor } from "../shared/vscodeApi.ts";
import "./fy-lists.ts";
import "./lists.css";
import { ListsModel } from "./listsModel.ts";
import { parseListsState } from "./listsState.ts";
import { readers } from "./readers.ts";

registerControls();
const editor = connectEditor();
const model = new ListsModel({
  host: connect<ListsContract>(editor.port, readers, {
    patient: new Set(["csv.save", "row.act", "row.open"] as const),
    limitMillis: 60_000,
  }),
  kept: editor.stateStore(parseListsState),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return { dispose: () => clearTimeout(timer) };
  },
});
const page = document.createElement("fy-lists");
Object.assign(page, { model });
(document.querySelector("#app") ?? document.body).replaceChildren(page);
void model.open();
