import { fill, type Message } from "../mesh/message.ts";
import type { MeshError } from "../mesh/meshError.ts";
import { redact } from "../mesh/redact.ts";
import { printable } from "./displayWidth.ts";

/** Where output goes. Notes and errors go to stderr, so that stdout holds nothing but the answer. */
export interface Terminal {
  readonly isColoured: boolean;
  /** Characters in a line; undefined where stdout is no terminal, and whatever reads it takes lines of any length. */
  readonly columns: number | undefined;
  /** BCP 47, for numbers in tables. */
  readonly locale: string;
  /** Resolves when the text has left; a reader that went away is no error. */
  print(text: string): Promise<void>;
  note(message: Message): void;
  /** The sentence and what to do, after the context it is about, or after "foreyard". */
  fail(error: MeshError, context?: string): void;
}

/** The terminal of this process. `env.NO_COLOR`, whatever its value, turns colours off (no-color.org). */
export function processTerminal({ stdout, stderr, env }: NodeJS.Process): Terminal {
  const line = (text: string) => stderr.write(`${redact(text).split("\n").map(printable).join("\n")}\n`);
  return {
    isColoured: stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : undefined,
    locale: localeOf(env),
    print: (text) =>
      new Promise((resolve) => {
        stdout.write(text, () => resolve());
      }),
    note: (message) => line(fill(message)),
    fail: ({ words, hint }, context) => {
      const sentences = [words, ...(hint ? [hint] : [])].map(asSentence);
      line(`${context ?? "foreyard"}: ${sentences.join(" ")}`);
    },
  };
}

function asSentence(message: Message): string {
  const text = fill(message);
  return /[.!?:]$/.test(text) ? text : `${text}.`;
}

/** From POSIX's variables, "de_AT.UTF-8" giving "de-AT"; English where they say nothing of use. */
function localeOf(env: NodeJS.ProcessEnv): string {
  const posix = env["LC_ALL"] ?? env["LC_NUMERIC"] ?? env["LANG"] ?? "";
  const [tag = ""] = posix.replace("_", "-").split(/[.@]/);
  return /^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(tag) ? tag : "en";
}
