import { doctorReport, type DoctorFacts } from "../mesh/doctor/doctorReport.ts";
import { plainText, type Item } from "../mesh/doctor/markdown.ts";
import { createFormat } from "../mesh/format/format.ts";
import type { ContextFacts } from "../mesh/live/doctorFacts.ts";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import { say } from "../mesh/message.ts";
import type { ContextList } from "./engine.ts";
import type { Situation } from "./situation.ts";
import { translate } from "./words.ts";

/** What this window knows of its state. */
export interface WindowFacts {
  readonly surroundings: Readonly<Record<string, string>>;
  readonly contexts: ContextList;
  readonly situation: Situation;
  readonly live: LiveMesh | undefined;
  /** What trying each context gave. */
  readonly tried: readonly ContextFacts[];
  readonly takenAt: number;
  /** A BCP 47 tag, for numbers. */
  readonly locale: string;
}

/** The diagnosis of a window as Markdown, in the user's language. */
export function windowReport({ contexts, situation, live, tried, locale, ...facts }: WindowFacts): string {
  const all: DoctorFacts = {
    ...facts,
    kubeconfig: { ...contexts, contexts: contexts.contexts.map(({ name }) => name) },
    window: windowItems(situation, live),
    clusters: live?.clusters ?? [],
    meshes: live?.meshes ?? [],
    contexts: tried,
  };
  return doctorReport(all, createFormat(locale), translate);
}

function windowItems({ demo, contexts, gone }: Situation, live: LiveMesh | undefined): readonly Item[] {
  const pinned = demo ? say("the demo mesh") : contexts.length > 0 ? plainText(contexts.join(", ")) : say("nothing");
  return [
    { name: say("Pinned to"), value: pinned },
    { name: say("Connected"), value: live ? say("yes") : say("no") },
    ...gone.map((name): Item => ({ name: say("No longer in the kubeconfig"), value: plainText(name), mark: "no" })),
  ];
}
