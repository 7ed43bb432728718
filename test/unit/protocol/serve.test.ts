import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { ToPage } from "../../../src/protocol/contract.ts";
import { serve, type Handlers } from "../../../src/protocol/serve.ts";
import { parseText, settled, Wire, type EchoContract } from "./aWire.ts";

interface Running {
  readonly signal: AbortSignal;
  resolve(): void;
  reject(error: unknown): void;
}

function aServer(over: Partial<Handlers<EchoContract>> = {}) {
  const wire = new Wire();
  const running: Running[] = [];
  const described: unknown[] = [];
  const server = serve<EchoContract>(
    wire.toPage,
    {
      echo: { parse: parseText, run: ({ text }) => Promise.resolve({ text }) },
      never: {
        parse: () => ({}),
        run: (_, signal) =>
          new Promise((resolve, reject) => running.push({ signal, resolve: () => resolve(null), reject })),
      },
      ...over,
    },
    (error) => {
      described.push(error);
      return { kind: MeshError.is(error) ? error.kind : "bug", message: "It failed." };
    },
  );
  return { wire, server, running, described, replies: wire.toPage.posted };
}

function ask(id: number, name: string, params: unknown = {}): unknown {
  return { t: "req", id, name, params };
}

describe("serve", () => {
  it("answers a request with its result, under its number", async () => {
    const { wire, replies } = aServer();
    wire.sendToHost(ask(7, "echo", { text: "reviews" }));
    await settled();
    assert.deepEqual(replies, [{ t: "res", id: 7, ok: true, result: { text: "reviews" } }]);
  });

  it("answers a request that its parser refuses with an error, and does not run it", async () => {
    let runs = 0;
    const { wire, replies } = aServer({
      echo: { parse: parseText, run: ({ text }) => Promise.resolve({ text: text + String(runs++) }) },
    });
    wire.sendToHost(ask(1, "echo", { text: 3 }));
    await settled();
    assert.deepEqual(
      [replies, runs],
      [[{ t: "res", id: 1, ok: false, error: { kind: "bug", message: "It failed." } }], 0],
    );
  });

  for (const name of ["no.such", "constructor", "__proto__", "toString", "hasOwnProperty", ""]) {
    it(`answers the unknown name "${name}" with an error`, async () => {
      const { wire, replies } = aServer();
      wire.sendToHost(ask(1, name));
      await settled();
      assert.deepEqual(replies, [
        { t: "res", id: 1, ok: false, error: { kind: "unsupported", message: "It failed." } },
      ]);
    });
  }

  it("answers with an error where a handler throws before it makes a promise", async () => {
    const { wire, replies } = aServer({
      echo: {
        parse: parseText,
        run: () => {
          throw new MeshError("forbidden", say("No."));
        },
      },
    });
    wire.sendToHost(ask(1, "echo", { text: "" }));
    await settled();
    assert.deepEqual(replies, [{ t: "res", id: 1, ok: false, error: { kind: "forbidden", message: "It failed." } }]);
  });

  it("aborts and answers a cancelled request at once, and says nothing when its handler ends later", async () => {
    const { wire, replies, running } = aServer();
    wire.sendToHost(ask(1, "never"));
    await settled();
    wire.sendToHost({ t: "cancel", id: 1 });
    await settled();
    assert.equal(running[0]?.signal.aborted, true);
    running[0].resolve();
    await settled();
    assert.deepEqual(
      replies.map((reply) => reply.t === "res" && [reply.id, reply.ok, reply.ok || reply.error.kind]),
      [[1, false, "cancelled"]],
    );
  });

  it("does not take an abort for a failure of ours", async () => {
    const { wire, described, running } = aServer();
    wire.sendToHost(ask(1, "never"));
    await settled();
    const abort = new AbortController();
    abort.abort();
    running[0]?.reject(abort.signal.reason);
    await settled();
    assert.deepEqual(described, []);
  });

  it("passes over a cancel for what is not running", async () => {
    const { wire, replies } = aServer();
    wire.sendToHost({ t: "cancel", id: 9 });
    await settled();
    assert.deepEqual(replies, []);
  });

  it("refuses a second request under a number that is in use, and still answers the first", async () => {
    const { wire, replies, running } = aServer();
    wire.sendToHost(ask(1, "never"));
    wire.sendToHost(ask(1, "echo", { text: "again" }));
    await settled();
    running[0]?.resolve();
    await settled();
    assert.deepEqual(
      replies.map((reply) => reply.t === "res" && reply.ok),
      [false, true],
    );
  });

  it("tells nothing before the page's first request, and what happens after it", async () => {
    const { wire, server, replies } = aServer();
    server.emit("told", { text: "early" });
    wire.sendToHost(ask(1, "echo", { text: "" }));
    await settled();
    server.emit("told", { text: "late" });
    assert.deepEqual(
      replies.filter(({ t }) => t === "evt"),
      [{ t: "evt", name: "told", data: { text: "late" } }],
    );
  });

  it("aborts what runs when it is disposed, and sends nothing any more", async () => {
    const { wire, server, replies, running } = aServer();
    wire.sendToHost(ask(1, "never"));
    await settled();
    server.dispose();
    server.emit("told", { text: "gone" });
    wire.sendToHost(ask(2, "echo", { text: "" }));
    running[0]?.resolve();
    await settled();
    assert.deepEqual([running[0]?.signal.aborted, replies, wire.toPage.isHeard], [true, [], false]);
  });

  it("answers with an error where a result cannot be carried", async () => {
    const wire = new Wire();
    const posted: ToPage[] = [];
    serve<EchoContract>(
      {
        listen: (handler) => wire.toPage.listen(handler),
        post: (message) => {
          if (message.t === "res" && message.ok) throw new TypeError("could not be cloned");
          posted.push(message);
        },
      },
      {
        echo: { parse: parseText, run: ({ text }) => Promise.resolve({ text }) },
        never: { parse: () => ({}), run: () => Promise.resolve(null) },
      },
      () => ({ kind: "bug", message: "It failed." }),
    );
    wire.sendToHost(ask(1, "echo", { text: "" }));
    await settled();
    assert.deepEqual(posted, [{ t: "res", id: 1, ok: false, error: { kind: "bug", message: "It failed." } }]);
  });

  it("answers each request once and nothing else, whatever a page sends", async () => {
    const message = fc.oneof(
      fc.anything(),
      fc.record({ t: fc.constantFrom("req", "cancel", "res", "evt"), id: fc.anything(), name: fc.anything() }),
      fc.record({
        t: fc.constantFrom("req", "cancel"),
        id: fc.integer({ min: 0, max: 5 }),
        name: fc.constantFrom("echo", "never", "toString"),
        params: fc.anything(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
        const { wire, server, running, replies } = aServer();
        const asked = new Map<number, number>();
        for (const each of messages) {
          wire.sendToHost(each);
          const { t, id } = (typeof each === "object" ? (each ?? {}) : {}) as { t?: unknown; id?: unknown };
          if (t === "req" && Number.isSafeInteger(id)) asked.set(id as number, (asked.get(id as number) ?? 0) + 1);
        }
        await settled();
        for (const request of running) request.resolve();
        await settled();
        const answered = new Map<number, number>();
        for (const reply of replies) if (reply.t === "res") answered.set(reply.id, (answered.get(reply.id) ?? 0) + 1);
        assert.deepEqual([...answered].sort(), [...asked].sort());
        server.dispose();
      }),
      { numRuns: 300 },
    );
  });
});
