import type { EngineHost } from "../../../../src/editor/engine.ts";
import { eventually } from "../../../support/eventually.ts";
import { MemoryStore } from "./memoryStore.ts";
import { QuietLog } from "./quietLog.ts";
import { fake } from "./useFakeVscode.ts";

const { MeshConnection } = await import("../../../../src/editor/connection.ts");
const { StoredState } = await import("../../../../src/editor/storedState.ts");
const { windowStateShape } = await import("../../../../src/editor/windowState.ts");
const { createEngine } = await import("../../../../src/engine.ts");

/** What a window has before anything is chosen in it: the real engine, settings as the manifest has them. */
export function aWindow(over: Partial<EngineHost> = {}) {
  fake.userSettings.clear();
  for (const list of [fake.shown, fake.asked, fake.openInputs, fake.progresses]) list.length = 0;
  fake.answers.pick = undefined;
  fake.answers.input = undefined;
  const log = new QuietLog();
  const store = new MemoryStore();
  const state = new StoredState(store, windowStateShape, log);
  const host = {
    log,
    locale: "en",
    credentials: () => Promise.resolve(undefined),
    mayRun: () => false,
    complain: () => undefined,
    ...over,
  };
  const connection = new MeshConnection(() => Promise.resolve(createEngine(host)), state, log);
  return { log, store, state, connection };
}

export type AWindow = ReturnType<typeof aWindow>;

/** Opens the demo mesh, and waits until its rows are there. */
export async function openDemo({ connection }: AWindow): Promise<void> {
  await connection.pin({ kind: "demo" });
  const view = connection.view();
  await eventually("the demo has rows", () => (connection.live?.tree("services").roots().length ?? 0) > 0);
  view.dispose();
}

/** The pick or box that is open, once it is. */
export async function openInput() {
  await eventually("something is asked", () => fake.openInputs.length > 0);
  const input = fake.openInputs.at(-1);
  if (!input) throw new Error("nothing is asked");
  return input;
}
