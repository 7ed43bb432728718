import { Disposer, type Disposable } from "../mesh/disposer.ts";
import type { Note, NotesOf } from "../mesh/health/notes.ts";
import { say } from "../mesh/message.ts";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import type { MetadataCard, MetadataDesk } from "../mesh/metadata/metadata.ts";
import type { ObjectRef } from "../mesh/model/refs.ts";
import type { MeshConnection } from "./connection.ts";
import { resourceRefOf } from "./pages/resourceRef.ts";

/** Hands what third parties are known to say to each mesh that is opened, and again when they say something else. */
export function giveKnownNotes(connection: MeshConnection, desk: MetadataDesk): Disposable {
  const owned = new Disposer();
  const give = (): void => {
    const { live } = connection;
    if (live) live.setNotes?.(notesOf(live, desk));
  };
  owned.own(connection.onChange((change) => (change === "opened" ? give() : undefined)));
  owned.own(desk.onChange(give));
  give();
  return owned;
}

/**
 * Asks the providers about what a person looks at. True where one knows something else than before; what they know is in
 * the desk then. Never rejects.
 */
export async function askAbout(ref: ObjectRef, connection: MeshConnection, desk: MetadataDesk): Promise<boolean> {
  const resource = connection.live && resourceRefOf(connection.live, ref);
  if (!resource) return false;
  const before = JSON.stringify(desk.known(resource));
  await desk.cards(resource, new AbortController().signal);
  return JSON.stringify(desk.known(resource)) !== before;
}

function notesOf(live: LiveMesh, desk: MetadataDesk): NotesOf {
  return (ref) => {
    const resource = resourceRefOf(live, ref);
    return resource ? desk.known(resource).flatMap(noteOf) : [];
  };
}

/** What is worth a line: a warning without a word has its provider's name. */
function noteOf({ providerId, metadata }: MetadataCard): readonly Note[] {
  if (!metadata) return [];
  const { summary, severity = "info" } = metadata;
  if (summary === "") return severity === "info" ? [] : [{ words: say("Warning of {0}", providerId), severity }];
  return [{ words: say("{0}: {1}", providerId, summary), severity }];
}
