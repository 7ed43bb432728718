import type { LevelPath } from "../../mesh/drilldown/level.ts";
import type { MetadataDesk } from "../../mesh/metadata/metadata.ts";
import type { Log } from "../../mesh/ports.ts";
import type { ListWhat } from "../../protocol/lists/listsContract.ts";
import type { MeshConnection } from "../connection.ts";
import type { ObjectActions } from "../resources/objectActions.ts";
import type { PageServer } from "./pagePanels.ts";

/** What the other end of a lists page works with. */
export interface ListsDesk {
  readonly connection: MeshConnection;
  readonly log: Log;
  readonly objects: ObjectActions;
  readonly metadata: MetadataDesk;
  /** Opens the drill-down on it. */
  drill(path: LevelPath): void;
  /** The page shows another mesh from now on, or it is known by another name. */
  named(meshName: string): void;
}

/** The other end of one lists page. */
export interface ListsServer extends PageServer {
  show(what: ListWhat): void;
}
