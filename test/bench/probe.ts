import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { FromProbe, ToProbe } from "./probeMessages.ts";

const probeFile = fileURLToPath(new URL("./explorerProbe.ts", import.meta.url));

/** A process of its own with the live mesh in it, so that its heap and processor time are nobody else's. */
export class Probe {
  readonly #child: ChildProcess;
  readonly #held: FromProbe[] = [];
  #wake: (() => void) | undefined;
  #failure: Error | undefined;

  constructor(kubeconfig: string, services: number, chosen: readonly string[]) {
    this.#child = fork(probeFile, [kubeconfig, ...chosen], {
      execArgv: ["--expose-gc"],
      env: { ...process.env, FOREYARD_BENCH_SERVICES: String(services) },
    });
    this.#child.on("message", (message: FromProbe) => {
      this.#held.push(message);
      this.#wake?.();
    });
    this.#child.once("exit", (code) => {
      this.#failure = new Error(`the measured process ended with ${code}`);
      this.#wake?.();
    });
  }

  tell(message: ToProbe): void {
    this.#child.send(message);
  }

  /** The next message of this type; others before it are dropped. */
  async expect<T extends FromProbe["type"]>(type: T): Promise<Extract<FromProbe, { type: T }>> {
    for (;;) {
      for (let next = this.#held.shift(); next; next = this.#held.shift()) {
        if (next.type === type) return next as Extract<FromProbe, { type: T }>;
      }
      if (this.#failure) throw this.#failure;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.tell({ type: "end" });
    await ended;
  }
}
