import { levelActions } from "../../mesh/drilldown/level.ts";
import type { ListsContract } from "../../protocol/lists/listsContract.ts";
import { longestName, nothing, oneOf, record, text } from "./requestParts.ts";
import type { Parsers } from "./servedPage.ts";

const lists = ["services", "workloads"] as const;
const longestText = 1_000_000;
const longestFile = 20_000_000;

export const listsRequests: Parsers<ListsContract> = {
  "page.open": nothing,
  "list.load": (params) => ({ what: oneOf(lists, record(params)["what"]) }),
  "row.open": (params) => ({ id: text(record(params)["id"], longestName) }),
  "row.act": (params) => {
    const { id, action } = record(params);
    return { id: text(id, longestName), action: oneOf(levelActions, action) };
  },
  "text.copy": (params) => ({ text: text(record(params)["text"], longestText) }),
  "csv.save": (params) => {
    const { name, text: csv } = record(params);
    return { name: text(name, longestName), text: text(csv, longestFile) };
  },
};
