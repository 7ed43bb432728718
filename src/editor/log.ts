import { window, type LogOutputChannel } from "vscode";
import type { Disposable } from "../mesh/disposer.ts";
import type { Log } from "../mesh/ports.ts";
import { redact } from "../mesh/redact.ts";

export interface OutputLog extends Log, Disposable {
  show(): void;
}

const secretNames = /token|password|passwd|secret|authorization|credential|cookie|private|certificate|key-data/i;

/** One line of the log: the event, then its facts as name=value, with secrets left out. */
export function logLine(what: string, facts: Readonly<Record<string, unknown>> = {}): string {
  const fields = Object.entries(facts).map(
    ([name, value]) => `${name}=${secretNames.test(name) ? "***" : plain(value)}`,
  );
  return redact([what, ...fields].join(" ")).replaceAll(/[\r\n]+/g, " ");
}

function plain(value: unknown): string {
  if (typeof value === "string") return value;
  if (value instanceof Error) return value.message;
  return JSON.stringify(value ?? null);
}

/** The Foreyard channel; its level is VS Code's business (`Developer: Set Log Level`), and it never takes the focus. */
export function createOutputLog(
  channel: LogOutputChannel = window.createOutputChannel("Foreyard", { log: true }),
): OutputLog {
  return {
    debug: (what, facts) => channel.debug(logLine(what, facts)),
    info: (what, facts) => channel.info(logLine(what, facts)),
    error: (what, error, facts) => {
      channel.error(logLine(what, { ...facts, error }));
      const stack = error instanceof Error && error.name !== "MeshError" ? error.stack : undefined;
      if (stack) channel.error(redact(stack));
    },
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
}
