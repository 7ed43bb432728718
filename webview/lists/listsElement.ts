import { WatchingElement } from "../shared/watchingElement.ts";
import type { ListsModel } from "./listsModel.ts";

/** An element that draws the lists' model. */
export class ListsElement extends WatchingElement<ListsModel> {}
