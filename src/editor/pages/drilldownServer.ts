import type { LevelPath } from "../../mesh/drilldown/level.ts";
import type { MetadataDesk } from "../../mesh/metadata/metadata.ts";
import type { Log } from "../../mesh/ports.ts";
import type { MeshConnection } from "../connection.ts";
import type { ObjectActions } from "../resources/objectActions.ts";
import type { StoredState } from "../storedState.ts";
import type { WindowState } from "../windowState.ts";
import type { FoundAbout } from "../yaml/findingCounts.ts";
import type { PageServer } from "./pagePanels.ts";

/** What the other end of a drill-down page works with. */
export interface DrilldownDesk {
  readonly connection: MeshConnection;
  readonly state: StoredState<WindowState>;
  readonly log: Log;
  readonly objects: ObjectActions;
  readonly metadata: MetadataDesk;
  readonly foundAbout: FoundAbout;
  /** The page shows another mesh from now on, or it is known by another name. */
  named(meshName: string): void;
}

/** The other end of one drill-down page. */
export interface DrilldownServer extends PageServer {
  /** Shows this level, as soon as the page is there. */
  show(path: LevelPath): void;
}
