import { WatchingElement } from "../shared/watchingElement.ts";
import type { DrilldownModel } from "./drilldownModel.ts";

/** An element that draws the drill-down's model. */
export class LevelElement extends WatchingElement<DrilldownModel> {}
