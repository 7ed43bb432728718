import type { LevelPath } from "../../mesh/drilldown/level.ts";
import type { MetadataDesk } from "../../mesh/metadata/metadata.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import type { Log } from "../../mesh/ports.ts";
import type { MenuAct, Target } from "../../protocol/topology/topologyContract.ts";
import type { MeshConnection } from "../connection.ts";
import type { StoredState } from "../storedState.ts";
import type { WindowState } from "../windowState.ts";
import type { KeptPositions } from "./keptPositions.ts";
import type { PageServer } from "./pagePanels.ts";
import type { Wanted } from "./wanted.ts";

/** What the other end of a topology page works with. */
export interface TopologyDesk {
  readonly connection: MeshConnection;
  readonly state: StoredState<WindowState>;
  readonly positions: StoredState<KeptPositions>;
  readonly log: Log;
  readonly metadata: MetadataDesk;
  /** Selects the object's row; false where none has one. */
  reveal(ref: ObjectRef): Promise<boolean>;
  /** Checks the object and what has to do with it, and shows the findings. */
  validate(ref: ObjectRef): Promise<void>;
  /** Opens the drill-down on it. */
  drill(path: LevelPath): void;
  /** The page shows another mesh from now on, or it is known by another name. */
  named(meshName: string): void;
}

/** The other end of one topology page. It keeps the last reading, so that a page that was hidden has a picture at once. */
export interface TopologyServer extends PageServer {
  /** Shows this as soon as it is in a picture. */
  show(wanted: Wanted): void;
  /** Has the page act on what its native menu was opened on. */
  act(act: MenuAct, target: Target): void;
  openDocument(target: Target): Promise<void>;
  revealInTree(target: Target): Promise<void>;
  copyName(target: Target): Promise<void>;
  copyQuery(target: Target): Promise<void>;
  drillDown(target: Target): void;
  validateThis(target: Target): Promise<void>;
}
