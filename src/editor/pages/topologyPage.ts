import { l10n } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import type { MenuAct, Target } from "../../protocol/topology/topologyContract.ts";
import { pageTypes } from "../ids.ts";
import { PagePanels, type PageWindow } from "./pagePanels.ts";
import type { TopologyDesk, TopologyServer } from "./topologyServer.ts";
import type { Wanted } from "./wanted.ts";

/** The topology page of this window. */
export class TopologyPages implements Disposable {
  readonly #panels: PagePanels<TopologyServer>;

  constructor(desk: Omit<TopologyDesk, "named">, extensionUri: PageWindow["extensionUri"]) {
    const { connection, log } = desk;
    this.#panels = new PagePanels(
      {
        name: "topology",
        type: pageTypes.topology,
        icon: "topology.svg",
        title: (meshName) => (meshName === "" ? l10n.t("Topology") : l10n.t("Topology · {0}", meshName)),
        serve: async (named) => (await connection.engine()).serveTopology({ ...desk, named }),
      },
      { connection, log, extensionUri },
    );
  }

  /** Opens the page or brings it to the front, and shows what is wanted in it. */
  show(wanted: Wanted | undefined): void {
    this.#panels.show(wanted && ((server) => server.show(wanted)));
  }

  /** Does what a native menu of the page asks for; nothing where the page is gone. */
  withServer(use: (server: TopologyServer) => unknown): Promise<void> {
    return this.#panels.withServer(use);
  }

  async act(act: MenuAct, target: Target): Promise<void> {
    await this.withServer((server) => server.act(act, target));
  }

  dispose(): void {
    this.#panels.dispose();
  }
}
