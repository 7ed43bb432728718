import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { canI } from "../../../src/sources/kubernetes/http/failures.ts";
import { Gate } from "../../../src/sources/kubernetes/http/gate.ts";
import { jsonLines } from "../../../src/sources/kubernetes/http/jsonLines.ts";
import { Mailbox } from "../../../src/sources/kubernetes/reading/mailbox.ts";

const { signal } = new AbortController();

async function all<T>(things: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const thing of things) found.push(thing);
  return found;
}

async function* inPieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Buffer> {
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    yield await Promise.resolve(bytes.subarray(start, end));
    start = end;
  }
}

describe("lines of JSON", () => {
  it("come out as they went in, however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), fc.array(fc.nat(), { maxLength: 20 }), async (values, cuts) => {
        const text = values.map((value) => `${JSON.stringify(value)}\n`).join("");
        const read = await all(jsonLines(inPieces(Buffer.from(text), cuts), 1_000_000));
        assert.deepEqual(read, JSON.parse(JSON.stringify(values)));
      }),
    );
  });

  it("without an end are dropped, longer ones than allowed and others than JSON are refused", async () => {
    const read = (text: string) => all(jsonLines(inPieces(Buffer.from(text), [3]), 10));
    assert.deepEqual(await read('1\n{"half'), [1]);
    await assert.rejects(read("12345678901\n"), { name: "BadLine" });
    await assert.rejects(read("12345678901"), { name: "BadLine" });
    await assert.rejects(read("<html>\n"), { name: "BadLine" });
  });
});

describe("a gate", () => {
  it("lets who waits in by turns, and forgets who gave up", async () => {
    const gate = new Gate(1);
    const leave = await gate.enter(signal);
    const order: number[] = [];
    const stop = new AbortController();
    const waiting = [signal, stop.signal, signal].map(async (mine, i) => {
      const out = await gate.enter(mine);
      order.push(i);
      out();
    });
    stop.abort();
    leave();
    leave();
    const ends = await Promise.allSettled(waiting);
    assert.deepEqual(
      ends.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(order, [0, 2]);
    assert.ok(gate.tryEnter());
    assert.equal(gate.tryEnter(), undefined);
  });
});

describe("a mailbox", () => {
  it("makes writers wait for the reader", async () => {
    const mail = new Mailbox<number>(1);
    const put: number[] = [];
    const writing = (async () => {
      for (let i = 0; i < 5; i++) {
        await mail.put(i);
        put.push(i);
      }
      mail.end();
    })();
    await Promise.resolve();
    await Promise.resolve();
    assert.deepEqual(put, [0]);
    assert.deepEqual(await all(mail), [0, 1, 2, 3, 4]);
    await writing;
  });

  it("gives what is held before the error", async () => {
    const mail = new Mailbox<number>(9);
    await mail.put(1);
    mail.fail(new RangeError("over"));
    const read: number[] = [];
    await assert.rejects(async () => {
      for await (const one of mail) read.push(one);
    }, RangeError);
    assert.deepEqual(read, [1]);
  });

  it("lets writers go when the reader has left", async () => {
    const mail = new Mailbox<number>(0);
    const writing = mail.put(1);
    mail.close();
    await writing;
    await mail.put(2);
    assert.deepEqual(await all(mail), []);
  });
});

describe("the kubectl line that asks for a right", () => {
  it("quotes what a shell would read otherwise", () => {
    fc.assert(
      fc.property(fc.string(), (context) => {
        const line = canI({ verb: "list", resource: "pods", namespace: "shop" }, context);
        const [, word = ""] = /--context ([^]*)$/.exec(line) ?? [];
        const isPlain = /^[\w@%+=:,./-]+$/.test(word);
        assert.equal(isPlain ? word : word.slice(1, -1).replaceAll(String.raw`'\''`, "'"), context);
        assert.ok(isPlain || /^'[^]*'$/.test(word));
      }),
    );
  });
});
