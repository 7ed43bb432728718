import { workspace } from "vscode";
import { Disposer, type Disposable } from "../mesh/disposer.ts";
import type { MetadataDesk } from "../mesh/metadata/metadata.ts";
import { objectMetadata } from "../mesh/metadata/objectMetadata.ts";
import type { MeshConnection } from "./connection.ts";
import { readSettings } from "./settings.ts";

/** Annotations and custom objects as metadata, as the settings name them; follows the settings. */
export function ownMetadata(connection: MeshConnection, desk: MetadataDesk): Disposable {
  const owned = new Disposer();
  let registered: readonly Disposable[] = [];
  const forget = (): void => {
    for (const each of registered) each.dispose();
    registered = [];
  };
  const apply = (): void => {
    forget();
    const { metadataAnnotations: annotationPrefixes, metadataKinds: kinds } = readSettings();
    const providers = objectMetadata({ annotationPrefixes, kinds }, () => connection.live?.drilldown().reads);
    registered = providers.map((provider) => desk.register(provider));
  };
  owned.own({ dispose: forget });
  owned.own(
    workspace.onDidChangeConfiguration((event) =>
      event.affectsConfiguration("foreyard.metadata") ? apply() : undefined,
    ),
  );
  apply();
  return owned;
}
