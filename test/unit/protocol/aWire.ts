import type { Port, ToHost, ToPage } from "../../../src/protocol/contract.ts";

/** A contract small enough to see through. */
export interface EchoContract {
  readonly requests: {
    echo: { params: { text: string }; result: { text: string } };
    never: { params: Record<string, never>; result: null };
  };
  readonly events: { told: { text: string } };
}

interface End<Out, In> extends Port<Out, In> {
  readonly posted: Out[];
  readonly isHeard: boolean;
}

/** Two ends of one wire; a message arrives in a later turn, as real ones do. */
export class Wire {
  readonly toHost: End<ToHost, ToPage>;
  readonly toPage: End<ToPage, ToHost>;
  readonly #page = new Set<(message: ToPage) => void>();
  readonly #host = new Set<(message: ToHost) => void>();

  constructor() {
    this.toHost = end(this.#page, this.#host);
    this.toPage = end(this.#host, this.#page);
  }

  /** What anybody could send. */
  sendToHost(message: unknown): void {
    for (const handler of this.#host) handler(message as ToHost);
  }

  sendToPage(message: unknown): void {
    for (const handler of this.#page) handler(message as ToPage);
  }
}

function end<Out, In>(own: Set<(message: In) => void>, other: Set<(message: Out) => void>): End<Out, In> {
  const posted: Out[] = [];
  return {
    posted,
    get isHeard() {
      return own.size > 0;
    },
    post(message) {
      posted.push(message);
      queueMicrotask(() => {
        for (const handler of [...other]) handler(message);
      });
    },
    listen(handler) {
      own.add(handler);
      return { dispose: () => own.delete(handler) };
    },
  };
}

/** Lets everything that is on its way arrive. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export function parseText(params: unknown): { text: string } {
  if (typeof params !== "object" || params === null || !("text" in params) || typeof params.text !== "string") {
    throw new Error("no text");
  }
  return { text: params.text };
}
