import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fill } from "../../../../src/mesh/message.ts";
import type { MetadataProvider, ResourceRef } from "../../../../src/mesh/metadata/providers.ts";
import {
  answerMillis,
  createMetadataDesk,
  freshMillis,
  knownMillis,
} from "../../../../src/mesh/metadata/metadataDesk.ts";
import { ManualClock, settled } from "../../live/manualClock.ts";

const pod: ResourceRef = {
  clusterUid: "uid-1",
  context: "prod-eu",
  group: "",
  kind: "Pod",
  namespace: "shop",
  name: "reviews-1",
};
const quiet = { debug: () => undefined, info: () => undefined, error: () => undefined };
const never = new AbortController().signal;

function aDesk() {
  const clock = new ManualClock();
  return { clock, desk: createMetadataDesk({ clock, log: quiet }) };
}

function provider(
  id: string,
  provide: MetadataProvider["provide"],
  kinds: readonly string[] = ["Pod"],
): MetadataProvider {
  return { id, kinds, provide };
}

async function failureOf(provide: () => unknown): Promise<string | undefined> {
  const { desk } = aDesk();
  desk.register(provider("cost", provide as MetadataProvider["provide"]));
  const [card] = await desk.cards(pod, never);
  return card?.failure && fill(card.failure);
}

test("cards come in the order of registration, from the providers of the kind that know something", async () => {
  const { desk } = aDesk();
  desk.register(provider("cost", () => ({ summary: "0.12 €/h", data: { team: "shop" } })));
  desk.register(provider("nodes only", () => ({ summary: "never asked", data: {} }), ["Node"]));
  desk.register(provider("owners", () => Promise.resolve({ summary: "shop team", data: {} })));
  desk.register(provider("nothing known", () => undefined));
  const cards = await desk.cards(pod, never);
  assert.deepEqual(
    cards.map(({ providerId, metadata }) => [providerId, metadata?.summary]),
    [
      ["cost", "0.12 €/h"],
      ["owners", "shop team"],
    ],
  );
});

test("a provider that throws is named on its own card, and the others have theirs", async () => {
  const { desk } = aDesk();
  desk.register(
    provider("broken", () => {
      throw new Error("no route to billing");
    }),
  );
  desk.register(provider("cost", () => ({ summary: "0.12 €/h", data: {} })));
  const [broken, cost] = await desk.cards(pod, never);
  assert.equal(broken?.providerId, "broken");
  assert.equal(broken.failure && fill(broken.failure), "It failed: no route to billing");
  assert.equal(cost?.metadata?.summary, "0.12 €/h");
});

test("a provider that hangs is given up after two seconds, and is told so by its signal", async () => {
  const { desk, clock } = aDesk();
  let told: AbortSignal | undefined;
  desk.register(
    provider("slow", (_ref, signal) => {
      told = signal;
      return new Promise(() => undefined);
    }),
  );
  const asked = desk.cards(pod, never);
  await clock.advance(answerMillis - 1);
  assert.equal(told?.aborted, false);
  await clock.advance(1);
  const [card] = await asked;
  assert.equal(card?.failure && fill(card.failure), "It did not answer within 2 s");
  assert.equal(told.aborted, true);
  assert.equal(clock.pending, 0);
});

test("an answer of 10 MB is refused with its size", async () => {
  const failure = await failureOf(() => ({ summary: "x".repeat(10_000_000), data: {} }));
  assert.equal(failure, "Its answer cannot be shown: it is larger than 256 kB");
});

test("10 MB spread over many entries are refused, too", async () => {
  const data = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`entry ${i}`, "x".repeat(100_000)]));
  assert.equal(await failureOf(() => ({ summary: "", data })), "Its answer cannot be shown: it is larger than 256 kB");
});

test("what is no text is refused, so that a card holds nothing but text", async () => {
  const failure = await failureOf(() => ({ summary: "ok", data: { html: { toString: () => "<b>" } } }));
  assert.equal(failure, 'Its answer cannot be shown: "data.html" is no text');
});

test("an entry named __proto__ is an entry like any other", async () => {
  const { desk } = aDesk();
  const data = JSON.parse('{"__proto__": "text"}') as Record<string, string>;
  desk.register(provider("cost", () => ({ summary: "", data })));
  const [card] = await desk.cards(pod, never);
  assert.deepEqual(Object.entries(card?.metadata?.data ?? {}), [["__proto__", "text"]]);
});

test("an error that throws when it is read does no harm", async () => {
  const failure = await failureOf(() => {
    throw Object.defineProperty(new Error(), "message", {
      get: () => {
        throw new Error("again");
      },
    });
  });
  assert.equal(failure, "It failed: ?");
});

test("whatever a provider answers, there is a card or none, and nothing throws", async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }), async (answer) => {
      const { desk } = aDesk();
      desk.register(provider("any", () => answer as never));
      const cards = await desk.cards(pod, never);
      assert.ok(cards.length <= 1);
      for (const { metadata, failure } of cards) assert.ok((metadata === undefined) !== (failure === undefined));
    }),
  );
});

test("one resource is asked about at most every ten seconds", async () => {
  const { desk, clock } = aDesk();
  let asked = 0;
  desk.register(provider("cost", () => ({ summary: String(++asked), data: {} })));
  await desk.cards(pod, never);
  await desk.cards(pod, never);
  assert.equal(asked, 1);
  await clock.advance(freshMillis);
  await desk.cards(pod, never);
  assert.equal(asked, 2);
});

test("what is known is told without asking, and of the same cluster only", async () => {
  const { desk } = aDesk();
  desk.register(provider("cost", () => ({ summary: "0.12 €/h", data: {} })));
  assert.deepEqual(desk.known(pod), []);
  await desk.cards(pod, never);
  assert.deepEqual(
    desk.known(pod).map(({ metadata }) => metadata?.summary),
    ["0.12 €/h"],
  );
  assert.deepEqual(desk.known({ ...pod, clusterUid: "uid-2" }), []);
});

test("what was said ten minutes ago is not known any more, until somebody asks again", async () => {
  const { desk, clock } = aDesk();
  desk.register(provider("cost", () => ({ summary: "too much", data: {}, severity: "error" })));
  await desk.cards(pod, never);
  await clock.advance(knownMillis - 1);
  assert.equal(desk.known(pod).length, 1);
  await clock.advance(1);
  assert.deepEqual(desk.known(pod), []);
  await desk.cards(pod, never);
  assert.equal(desk.known(pod).length, 1);
});

test("what a provider said goes with it", async () => {
  const { desk } = aDesk();
  const registered = desk.register(provider("cost", () => ({ summary: "0.12 €/h", data: {} })));
  await desk.cards(pod, never);
  registered.dispose();
  assert.deepEqual(desk.known(pod), []);
  assert.deepEqual(await desk.cards(pod, never), []);
});

test("surfaces are told when something known is another than before, and not when it is the same", async () => {
  const { desk, clock } = aDesk();
  let summary = "a";
  desk.register(provider("cost", () => ({ summary, data: {} })));
  let told = 0;
  desk.onChange(() => told++);
  await desk.cards(pod, never);
  await clock.advance(freshMillis);
  await desk.cards(pod, never);
  assert.equal(told, 1);
  summary = "b";
  await clock.advance(freshMillis);
  await desk.cards(pod, never);
  assert.equal(told, 2);
});

test("who stops looking gets the reason of their own signal", async () => {
  const { desk } = aDesk();
  desk.register(provider("slow", () => new Promise(() => undefined)));
  const looking = new AbortController();
  const asked = desk.cards(pod, looking.signal);
  await settled();
  looking.abort();
  await assert.rejects(asked, { name: "AbortError" });
});

test("a provider without a function or with a taken id is refused at once", () => {
  const { desk } = aDesk();
  desk.register(provider("cost", () => undefined));
  assert.throws(() => desk.register(provider("cost", () => undefined)), /registered already/);
  assert.throws(() => desk.register({ id: "x", kinds: ["Pod"] } as never), TypeError);
  assert.throws(() => desk.registerTelemetry({ id: "x", kinds: "Pod", charts: () => [] } as never), TypeError);
});

test("a telemetry source's charts are read, with what is no number as a gap", async () => {
  const { desk } = aDesk();
  const series = [{ name: "watts", times: [1000, 2000], values: [4, "much"] }];
  desk.registerTelemetry({
    id: "power",
    kinds: ["Node"],
    charts: () => [{ title: "Power", unit: "W", series }] as never,
  });
  const range = { fromMillis: 0, toMillis: 2000, stepSeconds: 1 };
  const [card] = await desk.charts({ ...pod, kind: "Node" }, range, never);
  assert.deepEqual(card?.charts, [
    { title: "Power", unit: "W", series: [{ name: "watts", times: [1000, 2000], values: [4, NaN] }] },
  ]);
});

test("series whose times and values differ in length are refused", async () => {
  const { desk } = aDesk();
  const charts = () => [{ title: "Power", unit: "W", series: [{ name: "watts", times: [1], values: [] }] }];
  desk.registerTelemetry({ id: "power", kinds: ["Pod"], charts });
  const [card] = await desk.charts(pod, { fromMillis: 0, toMillis: 1, stepSeconds: 1 }, never);
  assert.equal(
    card?.failure && fill(card.failure),
    'Its answer cannot be shown: "times" and "values" differ in length',
  );
});
