import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { fill } from "../../../src/mesh/message.ts";
import { connect, type ConnectOptions } from "../../../src/protocol/connect.ts";
import { serve } from "../../../src/protocol/serve.ts";
import { ManualClock } from "../live/manualClock.ts";
import { parseText, settled, Wire, type EchoContract } from "./aWire.ts";

function aPage(options: ConnectOptions<EchoContract> = {}) {
  const wire = new Wire();
  const clock = new ManualClock();
  const bad: string[] = [];
  const page = connect<EchoContract>(
    wire.toHost,
    { results: { echo: parseText, never: () => null }, events: { told: parseText } },
    {
      after: (milliseconds, callback) => clock.after(milliseconds, callback),
      onBadEvent: (name) => bad.push(name),
      ...options,
    },
  );
  return { wire, clock, page, bad, sent: wire.toHost.posted };
}

function idOf(sent: readonly unknown[], index = 0): number {
  return (sent[index] as { id: number }).id;
}

describe("connect", () => {
  it("sends a request and gives its result, read by the page's reader", async () => {
    const { wire, page, sent } = aPage();
    const asking = page.ask("echo", { text: "a" });
    assert.deepEqual(sent, [{ t: "req", id: idOf(sent), name: "echo", params: { text: "a" } }]);
    wire.sendToPage({ t: "res", id: idOf(sent), ok: true, result: { text: "b", more: 1 } });
    assert.deepEqual(await asking, { text: "b" });
  });

  it("gives the editor's error with its kind, words and hint", async () => {
    const { wire, page, sent } = aPage();
    const asking = page.ask("echo", { text: "a" });
    const error = { kind: "forbidden", message: "Not {0} allowed.", hint: "Ask." };
    wire.sendToPage({ t: "res", id: idOf(sent), ok: false, error });
    await assert.rejects(asking, (e) => {
      assert.ok(MeshError.is(e, "forbidden"));
      assert.deepEqual([e.message, e.hint && fill(e.hint)], ["Not {0} allowed.", "Ask."]);
      return true;
    });
  });

  it("says that an answer cannot be read where its reader throws", async () => {
    const { wire, page, sent } = aPage();
    const asking = page.ask("echo", { text: "a" });
    wire.sendToPage({ t: "res", id: idOf(sent), ok: true, result: { text: 1 } });
    await assert.rejects(asking, (e) => MeshError.is(e, "bad-data"));
  });

  it("gives up after 30 seconds, and cancels at the editor", async () => {
    const { clock, page, sent } = aPage();
    const asking = assert.rejects(page.ask("never", {}), (e) => MeshError.is(e, "timeout"));
    await clock.advance(29_999);
    assert.equal(sent.length, 1);
    await clock.advance(1);
    await asking;
    assert.deepEqual(sent[1], { t: "cancel", id: idOf(sent) });
  });

  it("waits without a limit for what waits for a person", async () => {
    const { wire, clock, page, sent } = aPage({ patient: new Set(["never" as const]) });
    const asking = page.ask("never", {});
    await clock.advance(3_600_000);
    wire.sendToPage({ t: "res", id: idOf(sent), ok: true, result: null });
    assert.equal(await asking, null);
  });

  it("rejects with the caller's reason and cancels when the caller leaves", async () => {
    const { page, sent } = aPage();
    const abort = new AbortController();
    const asking = page.ask("never", {}, abort.signal);
    abort.abort();
    await assert.rejects(asking, { name: "AbortError" });
    assert.deepEqual(sent[1], { t: "cancel", id: idOf(sent) });
  });

  it("sends nothing for a caller who has left already", async () => {
    const { page, sent } = aPage();
    await assert.rejects(page.ask("never", {}, AbortSignal.abort()), { name: "AbortError" });
    assert.deepEqual(sent, []);
  });

  it("passes over an answer that nobody waits for", async () => {
    const { wire, page, sent } = aPage();
    const abort = new AbortController();
    const asking = page.ask("echo", { text: "a" }, abort.signal);
    abort.abort();
    wire.sendToPage({ t: "res", id: idOf(sent), ok: true, result: { text: "late" } });
    await assert.rejects(asking, { name: "AbortError" });
  });

  it("begins with other numbers in each document, so that answers to an earlier one are nobody's", async () => {
    const [first, second] = [aPage(), aPage()];
    void first.page.ask("never", {});
    void second.page.ask("never", {});
    await settled();
    assert.notEqual(idOf(first.sent), idOf(second.sent));
  });

  it("tells events to all their listeners until they leave", () => {
    const { wire, page } = aPage();
    const heard: string[] = [];
    const first = page.on("told", ({ text }) => heard.push(`1 ${text}`));
    page.on("told", ({ text }) => heard.push(`2 ${text}`));
    wire.sendToPage({ t: "evt", name: "told", data: { text: "a" } });
    first.dispose();
    wire.sendToPage({ t: "evt", name: "told", data: { text: "b" } });
    assert.deepEqual(heard, ["1 a", "2 a", "2 b"]);
  });

  it("tells of an event that cannot be read, and of none that it does not know", () => {
    const { wire, page, bad } = aPage();
    page.on("told", () => undefined);
    wire.sendToPage({ t: "evt", name: "told", data: 5 });
    wire.sendToPage({ t: "evt", name: "constructor", data: {} });
    assert.deepEqual(bad, ["told"]);
  });

  it("rejects what is pending when it is disposed, cancels it, and hears nothing more", async () => {
    const { wire, page, sent } = aPage();
    const asking = page.ask("never", {});
    page.dispose();
    await assert.rejects(asking, { name: "AbortError" });
    assert.deepEqual(sent[1], { t: "cancel", id: idOf(sent) });
    assert.equal(wire.toHost.isHeard, false);
    await assert.rejects(page.ask("never", {}), { name: "AbortError" });
  });

  it("leaves no timer behind when an answer came", async () => {
    const { wire, clock, page, sent } = aPage();
    const asking = page.ask("echo", { text: "a" });
    wire.sendToPage({ t: "res", id: idOf(sent), ok: true, result: { text: "b" } });
    await asking;
    await clock.advance(60_000);
    assert.equal(sent.length, 1);
  });

  it("survives whatever the editor's frame posts, and still gets its answer", async () => {
    const message = fc.oneof(
      fc.anything(),
      fc.record({
        t: fc.constantFrom("res", "evt"),
        id: fc.integer(),
        ok: fc.anything(),
        name: fc.anything(),
        data: fc.anything(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 20 }), async (messages) => {
        const { wire, page, sent } = aPage();
        page.on("told", () => undefined);
        const asking = page.ask("echo", { text: "a" });
        const mine = idOf(sent);
        for (const each of messages) if ((each as { id?: unknown } | null)?.id !== mine) wire.sendToPage(each);
        wire.sendToPage({ t: "res", id: mine, ok: true, result: { text: "b" } });
        assert.deepEqual(await asking, { text: "b" });
      }),
      { numRuns: 300 },
    );
  });
});

describe("serve and connect together", () => {
  it("bring any text there and back, many at a time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: "binary" }), { maxLength: 30 }), async (texts) => {
        const { wire, page } = aPage();
        const server = serve<EchoContract>(
          wire.toPage,
          {
            echo: {
              parse: parseText,
              run: async ({ text }) => {
                if (text.length % 2 === 0) await settled();
                return { text };
              },
            },
            never: { parse: () => ({}), run: () => Promise.resolve(null) },
          },
          () => ({ kind: "bug", message: "It failed." }),
        );
        const back = await Promise.all(texts.map((text) => page.ask("echo", { text })));
        assert.deepEqual(
          back.map(({ text }) => text),
          texts,
        );
        server.dispose();
      }),
      { numRuns: 50 },
    );
  });
});
