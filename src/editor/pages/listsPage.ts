import { l10n } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import type { ListWhat } from "../../protocol/lists/listsContract.ts";
import { pageTypes } from "../ids.ts";
import type { ListsDesk, ListsServer } from "./listsServer.ts";
import { PagePanels, type PageWindow } from "./pagePanels.ts";

/** The lists page of this window: services and workloads as wide tables. */
export class ListPages implements Disposable {
  readonly #panels: PagePanels<ListsServer>;

  constructor(desk: Omit<ListsDesk, "named">, extensionUri: PageWindow["extensionUri"]) {
    const { connection, log } = desk;
    this.#panels = new PagePanels(
      {
        name: "lists",
        type: pageTypes.lists,
        icon: "lists.svg",
        title: (meshName) => (meshName === "" ? l10n.t("Lists") : l10n.t("Lists · {0}", meshName)),
        serve: async (named) => (await connection.engine()).serveLists({ ...desk, named }),
      },
      { connection, log, extensionUri },
    );
  }

  /** Opens the page or brings it to the front, and shows this list in it. */
  show(what: ListWhat): void {
    this.#panels.show((server) => server.show(what));
  }

  dispose(): void {
    this.#panels.dispose();
  }
}
