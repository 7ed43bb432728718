import { WatchingElement } from "../shared/watchingElement.ts";
import type { PageModel } from "./pageModel.ts";

/** An element that draws the topology's model. */
export class ModelElement extends WatchingElement<PageModel> {}
