import { l10n } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import type { LevelPath } from "../../mesh/drilldown/level.ts";
import { pageTypes } from "../ids.ts";
import type { DrilldownDesk, DrilldownServer } from "./drilldownServer.ts";
import { PagePanels, type PageWindow } from "./pagePanels.ts";

/** The drill-down page of this window; the overview is its first level. */
export class DrilldownPages implements Disposable {
  readonly #panels: PagePanels<DrilldownServer>;

  constructor(desk: Omit<DrilldownDesk, "named">, extensionUri: PageWindow["extensionUri"]) {
    const { connection, log } = desk;
    this.#panels = new PagePanels(
      {
        name: "drilldown",
        type: pageTypes.drilldown,
        icon: "drilldown.svg",
        title: (meshName) => (meshName === "" ? l10n.t("Drill-down") : l10n.t("Drill-down · {0}", meshName)),
        serve: async (named) => (await connection.engine()).serveDrilldown({ ...desk, named }),
      },
      { connection, log, extensionUri },
    );
  }

  /** Opens the page or brings it to the front, on this level; where it was where none is given. */
  show(path: LevelPath | undefined): void {
    this.#panels.show(path && ((server) => server.show(path)));
  }

  dispose(): void {
    this.#panels.dispose();
  }
}
